//! One set of icons: outlines on a 20-pixel grid, 1.75 wide.

use leptos::prelude::*;

/// An icon.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Glyph {
    /// To the screen before; points against the direction of reading.
    Back,
    /// Something new.
    Plus,
    /// Settings.
    Gear,
    /// Find.
    Search,
    /// Send; points in the direction of reading.
    Send,
    /// Over at a time.
    Timer,
    /// Waiting.
    Clock,
    /// Done.
    Tick,
    /// Something is wrong.
    Alert,
    /// Downwards.
    Down,
    /// Show what is hidden.
    Eye,
    /// Hide again.
    EyeOff,
    /// Write for oneself.
    Note,
    /// Seen by the other one.
    Ticks,
    /// A feeling.
    Smile,
    /// Answer; points to what is answered.
    Reply,
    /// Send on; points to others.
    Forward,
    /// Copy.
    Copy,
    /// Take in hand.
    Select,
    /// How many chose what.
    Poll,
    /// Keep in sight.
    Pin,
    /// Delete.
    Bin,
    /// Away with it.
    Close,
    /// More that can be done.
    More,
    /// Several people.
    People,
    /// What is known about it.
    Info,
    /// Silent.
    Muted,
    /// Heard.
    Bell,
    /// Dear.
    Star,
    /// Put away.
    Archive,
    /// Kept together.
    Folder,
    /// To be looked at again.
    Mark,
    /// Go somewhere.
    GoTo,
    /// An address.
    Link,
    /// Kept out.
    Barred,
    /// Kept to be looked at again.
    Saved,
    /// Bold.
    Bold,
    /// Slanted.
    Italic,
    /// Struck.
    Strike,
    /// As a machine writes it.
    Code,
    /// One below the other; begins where lines begin.
    List,
    /// What somebody else said; begins where lines begin.
    Quote,
}

