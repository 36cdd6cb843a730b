//! The page's icons: 16 by 16, one stroke, the colour of the text beside them.

use yew::prelude::*;

/// Which icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    Play,
    Pause,
    Skip,
    Step,
    Clock,
    Check,
    Cross,
    Book,
    List,
    Prompt,
    Eye,
    Sun,
    Moon,
    Next,
    Back,
    Chevron,
    Key,
    Alert,
    Hourglass,
    History,
    Script,
    Keyboard,
    Plus,
    Search,
    Beside,
    Funnel,
    Rising,
    Falling,
    Share,
    Download,
    Copy,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Self::Play => "M5 3.2v9.6l7.5-4.8z",
            Self::Pause => "M5.5 3.5v9M10.5 3.5v9",
            Self::Skip => "M3.5 3.5v9l6.5-4.5zM12.5 3.5v9",
            Self::Step => "M2.5 8h8M7.5 4.5 11 8l-3.5 3.5M13.5 3.5v9",
            Self::Clock => "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM8 4.8V8l2.2 1.6",
            Self::Check => "M3 8.5 6.5 12 13 4.5",
            Self::Cross => "M4 4l8 8M12 4l-8 8",
            Self::Book => {
                "M8 4.2C6.5 3 4.5 2.8 2.5 3v9.5c2-.2 4 0 5.5 1.2 1.5-1.2 3.5-1.4 5.5-1.2V3c-2-.2-4 0-5.5 1.2zM8 4.2v9.5"
            }
            Self::List => "M2.5 4h.1M2.5 8h.1M2.5 12h.1M5.5 4h8M5.5 8h8M5.5 12h8",
            Self::Prompt => "M3 4.5 6.5 8 3 11.5M8.5 12H13",
            Self::Eye => {
                "M1.5 8C3 5 5.3 3.5 8 3.5S13 5 14.5 8C13 11 10.7 12.5 8 12.5S3 11 1.5 8zM8 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4z"
            }
            Self::Sun => {
                "M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6zM8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9"
            }
            Self::Moon => "M13 9.8A5.6 5.6 0 0 1 6.2 3a5.6 5.6 0 1 0 6.8 6.8z",
            Self::Next => "M3 8h9.5M9 4.5 12.5 8 9 11.5",
            Self::Back => "M13 8H3.5M7 4.5 3.5 8 7 11.5",
            Self::Chevron => "M4.5 6.5 8 10l3.5-3.5",
            Self::Key => "M10.5 2.5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM8.3 7.7 3 13M4.8 11.2l1.7 1.7",
            Self::Alert => "M8 2.5 14 13H2zM8 6.5v3M8 11.2v.1",
            Self::Script => "M3.5 2.5h6l3 3v8h-9zM9.5 2.5v3h3M5.8 8.5h4.4M5.8 11h3",
            Self::Keyboard => "M1.5 4h13v8h-13zM4 6.8h.1M6.7 6.8h.1M9.3 6.8h.1M12 6.8h.1M5 9.5h6",
            Self::History => "M2.8 5.2A6 6 0 1 1 2 8M2.5 2.5v3h3M8 5v3.2l2.2 1.3",
            Self::Search => "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.3 10.3l3.2 3.2",
            Self::Plus => "M8 3.5v9M3.5 8h9",
            Self::Beside => "M2.5 3.5h11v9h-11zM8 3.5v9",
            Self::Funnel => "M2.5 3.5h11L9.5 8.5v4l-3 1.5V8.5z",
            Self::Rising => "M8 13V3M4.5 6.5 8 3l3.5 3.5",
            Self::Falling => "M8 3v10M4.5 9.5 8 13l3.5-3.5",
            Self::Share => "M8 10V2.5M5 5.2 8 2.5l3 2.7M3 9v4.5h10V9",
            Self::Download => "M8 2.5V10M5 7.3 8 10l3-2.7M3 10.5v3h10v-3",
            Self::Copy => "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
            Self::Hourglass => "M4 2.5h8M4 13.5h8M5 2.5c0 3 6 4.5 6 8v3M11 2.5c0 3-6 4.5-6 8v3",
        }
    }

    pub fn draw(self) -> Html {
        html! {
            <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
                <path d={self.path()} />
            </svg>
        }
    }
}
