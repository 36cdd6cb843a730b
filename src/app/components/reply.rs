//! An answer, in the form that the reader chose: as redis-cli prints it, as a table, as JSON, as the bytes on the wire.

use std::rc::Rc;

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::format;
use crate::hooks::browser;
use crate::reply_views::{self, ReplyView, Table};
use crate::state::Action;
use crate::state::assist::AssistAction;
use crate::state::sessions::TabId;
use crate::state::terminal::{Entry, Kept};

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub tab: TabId,
    pub entry: Rc<Entry>,
    /// Its form can be chosen at once. A list of choices at each of hundreds of answers would cost too much.
    pub near: bool,
    /// The reader comes near with the keyboard.
    pub approach: Callback<()>,
    pub dispatch: Callback<Action>,
}

#[component(Reply)]
pub fn reply(props: &Props) -> Html {
    let Props { tab, entry, dispatch, .. } = props;
    let (tab, id) = (*tab, entry.id);
    let expand = dispatch.reform(move |_: MouseEvent| Action::Expand(tab, id));
    let drawn = use_memo((entry.view, entry.reply.clone(), entry.expanded), |_| drawn(entry));
    let more = match &*drawn {
        Drawn::Cli => entry.is_cut().then(|| format::counted(entry.hidden_lines, "line", "lines")),
        Drawn::Text { hidden, .. } => hidden.map(|lines| format::counted(lines, "line", "lines")),
        Drawn::Table(table) => {
            let hidden = table.total.saturating_sub(table.rows.len());
            (hidden > 0).then(|| format::counted(hidden, "row", "rows"))
        }
    };
    html! {
        <>
            if let Some(kept) = &entry.reply { { if props.near { switch(props, kept) } else { ajar(props) } } }
            { match &*drawn {
                Drawn::Cli => html! {
                    <pre class={classes!("exchange__answer", entry.is_error.then_some("exchange__answer--error"))}>
                        { entry.shown_output().to_owned() }
                    </pre>
                },
                Drawn::Text { text, .. } => html! { <pre class="exchange__answer" data-view={entry.view.token()}>{ text }</pre> },
                Drawn::Table(table) => rows(table),
            } }
            if let Some(left) = more {
                <button class="button exchange__more" onclick={expand}>{ format!("Show more: {left} left") }</button>
            }
        </>
    }
}

/// What is on the screen.
enum Drawn {
    /// What the log has.
    Cli,
    /// With how many lines are left out, if any.
    Text {
        text: String,
        hidden: Option<usize>,
    },
    Table(Table),
}

fn drawn(entry: &Entry) -> Drawn {
    let Some(Kept { reply, protocol }) = entry.reply.as_ref().filter(|kept| entry.view.suits(&kept.reply))
    else {
        return Drawn::Cli;
    };
    let text = match entry.view {
        ReplyView::Cli => return Drawn::Cli,
        ReplyView::Table => {
            return reply_views::table(reply, entry.rows_shown()).map_or(Drawn::Cli, Drawn::Table);
        }
        ReplyView::Json => reply_views::json(reply, *protocol, &|text| js_sys::JSON::parse(text).is_ok()),
        ReplyView::Resp => reply_views::wire(reply, *protocol),
    };
    let (end, hidden) = entry.head_of(&text);
    let hidden = (end < text.len()).then_some(hidden);
    Drawn::Text { text: text.get(..end).unwrap_or(&text).to_owned(), hidden }
}

fn rows(table: &Table) -> Html {
    html! {
        <div class="answer-table" tabindex="0" role="group" aria-label="Answer as a table">
            <table>
                <thead><tr>{ for table.head.iter().map(|name| html! { <th scope="col">{ name }</th> }) }</tr></thead>
                <tbody>
                    { for table.rows.iter().map(|row| html! {
                        <tr>{ for row.iter().map(|cell| html! { <td>{ cell }</td> }) }</tr>
                    }) }
                </tbody>
            </table>
        </div>
    }
}

/// Chooses the form of this answer, or of this and all to come.
/// In the place of the choices, until somebody comes near.
fn ajar(props: &Props) -> Html {
    let approach = props.approach.reform(|_: MouseEvent| ());
    html! {
        <button class="exchange__view exchange__ajar" onclick={approach} aria-label="Show the answer as" title="Show the answer as">
            { props.entry.view.label() }
        </button>
    }
}

fn switch(props: &Props, kept: &Kept) -> Html {
    let (tab, id, dispatch) = (props.tab, props.entry.id, props.dispatch.clone());
    let offered = || ReplyView::ALL.into_iter().filter(|view| view.suits(&kept.reply));
    let shown = offered().find(|view| *view == props.entry.view).unwrap_or_default();
    let onchange = Callback::from(move |event: Event| {
        let Some(select) = browser::target::<HtmlSelectElement>(&event) else { return };
        let value = select.value();
        let (always, token) = value.strip_prefix("all-").map_or((false, &*value), |token| (true, token));
        if let Some(view) = ReplyView::from_token(token) {
            select.set_value(token);
            dispatch.emit(Action::Assist(AssistAction::ShowAs { tab, id, view, always }));
        }
    });
    let options = |prefix: &'static str| {
        offered().map(move |view| html! {
            <option value={format!("{prefix}{}", view.token())} selected={prefix.is_empty() && view == shown}>
                { view.label() }
            </option>
        })
    };
    html! {
        <select class="exchange__view" id={format!("as-{}-{id}", tab.0)} aria-label="Show the answer as" title="Show the answer as" {onchange}>
            <optgroup label="This answer">{ for options("") }</optgroup>
            <optgroup label="All new answers, too">{ for options("all-") }</optgroup>
        </select>
    }
}
