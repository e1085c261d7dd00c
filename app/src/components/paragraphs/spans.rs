//! What stands within a line.

use leptos::prelude::*;
use markup::{Inline, Mention, Style, Target};

use super::Writer;
use crate::i18n::texts;

impl Writer {
    /// The parts of a line.
    pub(super) fn spans(&self, inlines: Vec<Inline>) -> AnyView {
        let spans = inlines.into_iter().map(|inline| self.span(inline));
        spans.collect_view().into_any()
    }

    fn span(&self, inline: Inline) -> AnyView {
        match inline {
            Inline::Text(text) => text.into_any(),
            Inline::Code(code) => view! { <code dir="ltr">{code}</code> }.into_any(),
            Inline::Styled(style, inside) => {
                let inside = self.spans(inside);
                match style {
                    Style::Bold => view! { <strong>{inside}</strong> }.into_any(),
                    Style::Italic => view! { <em>{inside}</em> }.into_any(),
                    Style::Strike => view! { <s>{inside}</s> }.into_any(),
                    Style::Spoiler => self.spoiler(inside),
                }
            }
            Inline::Link { url, label } => self.link(url, label),
            Inline::Mention(mention) => self.mention(mention),
        }
    }

    /// A button cannot stand in a link: where a part of a label is hidden, all of it is.
    fn link(&self, url: String, mut label: Vec<Inline>) -> AnyView {
        let hides = uncover(&mut label);
        let is_address = matches!(label.as_slice(), [Inline::Text(text)] if *text == url);
        let dir = if is_address { "ltr" } else { "auto" };
        let label = self.spans(label);
        let link = view! {
            <a href=url dir=dir target="_blank" rel="noopener noreferrer nofollow">
                {label}
            </a>
        }
        .into_any();
        if hides { self.spoiler(link) } else { link }
    }

    fn mention(&self, mention: Mention) -> AnyView {
        let class = match &mention.target {
            Target::All if !self.in_group => "",
            Target::User(name) if self.me.as_ref() != Some(name) => "mention",
            Target::All | Target::User(_) => "mention mention-me",
        };
        view! {
            <bdi class=class dir="ltr">
                {mention.text}
            </bdi>
        }
        .into_any()
    }

    /// Hidden by the style sheet until it is asked for, also from screen readers. Without script
    /// the style sheet shows it to whoever puts the focus on the button.
    fn spoiler(&self, inside: AnyView) -> AnyView {
        let a = texts().actions();
        let shown = RwSignal::new(false);
        view! {
            <span class="spoiler">
                <button
                    type="button"
                    tabindex=self.tabindex()
                    aria-expanded=move || shown.get().to_string()
                    on:click=move |_| shown.update(|shown| *shown = !*shown)
                >
                    {a.hidden_text}
                </button>
                <span dir="auto">{inside}</span>
            </span>
        }
        .into_any()
    }
}

/// Puts what hidden parts hide in their place. Whether there were any.
fn uncover(inlines: &mut Vec<Inline>) -> bool {
    let mut any = false;
    for inline in std::mem::take(inlines) {
        match inline {
            Inline::Styled(Style::Spoiler, mut inside) => {
                any = true;
                uncover(&mut inside);
                inlines.append(&mut inside);
            }
            Inline::Styled(style, mut inside) => {
                any |= uncover(&mut inside);
                inlines.push(Inline::Styled(style, inside));
            }
            other => inlines.push(other),
        }
    }
    any
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_label_hides_is_found_at_any_depth() {
        let text = |text: &str| Inline::Text(text.to_owned());
        let hidden = Inline::Styled(Style::Spoiler, vec![text("b")]);
        let mut label = vec![text("a"), Inline::Styled(Style::Bold, vec![hidden])];
        assert!(uncover(&mut label));
        let bold = Inline::Styled(Style::Bold, vec![text("b")]);
        assert_eq!(label, [text("a"), bold]);
        assert!(!uncover(&mut label));
    }
}
