//! A `HyperLogLog`: its 16,384 registers, how it keeps them, what it estimates, and a trial that shows how far off that is.
//!
//! Nobody can tell from the registers how many different elements there really were. So the trial lets one more see
//! elements that the page makes, all different, by PFADD in the terminal. Their true number is only told while the
//! registers are exactly those which these elements leave.

use playground_engine::picture::{Inside, RegistersPicture};
use playground_engine::value::hyperloglog::{REGISTERS, Registers as Made};
use yew::prelude::*;

use super::PictureProps;
use super::command::{self, Slot};
use super::edit::{Form, Verb, run_button};
use super::scene::Scene;
use crate::bridge::Intent;
use crate::format;
use crate::state::Action;
use crate::state::inspect::{InspectAction, Turn};

/// The standard error of an estimate: 1.04 / √16384.
const ERROR: f64 = 0.008_125;
/// Registers that share a column of the picture, and the highest value that a hash can give.
const COLUMN: usize = 64;
const HIGHEST: usize = 51;
/// The key of the trial, and the elements of one command.
const TRIAL: &str = "hll:trial";
const AT_ONCE: u32 = 100;

#[component(Registers)]
pub fn registers(PictureProps { scene, picture }: &PictureProps) -> Html {
    let Inside::String(string) = &picture.inside else { return Html::default() };
    let made = use_memo(scene.glance.trial, |trial| trial.map(after));
    let Some(found) = &string.registers else { return Html::default() };
    if found.values.is_empty() {
        return html! { <p class="ins-note">{ "The registers are corrupted: something other than PFADD wrote to the string. PFCOUNT refuses it." }</p> };
    }
    let kept = if found.dense {
        format!("Dense: six bits for each of {} registers, 12 KB.", format::count(REGISTERS))
    } else {
        "Sparse: runs of equal registers, as long as that is shorter.".to_owned()
    };
    let cached = if found.cached { "kept in the header" } else { "to be reckoned by the next PFCOUNT" };
    let off = found.estimate.max(0) as f64 * ERROR;
    let add = Verb { word: "PFADD", slots: vec!["PFADD".into(), (&*scene.key).into(), Slot::Field(0)] };
    html! {
        <>
            <p class="ins-hll__estimate"><b>{ format::count(usize::try_from(found.estimate).unwrap_or(0)) }</b>{ " different elements, estimated" }</p>
            <p class="ins-note">{ format!("Standard error 0.81 %: {} The estimate is {cached}.", error_words(off)) }</p>
            { plot(found) }
            <p class="ins-note">{ kept }</p>
            <Form scene={scene.clone()} fields={vec!["Element"]} verbs={vec![add]} />
            { run_button(scene, command::line([&b"PFCOUNT"[..], &scene.key])) }
            { trial(scene, found, made.as_ref().as_ref()) }
        </>
    }
}

/// How far off an estimate is, by one standard error of it.
fn error_words(off: f64) -> String {
    let (often, nearly_always) = (off.ceil() as usize, (3.0 * off).ceil() as usize);
    if often == nearly_always {
        return format!("nearly always the true number is within ± {}.", format::count(often));
    }
    format!(
        "in two of three cases the true number is within ± {}, nearly always within ± {}.",
        format::count(often),
        format::count(nearly_always)
    )
}

/// The registers in their order, each column the highest of 64, and how often each value occurs.
fn plot(found: &RegistersPicture) -> Html {
    let most_seen = found.values.iter().copied().max().unwrap_or(0).max(1);
    let columns = found.values.chunks(COLUMN).map(|column| column.iter().copied().max().unwrap_or(0));
    let bar = |width: f64, at: usize, share: f64| {
        let height = share.clamp(0.0, 1.0) * 60.0;
        format!("M{:.2} 60v{:.2}h{:.2}v{:.2}z", at as f64 * width, -height, width * 0.85, height)
    };
    let shape: String = columns
        .enumerate()
        .map(|(at, value)| bar(2.0, at, f64::from(value) / f64::from(most_seen)))
        .collect();
    let mut counts = [0_usize; HIGHEST + 1];
    for value in &found.values {
        if let Some(count) = counts.get_mut(usize::from(*value)) {
            *count += 1;
        }
    }
    let most = counts.iter().copied().max().unwrap_or(0).max(1) as f64;
    let width = 512.0 / counts.len() as f64;
    let values: String =
        counts.iter().enumerate().map(|(at, count)| bar(width, at, *count as f64 / most)).collect();
    let zeros = counts.first().copied().unwrap_or(0);
    let taken = REGISTERS - zeros.min(REGISTERS);
    let highest = counts.iter().rposition(|count| *count > 0).unwrap_or(0);
    let said = format!(
        "{} of {} registers have seen something; the highest value is {highest}.",
        format::count(taken),
        format::count(REGISTERS)
    );
    html! {
        <div class="ins-hll">
            <figure>
                <figcaption class="ins-note">{ said.clone() }{ " Each column is the highest of 64." }</figcaption>
                <svg class="ins-hll__plot" viewBox="0 0 512 60" preserveAspectRatio="none" role="img" aria-label={said}><path d={shape} /></svg>
            </figure>
            <figure>
                <figcaption class="ins-note">{ format!("How many registers have each value, from 0 to {HIGHEST}") }</figcaption>
                <svg class="ins-hll__plot" viewBox="0 0 512 60" preserveAspectRatio="none" role="img"
                    aria-label={format!("{} registers are still 0", format::count(zeros))}><path d={values} /></svg>
            </figure>
        </div>
    }
}

