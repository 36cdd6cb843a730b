//! Ties the bridge to the state: intents go in, actions come out and are reduced.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use yew::prelude::*;

use crate::app::Shared;
use crate::bridge::{Bridge, Intent};

/// How to want something of the engine. The same callback for the life of the page.
#[hook]
pub fn use_bridge(state: &UseReducerHandle<Shared>) -> Callback<Intent> {
    let dispatcher = state.dispatcher();
    let performer = use_memo((), |()| Performer { bridge: RefCell::default(), dispatcher });
    use_callback((), move |intent: Intent, ()| performer.perform(intent))
}

struct Performer {
    bridge: RefCell<Bridge>,
    dispatcher: UseReducerDispatcher<Shared>,
}

impl Performer {
    fn perform(self: &Rc<Self>, intent: Intent) {
        // A browser never calls back into a running call; where it did, the second would be dropped, not panic.
        let Ok(mut bridge) = self.bridge.try_borrow_mut() else { return };
        let actions = bridge.perform(intent);
        let more = bridge.is_waiting();
        drop(bridge);
        for action in actions {
            self.dispatcher.dispatch(action);
        }
        if more {
            self.go_on();
        }
    }

    /// Lets the page draw, then runs the next portion of waiting lines.
    fn go_on(self: &Rc<Self>) {
        let this = self.clone();
        Timeout::new(0, move || {
            let still = this.bridge.try_borrow().is_ok_and(|bridge| bridge.is_waiting());
            if still {
                this.perform(Intent::Continue);
            }
        })
        .forget();
    }
}
