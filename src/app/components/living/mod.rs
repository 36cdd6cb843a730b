//! Steps that live: simulated clients with sliders and charts, and races whose moves the reader makes.

pub mod chart;
pub mod race;
pub mod slider;
pub mod workload;

use std::rc::Rc;

use yew::prelude::*;

use crate::components::coloured;
use crate::highlight;

/// A program's text, without what all its lines are set in by.
pub fn set_out(text: &str) -> Vec<&str> {
    let lines = || text.lines().filter(|line| !line.trim().is_empty());
    let indent = lines().map(|line| line.len() - line.trim_start().len()).min().unwrap_or(0);
    text.lines().map(|line| line.get(indent..).unwrap_or_default()).collect()
}

/// A line of Lua with its colours.
pub fn lua(line: &str) -> Html {
    coloured::coloured(line, &highlight::lua(line))
}

/// What went wrong.
pub fn fault(fault: Option<&Rc<str>>) -> Html {
    fault.map_or_else(
        Html::default,
        |fault| html! { <p class="living__fault" role="alert">{ fault.to_string() }</p> },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_stand_at_the_margin() {
        assert_eq!(set_out("  if x then\n    y()\n\n  end"), ["if x then", "  y()", "", "end"]);
        assert!(set_out("").is_empty());
    }
}