fn element(number: u32) -> String {
    format!("made:{number}")
}

/// The registers that so many made elements leave.
fn after(elements: u32) -> Made {
    let mut registers = Made::default();
    (1..=elements).for_each(|number| registers.see(element(number).as_bytes()));
    registers
}

/// The lines that let a new one see so many made elements.
fn lines(elements: u32) -> Vec<String> {
    let mut lines = vec![format!("DEL {TRIAL}")];
    let mut from = 1;
    while from <= elements {
        let to = elements.min(from + AT_ONCE - 1);
        let words: Vec<_> = (from..=to).map(element).collect();
        lines.push(format!("PFADD {TRIAL} {}", words.join(" ")));
        from = to + 1;
    }
    lines.push(format!("PFCOUNT {TRIAL}"));
    lines
}

fn trial(scene: &Scene, found: &RegistersPicture, made: Option<&Made>) -> Html {
    let offer = |elements: u32| {
        let scene = scene.clone();
        let click = Callback::from(move |_: MouseEvent| {
            let key: std::rc::Rc<[u8]> = TRIAL.as_bytes().into();
            let turn = Turn::Trial(elements);
            scene.dispatch.emit(Action::Inspect(InspectAction { key: key.clone(), turn }));
            scene.bridge.emit(Intent::Run(lines(elements)));
            scene.bridge.emit(Intent::Select(Some(key)));
        });
        html! { <button type="button" class="button" onclick={click}>{ format!("Add {} elements", format::count(elements as usize)) }</button> }
    };
    let verdict = scene.glance.trial.zip(made).map(|(elements, made)| verdict(elements, made, found));
    html! {
        <section class="ins-trial">
            <h4 class="ins-trial__name">{ "How far off is it?" }</h4>
            if let Some(verdict) = verdict {
                <p class="ins-trial__verdict" role="status">{ verdict }</p>
            } else {
                <p class="ins-note">{ "The registers do not tell the true number. A trial does: a new key, hll:trial, sees elements that are all different." }</p>
            }
            <div class="ins-form">{ offer(1_000) }{ offer(10_000) }{ offer(50_000) }</div>
        </section>
    }
}

fn verdict(elements: u32, made: &Made, found: &RegistersPicture) -> String {
    let count = format::count(elements as usize);
    if made.values() != found.values {
        return format!(
            "These are not the registers that {count} made elements leave: some are still to come, or others came too."
        );
    }
    let error = (found.estimate as f64 / f64::from(elements.max(1)) - 1.0) * 100.0;
    format!(
        "True number: {count}. Estimate: {}. Error: {error:+.2} %.",
        format::count(usize::try_from(found.estimate).unwrap_or(0))
    )
}

#[cfg(test)]
mod tests {
    use playground_engine::picture::Lens;
    use playground_engine::{Engine, Options, parse};

    use super::*;

    #[test]
    fn the_error_is_said_once_where_once_is_enough() {
        assert_eq!(error_words(0.08), "nearly always the true number is within ± 1.");
        let two = "in two of three cases the true number is within ± 9, nearly always within ± 25.";
        assert_eq!(error_words(8.125), two);
    }

    #[test]
    fn the_trial_tells_the_truth_and_only_then() {
        let mut engine = Engine::new(Options::default());
        let session = engine.connect();
        let mut run = |line: &str| {
            engine.execute(session, parse::split_line(line.as_bytes()).expect("a line"));
            let picture = engine.look(0, TRIAL.as_bytes(), &Lens::default())?;
            let Inside::String(string) = picture.inside else { return None };
            string.registers
        };
        let made = after(1_234);
        let all = lines(1_234);
        let (last, before) = all[..all.len() - 1].split_last().expect("lines");
        let part = before.iter().filter_map(|line| run(line)).last().expect("a HyperLogLog");
        assert!(verdict(1_234, &made, &part).contains("still to come"));
        let found = run(last).expect("a HyperLogLog");
        let error = (found.estimate as f64 / 1_234.0 - 1.0) * 100.0;
        assert!(verdict(1_234, &made, &found).contains(&format!("Error: {error:+.2} %")), "{error}");
        let found = run("PFADD hll:trial a b c d e f g h i j k l m n o p q r s t u v w x y z")
            .expect("a HyperLogLog");
        assert!(verdict(1_234, &made, &found).contains("others came too"));
    }
}
