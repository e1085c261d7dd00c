//! Fenced code, with its colours and a way to copy it.

use leptos::prelude::*;
use markup::{Class, highlight};

use super::Writer;
use crate::components::actions::clipboard;
use crate::i18n::texts;
use crate::ui::{Glyph, Icon, IconSize};

impl Writer {
    /// Code scrolls inside of itself, so it can have the focus.
    pub(super) fn code(&self, language: Option<String>, code: String) -> AnyView {
        let a = texts().actions();
        let spoken = self.spoken;
        let name = language.as_deref().unwrap_or_default();
        let spans = highlight(name, &code).into_iter().map(|span| {
            let text = span.text.to_owned();
            match class(span.class) {
                Some(class) => view! { <span class=class>{text}</span> }.into_any(),
                None => text.into_any(),
            }
        });
        let spans = spans.collect_view();
        let copy = move |_| clipboard::write(&code, move || spoken.tell(a.copied));
        view! {
            <div class="code" dir="ltr">
                <pre tabindex="0">
                    <code>{spans}</code>
                </pre>
                <span>{language}</span>
                <button
                    type="button"
                    class="icon-button"
                    tabindex=self.tabindex()
                    aria-label=a.copy_code
                    title=a.copy_code
                    on:click=copy
                >
                    <Icon glyph=Glyph::Copy size=IconSize::Small />
                </button>
            </div>
        }
        .into_any()
    }
}

const fn class(class: Class) -> Option<&'static str> {
    match class {
        Class::Plain => None,
        Class::Keyword => Some("code-word"),
        Class::String => Some("code-string"),
        Class::Comment => Some("code-comment"),
        Class::Number => Some("code-number"),
    }
}
