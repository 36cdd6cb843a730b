//! The page: mounts the root component. What a command does is the engine's business, never this crate's.

use yew::prelude::*;

/// The root of the page.
#[component(App)]
fn app() -> Html {
    html! { <main><h1>{ "Redis playground" }</h1></main> }
}

fn main() {
    yew::Renderer::<App>::new().render();
}
