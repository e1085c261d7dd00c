//! Who else is writing, in a place of fixed height.

use leptos::prelude::*;

use crate::i18n::{Texts, fill, texts};
use crate::live::{ConversationView, Live};

/// The line above the composer. It is seen and not spoken: it comes and goes too often.
#[component]
pub fn TypingLine(
    /// Of which conversation.
    view: ConversationView,
    /// Everything live.
    live: Live,
) -> impl IntoView {
    let t = texts();
    let typing = view.typing;
    let text = Memo::new(move |_| {
        // Whoever is not known yet is named as soon as they are.
        let names: Vec<String> =
            typing.with(|users| users.iter().filter_map(|user| live.name(*user)).collect());
        sentence(t, &names)
    });
    view! {
        <p class="typing" data-testid="typing">
            {move || {
                text.get()
                    .map(|text| {
                        view! {
                            <span class="typing-dots" aria-hidden="true">
                                <span class="nuqta nuqta-full"></span>
                                <span class="nuqta nuqta-full"></span>
                                <span class="nuqta nuqta-full"></span>
                            </span>
                            <span>{text}</span>
                        }
                    })
            }}
        </p>
    }
}

fn sentence(t: &Texts, names: &[String]) -> Option<String> {
    match names {
        [] => None,
        [a] => Some(fill(t.typing_one, &[("a", a)])),
        [a, b] => Some(fill(t.typing_two, &[("a", a), ("b", b)])),
        [a, b, c] => Some(fill(t.typing_three, &[("a", a), ("b", b), ("c", c)])),
        _ => Some(t.typing_many.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Locale;

    #[test]
    fn up_to_three_are_named() {
        let t = Locale::En.texts();
        let names = ["Ana", "Bo", "Cy", "Di"].map(str::to_owned);
        let says = |count| sentence(t, names.get(..count).unwrap_or_default());
        assert_eq!(says(0), None);
        assert_eq!(says(1).as_deref(), Some("Ana is typing"));
        assert_eq!(says(2).as_deref(), Some("Ana and Bo are typing"));
        assert_eq!(says(3).as_deref(), Some("Ana, Bo and Cy are typing"));
        assert_eq!(says(4).as_deref(), Some("Several people are typing"));
    }
}
