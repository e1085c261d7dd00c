//! How a person wants the interface: language, theme, size of text, what of the list is seen. They live in cookies, so
//! that the server renders the first paint right, without a script and without a flash.

use client::Filter;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::api::cookies;
use crate::i18n::Locale;

/// Light, dark, or as the device says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Theme {
    /// As the device says.
    #[default]
    Auto,
    /// Morning: warm paper.
    Subah,
    /// Night: dark ink.
    Raat,
}

impl Theme {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Subah, Self::Raat];

    /// The value in the cookie and of `data-theme`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Subah => "subah",
            Self::Raat => "raat",
        }
    }

    /// The value of `data-theme`; without one the device decides.
    #[must_use]
    pub fn attribute(self) -> Option<&'static str> {
        (self != Self::Auto).then_some(self.code())
    }

    /// The inverse of [`Self::code`].
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.code() == code)
    }
}

/// Sizes of message text on offer, in CSS pixels at the browser's usual 16.
pub const TEXT_SIZES: core::ops::RangeInclusive<u8> = 12..=20;
/// The size without a choice.
pub const DEFAULT_TEXT_SIZE: u8 = 15;

/// What the code of a folder begins with; its id follows.
const FOLDER: &str = "folder-";

/// The value of a filter in the cookie and of `data-filter`.
#[must_use]
pub fn filter_code(filter: Filter) -> String {
    let code = match filter {
        Filter::All => "all",
        Filter::Unread => "unread",
        Filter::Groups => "groups",
        Filter::Archived => "archived",
        Filter::Requests => "requests",
        Filter::Folder(folder) => return format!("{FOLDER}{folder}"),
    };
    code.to_owned()
}

/// The inverse of [`filter_code`].
#[must_use]
pub fn filter_from(code: &str) -> Option<Filter> {
    if let Some(folder) = code.strip_prefix(FOLDER) {
        return folder.parse().ok().map(Filter::Folder);
    }
    let mut all = Filter::ALL.into_iter();
    all.find(|filter| filter_code(*filter) == code)
}

/// The choices themselves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Chosen {
    /// The language.
    pub locale: Locale,
    /// The theme.
    pub theme: Theme,
    /// The size of message text.
    pub text_size: u8,
    /// What of the conversation list is seen.
    pub filter: Filter,
}

impl Chosen {
    /// What a request asks for: its cookies, and for the language also `Accept-Language`.
    #[must_use]
    pub fn from_headers(cookie: &str, accept_language: &str) -> Self {
        let value = |name| cookies::read(cookie, name);
        Self {
            locale: value(cookies::LOCALE)
                .and_then(Locale::from_tag)
                .or_else(|| Locale::from_accept_language(accept_language))
                .unwrap_or_default(),
            theme: value(cookies::THEME)
                .and_then(Theme::from_code)
                .unwrap_or_default(),
            text_size: parse_size(value(cookies::TEXT_SIZE)),
            filter: value(cookies::FILTER)
                .and_then(filter_from)
                .unwrap_or_default(),
        }
    }

    /// On the server what the request asks for, in a browser what the server wrote into the
    /// page, so that both render the same.
    #[must_use]
    pub fn current() -> Self {
        let header = |parts: &http::request::Parts, name| {
            parts
                .headers
                .get_all(name)
                .into_iter()
                .filter_map(|value| value.to_str().ok())
                .collect::<Vec<_>>()
                .join("; ")
        };
        match use_context::<http::request::Parts>() {
            Some(parts) => Self::from_headers(
                &header(&parts, http::header::COOKIE),
                &header(&parts, http::header::ACCEPT_LANGUAGE),
            ),
            None if is_server() => Self::from_headers("", ""),
            None => Self::from_document(),
        }
    }

    fn from_document() -> Self {
        let attribute = |name| {
            document()
                .document_element()
                .and_then(|html| html.get_attribute(name))
                .unwrap_or_default()
        };
        Self {
            locale: Locale::from_tag(&attribute("lang")).unwrap_or_default(),
            theme: Theme::from_code(&attribute("data-theme")).unwrap_or_default(),
            text_size: parse_size(Some(&attribute("data-size"))),
            filter: filter_from(&attribute("data-filter")).unwrap_or_default(),
        }
    }
}

