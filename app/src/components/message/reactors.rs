//! Who reacted to a message, by name, in a dialog.

use client::Row;
use leptos::prelude::*;
use protocol::{Content, Reaction};

use super::chips::name_them;
use crate::components::actions::Actions;
use crate::components::polls::voters::person;
use crate::i18n::texts;

/// Each emoji with those who reacted with it, followed while it is open.
pub(in crate::components) fn reactors(actions: Actions, row: Memo<Option<Row>>) -> impl IntoView {
    let a = texts().about();
    let reactions = Memo::new(move |_| {
        row.with(|row| {
            let row = row.as_ref();
            row.map_or_else(Vec::new, |row| row.marks.reactions.clone())
        })
    });
    name_them(actions, reactions);
    let is_gone = Memo::new(move |_| row.with(|row| is_gone(row.as_ref())));
    move || {
        reactions.with(|reactions| {
            if is_gone.get() {
                view! { <p class="form-hint">{a.message_gone}</p> }.into_any()
            } else if reactions.is_empty() {
                view! { <p class="form-hint">{a.nobody_reacted}</p> }.into_any()
            } else {
                let each = reactions.iter();
                each.map(|reaction| section(actions, reaction))
                    .collect_view()
                    .into_any()
            }
        })
    }
}

fn is_gone(row: Option<&Row>) -> bool {
    row.is_none_or(|row| matches!(row.content, Content::Deleted | Content::Dismissed))
}

fn section(actions: Actions, reaction: &Reaction) -> impl IntoView + use<> {
    let Reaction { emoji, users } = reaction;
    let title = format!("{} {}", emoji.as_str(), users.len());
    let people = users.iter().map(|user| person(actions, *user));
    view! {
        <section data-testid="reactors">
            <h3>{title}</h3>
            <ul>{people.collect_view()}</ul>
        </section>
    }
}
