//! The same for several client libraries, behind tabs. Which library is shown is one choice for all such blocks.

use playground_scenarios::snippet::{Client, Snippet};
use yew::prelude::*;

use super::icon::Icon;
use crate::hooks::{browser, files};
use crate::state::Action;
use crate::state::lessons::LessonsAction;

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub snippets: Vec<Snippet>,
    /// The library that the reader chose last.
    pub chosen: Client,
    /// Tells the blocks of a step apart.
    pub number: usize,
    pub dispatch: Callback<Action>,
}

#[component(ClientCode)]
pub fn client_code(props: &Props) -> Html {
    let said = use_state(|| None::<bool>);
    let Some(shown) = shown(&props.snippets, props.chosen) else { return Html::default() };
    let id = |kind: &str, client: Client| format!("{kind}-{}-{}", props.number, client.name());
    let copy = {
        let (text, said) = (shown.text.clone(), said.clone());
        Callback::from(move |_: MouseEvent| {
            let said = said.clone();
            files::copy(text.clone(), Callback::from(move |copied: bool| said.set(Some(copied))));
        })
    };
    let client = shown.client;
    {
        // What was said of the code of one library says nothing of another's.
        let said = said.clone();
        use_effect_with(client, move |_| said.set(None));
    }
    html! {
        <div class="clients">
            <div class="clients__head">
                <div class="clients__tabs" role="tablist" aria-label="Client library" onkeydown={walk(props, client)}>
                    { for props.snippets.iter().map(|snippet| {
                        let one = snippet.client;
                        let choose = props.dispatch.reform(move |_: MouseEvent| Action::Lessons(LessonsAction::Client(one)));
                        html! {
                            <button class="clients__tab" role="tab" id={id("code-tab", one)} onclick={choose}
                                aria-selected={(one == client).to_string()} aria-controls={id("code", one)}
                                tabindex={if one == client { "0" } else { "-1" }}>{ name(one) }</button>
                        }
                    }) }
                </div>
                <button class="button button--quiet button--icon clients__copy" onclick={copy} title="Copy the code" aria-label="Copy the code">
                    { if *said == Some(true) { Icon::Check } else { Icon::Copy }.draw() }
                </button>
            </div>
            <p class={if *said == Some(false) { "clients__said" } else { "hidden" }} role="status">
                { match *said {
                    None => "",
                    Some(true) => "Copied.",
                    Some(false) => "The browser does not allow copying: select the code and copy it by hand.",
                } }
            </p>
            { for props.snippets.iter().map(|snippet| html! {
                <pre class="clients__code" role="tabpanel" id={id("code", snippet.client)} tabindex="0"
                    aria-labelledby={id("code-tab", snippet.client)} hidden={snippet.client != client}>
                    <code>{ snippet.text.trim_end() }</code>
                </pre>
            }) }
        </div>
    }
}

/// The code for the library that was chosen, or for the first where there is none.
fn shown(snippets: &[Snippet], chosen: Client) -> Option<&Snippet> {
    snippets.iter().find(|snippet| snippet.client == chosen).or_else(|| snippets.first())
}

/// As the libraries call themselves.
fn name(client: Client) -> &'static str {
    match client {
        Client::Jedis => "Jedis",
        other => other.name(),
    }
}

/// Arrow keys choose the tab beside, round and round.
fn walk(props: &Props, shown: Client) -> Callback<KeyboardEvent> {
    let clients: Vec<Client> = props.snippets.iter().map(|snippet| snippet.client).collect();
    let (number, dispatch) = (props.number, props.dispatch.clone());
    Callback::from(move |event: KeyboardEvent| {
        if let Some(to) = target(&event.key(), &clients, shown) {
            event.prevent_default();
            dispatch.emit(Action::Lessons(LessonsAction::Client(to)));
            browser::focus(&format!("code-tab-{number}-{}", to.name()));
        }
    })
}

fn target(key: &str, clients: &[Client], shown: Client) -> Option<Client> {
    let (at, count) = (clients.iter().position(|client| *client == shown)?, clients.len());
    let to = match key {
        "ArrowRight" => (at + 1) % count,
        "ArrowLeft" => (at + count - 1) % count,
        "Home" => 0,
        "End" => count - 1,
        _ => return None,
    };
    clients.get(to).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_chosen_is_shown_where_it_is_there() {
        let one = |client| Snippet { client, text: String::new() };
        let snippets = [one(Client::Jedis), one(Client::RedisRs)];
        assert_eq!(shown(&snippets, Client::RedisRs).map(|shown| shown.client), Some(Client::RedisRs));
        assert_eq!(shown(&snippets, Client::GoRedis).map(|shown| shown.client), Some(Client::Jedis));
        assert_eq!(shown(&[], Client::GoRedis), None);
        let clients = [Client::Jedis, Client::RedisRs];
        assert_eq!(target("ArrowRight", &clients, Client::RedisRs), Some(Client::Jedis));
        assert_eq!(target("ArrowLeft", &clients, Client::Jedis), Some(Client::RedisRs));
        assert_eq!(target("ArrowLeft", &clients, Client::GoRedis), None);
    }
}