fn parse_size(text: Option<&str>) -> u8 {
    text.and_then(|text| text.parse().ok())
        .filter(|size| TEXT_SIZES.contains(size))
        .unwrap_or(DEFAULT_TEXT_SIZE)
}

/// The choices as signals, in the context of the whole application.
#[derive(Clone, Copy)]
pub struct Preferences {
    /// The language. Views are made anew when it changes.
    pub locale: RwSignal<Locale>,
    /// The theme.
    pub theme: RwSignal<Theme>,
    /// The size of message text.
    pub text_size: RwSignal<u8>,
    /// What of the conversation list is seen.
    pub filter: RwSignal<Filter>,
}

impl Preferences {
    /// Makes the signals and puts them into the context.
    pub fn provide() -> Self {
        let chosen = Chosen::current();
        let preferences = Self {
            locale: RwSignal::new(chosen.locale),
            theme: RwSignal::new(chosen.theme),
            text_size: RwSignal::new(chosen.text_size),
            filter: RwSignal::new(chosen.filter),
        };
        provide_context(preferences);
        preferences
    }

    /// From the context.
    #[must_use]
    pub fn current() -> Self {
        use_context().unwrap_or_else(Self::provide)
    }

    /// Changes the language at once and remembers it.
    pub fn set_locale(&self, locale: Locale) {
        set_attribute("lang", Some(locale.code()));
        set_attribute("dir", Some(locale.dir()));
        remember(cookies::LOCALE, locale.code());
        self.locale.set(locale);
    }

    /// Changes the theme at once and remembers it.
    pub fn set_theme(&self, theme: Theme) {
        set_attribute("data-theme", theme.attribute());
        remember(cookies::THEME, theme.code());
        self.theme.set(theme);
    }

    /// Changes at once what of the list is seen and remembers it.
    pub fn set_filter(&self, filter: Filter) {
        let code = filter_code(filter);
        set_attribute("data-filter", Some(&code));
        remember(cookies::FILTER, &code);
        self.filter.set(filter);
    }

    /// Changes the size of text at once and remembers it.
    pub fn set_text_size(&self, size: u8) {
        let size = parse_size(Some(&size.to_string()));
        set_attribute("data-size", Some(&size.to_string()));
        remember(cookies::TEXT_SIZE, &size.to_string());
        self.text_size.set(size);
    }
}

fn set_attribute(name: &str, value: Option<&str>) {
    if let Some(html) = document().document_element() {
        // Neither can fail for these names, and a theme that stays is no reason to stop.
        let _ = match value {
            Some(value) => html.set_attribute(name, value),
            None => html.remove_attribute(name),
        };
    }
}

fn remember(name: &str, value: &str) {
    let secure = window()
        .location()
        .protocol()
        .is_ok_and(|protocol| protocol == "https:");
    if let Ok(document) = document().dyn_into::<web_sys::HtmlDocument>() {
        // A browser without cookies forgets the choice with the page, as it was told to.
        let _ = document.set_cookie(&cookies::preference(name, value, secure));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_come_before_the_header() {
        let chosen = Chosen::from_headers(
            "bc_locale=ur; bc_theme=raat; bc_size=18; bc_filter=groups",
            "hi",
        );
        assert_eq!(
            chosen,
            Chosen {
                locale: Locale::Ur,
                theme: Theme::Raat,
                text_size: 18,
                filter: Filter::Groups,
            }
        );
    }

    #[test]
    fn a_filter_comes_back_from_its_code() {
        let folder = Filter::Folder(protocol::FolderId::from_bytes([7; 16]));
        for filter in Filter::ALL.into_iter().chain([folder]) {
            assert_eq!(filter_from(&filter_code(filter)), Some(filter));
        }
        for nonsense in ["folder-", "folder-x", "folder", "ALL", ""] {
            assert_eq!(filter_from(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn nonsense_is_ignored() {
        let chosen = Chosen::from_headers(
            "bc_locale=xx; bc_theme=<b>; bc_size=400; bc_filter=x",
            "hi;q=0.4",
        );
        assert_eq!(
            chosen,
            Chosen {
                locale: Locale::Hi,
                theme: Theme::Auto,
                text_size: DEFAULT_TEXT_SIZE,
                filter: Filter::All,
            }
        );
    }
}