impl Glyph {
    const fn path(self) -> &'static str {
        match self {
            Self::Back => "M12 4.5 6.5 10l5.5 5.5",
            Self::Plus => "M10 4v12M4 10h12",
            Self::Gear => {
                "M3 5.5h6M13 5.5h4M3 10h2M9 10h8M3 14.5h8M15 14.5h2M11 3.5v4M7 8v4M13 12.5v4"
            }
            Self::Search => {
                "M8.75 14a5.25 5.25 0 1 0 0-10.5 5.25 5.25 0 0 0 0 10.5ZM12.5 12.5 17 17"
            }
            Self::Send => "M3.5 10h12M10.5 4.5 16 10l-5.5 5.5",
            Self::Timer => "M7 3h6M10 18a6 6 0 1 0 0-12 6 6 0 0 0 0 12ZM10 9v3l2 1.5",
            Self::Clock => "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM10 6v4l2.5 2",
            Self::Tick => "m4 10.5 4 4 8-9",
            Self::Alert => "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM10 6.25v4.5M10 13.5v.25",
            Self::Down => "M10 4v12M4.5 10.5 10 16l5.5-5.5",
            Self::Eye => {
                "M2 10s3-5.5 8-5.5S18 10 18 10s-3 5.5-8 5.5S2 10 2 10ZM10 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z"
            }
            Self::EyeOff => "M2 10s3-5.5 8-5.5S18 10 18 10s-3 5.5-8 5.5S2 10 2 10ZM3.5 16.5l13-13",
            Self::Ticks => "m1.5 10.5 4 4 8-9M9.5 13.5l1 1 8-9",
            Self::Smile => {
                "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM7.5 8.25v.25M12.5 8.25v.25M7 11.75c1.5 2 4.5 2 6 0"
            }
            Self::Reply => "M8 5 3.5 9.5 8 14M4 9.5h7c3.5 0 5.5 2 5.5 6",
            Self::Forward => "M12 5l4.5 4.5L12 14M16 9.5H9c-3.5 0-5.5 2-5.5 6",
            Self::Copy => "M7.5 7.5h9v9h-9ZM12.5 7.5v-4h-9v9h4",
            Self::Select => "M8 3.5h4M10 3.5v13M8 16.5h4M4 7H2.5v6H4M16 7h1.5v6H16",
            Self::Pin => "M7 3.5h6M8 3.5v5L5.5 12h9L12 8.5v-5M10 12v5",
            Self::Bin => "M3.5 5.5h13M8 5.5v-2h4v2M5.5 5.5l.75 11h7.5l.75-11M8.5 8.5v5M11.5 8.5v5",
            Self::Note => "M4 16l.75-3.5L13.5 3.75l2.75 2.75-8.75 8.75L4 16ZM11.5 5.75l2.75 2.75",
            Self::Close => "M5 5l10 10M15 5 5 15",
            Self::More => "M5 10h.01M10 10h.01M15 10h.01",
            Self::People => {
                "M7.5 9.5a2.75 2.75 0 1 0 0-5.5 2.75 2.75 0 0 0 0 5.5ZM2 16.5c0-2.75 2.25-4.5 5.5-4.5s5.5 1.75 5.5 4.5M13 4.25a2.75 2.75 0 0 1 0 5M14.5 12.25c2.25.5 3.5 2.1 3.5 4.25"
            }
            Self::Muted => {
                "M6 8a4 4 0 0 1 7-2.6M14 9.5c0 2.5.5 3.5 1.5 4.5H7M8.5 16.5h3M3.5 16.5l13-13"
            }
            Self::Bell => {
                "M4.5 14C5.5 13 6 12 6 9.5V8a4 4 0 0 1 8 0v1.5c0 2.5.5 3.5 1.5 4.5ZM8.5 16.5h3"
            }
            Self::Star => {
                "m10 3 2.1 4.4 4.9.6-3.6 3.3.95 4.8L10 13.75 5.65 16.1l.95-4.8L3 8l4.9-.6Z"
            }
            Self::Poll => "M4.5 16.5v-5M10 16.5v-13M15.5 16.5v-8",
            Self::Archive => "M3.5 4.5h13v3h-13ZM4.5 7.5v8h11v-8M8 10.5h4",
            Self::Folder => "M3 15.5v-11h5l1.75 2H17v9Z",
            Self::Mark => {
                "M3.5 5h8M3.5 10h13M3.5 15h13M16 6.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3Z"
            }
            Self::Saved => "M5.5 3.5h9V17L10 13.25 5.5 17V3.5Z",
            Self::GoTo => "M3.5 10h9M9 6l4 4-4 4M16.5 4v12",
            Self::Barred => "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM5.05 5.05l9.9 9.9",
            Self::Link => {
                "M8.5 11.5l3-3M9 6.5l2-2a3.2 3.2 0 0 1 4.5 4.5l-2 2M11 13.5l-2 2A3.2 3.2 0 0 1 4.5 11l2-2"
            }
            Self::Bold => "M6 4h5a3 3 0 0 1 0 6H6ZM6 10h5.5a3 3 0 0 1 0 6H6Z",
            Self::Italic => "M9 4h6M5 16h6M12 4 8 16",
            Self::Strike => {
                "M3.5 10h13M13.75 6.5C13.25 5 12 4 10 4 7.75 4 6 5.25 6 7c0 1.5 1 2.25 2.5 3M6.25 13.5C6.75 15 8 16 10 16c2.25 0 4-1.25 4-3"
            }
            Self::Code => "M7 6l-4 4 4 4M13 6l4 4-4 4",
            Self::List => "M8 5h8.5M8 10h8.5M8 15h8.5M4 5h.01M4 10h.01M4 15h.01",
            Self::Quote => "M4.5 4v12M8.5 6h8M8.5 10h8M8.5 14h5",
            Self::Info => "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM10 9v4.5M10 6.5v.25",
        }
    }

    const fn is_directed(self) -> bool {
        matches!(
            self,
            Self::Back
                | Self::Send
                | Self::Reply
                | Self::GoTo
                | Self::Forward
                | Self::List
                | Self::Quote
        )
    }
}

/// How large.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum IconSize {
    /// For buttons.
    #[default]
    Normal,
    /// Within a line of small text.
    Small,
}

/// An icon, hidden from screen readers: the button or text beside it has the name.
#[component]
pub fn Icon(
    /// Which.
    glyph: Glyph,
    /// How large.
    #[prop(optional)]
    size: IconSize,
) -> impl IntoView {
    let class = match (glyph.is_directed(), size) {
        (false, IconSize::Normal) => "icon",
        (false, IconSize::Small) => "icon icon-small",
        (true, IconSize::Normal) => "icon icon-directed",
        (true, IconSize::Small) => "icon icon-small icon-directed",
    };
    view! {
        <svg class=class viewBox="0 0 20 20" aria-hidden="true">
            <path d=glyph.path()></path>
        </svg>
    }
}
