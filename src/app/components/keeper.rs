//! What the page has to say of keeping work: that it is being done again, that it cannot be kept, that it can be taken back.

use std::rc::Rc;

use yew::prelude::*;

use super::icon::Icon;
use crate::bridge::{Intent, SaveIntent};
use crate::format;
use crate::state::Action;
use crate::state::save::{File, Kept, Redoing, SaveAction, SaveState};

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub save: Rc<SaveState>,
    pub bridge: Callback<Intent>,
    pub dispatch: Callback<Action>,
}

#[component(Keeper)]
pub fn keeper(props: &Props) -> Html {
    let read = use_state(Kept::default);
    let save = &props.save;
    let want = |intent: SaveIntent| props.bridge.reform(move |_: MouseEvent| Intent::Save(intent.clone()));
    let tell = |action: SaveAction| props.dispatch.reform(move |_: MouseEvent| Action::Save(action.clone()));
    let keep = {
        let (bridge, dispatch) = (props.bridge.clone(), props.dispatch.clone());
        Callback::from(move |_: MouseEvent| {
            bridge.emit(Intent::Save(SaveIntent::NotStored));
            dispatch.emit(Action::Save(SaveAction::Kept(Kept::Keeping)));
        })
    };
    let close = {
        let (read, kept) = (read.clone(), save.kept.clone());
        Callback::from(move |_: MouseEvent| read.set(kept.clone()))
    };
    let data = want(SaveIntent::DataFile);
    let button = |text: &'static str, onclick: Callback<MouseEvent>| html! { <button class="button" {onclick}>{ text }</button> };
    let kept = if *read == save.kept {
        Html::default()
    } else {
        match &save.kept {
            Kept::Looking | Kept::Keeping => Html::default(),
            Kept::Elsewhere => notice(
                "status",
                "Another tab of this page keeps its work now; this one's is not kept any more.",
                html! {
                    <>{ button("Keep this one's", keep) }{ closing(close) }</>
                },
            ),
            Kept::Blocked(reason) => notice(
                "status",
                &format!(
                    "This browser keeps nothing for this page ({reason}): a reload starts \
                empty. Private windows do so. What you do can be taken along as a file."
                ),
                html! {
                    <>{ button("Download", want(SaveIntent::RecordFile)) }{ closing(close) }</>
                },
            ),
            Kept::Full => notice(
                "alert",
                "The browser has no more room for this page, so your work is not kept. Make room, or take it along as a file.",
                html! {
                    <>{ button("Try again", keep) }{ button("Download", want(SaveIntent::RecordFile)) }{ closing(close) }</>
                },
            ),
            Kept::TooMuch => notice(
                "status",
                "Too much was done to keep all of it: from here on a reload starts empty. Download the data, \
                or the commands that are remembered.",
                html! {
                    <>{ button("Data", data) }{ button("Commands", want(SaveIntent::TypedFile)) }{ closing(close) }</>
                },
            ),
            Kept::Unreadable { reason, text } => {
                let file = File { name: "redis-playground-damaged.txt", text: text.clone() };
                notice(
                    "alert",
                    &format!(
                        "Your work from before could not be opened. {reason} It is left as it is, and nothing new is \
                    kept, until you go on without it."
                    ),
                    html! {
                        <>
                            { button("Download what there is", tell(SaveAction::File(Rc::new(file)))) }
                            { button("Go on without it", keep) }
                        </>
                    },
                )
            }
        }
    };
    html! {
        <div class="keeper">
            { kept }
            if let Some(reason) = &save.refused {
                { notice("alert", reason, closing(tell(SaveAction::Refused(None)))) }
            }
            if let Some(Redoing { done, of, stopped }) = save.restoring {
                { notice("status", &progress(done, of, stopped), html! {
                    <>
                        <progress max={of.to_string()} value={done.to_string()} aria-label="Inputs done again" />
                        if stopped {
                            { button("Go on", want(SaveIntent::GoOn)) }
                            { button("Download all", want(SaveIntent::RecordFile)) }
                            { button("Stay here", want(SaveIntent::Stay)) }
                        } else {
                            { button("Stop", want(SaveIntent::Stop)) }
                        }
                    </>
                }) }
            } else if save.previous && !save.dismissed {
                { notice("status", "The work before this one is still here.", html! {
                    <>{ button("Take it back", want(SaveIntent::TakeBack)) }{ closing(tell(SaveAction::Dismissed)) }</>
                }) }
            }
        </div>
    }
}

fn progress(done: usize, of: usize, stopped: bool) -> String {
    if !stopped {
        return "Your work is being done again.".to_owned();
    }
    let (done, of) = (format::count(done), format::count(of));
    format!(
        "Stopped after {done} of {of} inputs. Nothing is lost: go on, take all of it along as a file, or stay here \
        without the rest."
    )
}

fn notice(role: &'static str, text: &str, buttons: Html) -> Html {
    html! {
        <div class="keeper__notice" {role}>
            <p>{ text.to_owned() }</p>
            <div class="keeper__buttons">{ buttons }</div>
        </div>
    }
}

fn closing(onclick: Callback<MouseEvent>) -> Html {
    html! {
        <button class="button button--quiet button--icon" {onclick} aria-label="Close this message" title="Close this message">
            { Icon::Cross.draw() }
        </button>
    }
}
