//! How long the messages of a conversation stay that are written from now on.

use leptos::html::Dialog;
use leptos::prelude::*;
use protocol::permission::{Action, permit};
use protocol::{ConversationId, ConversationSummary, Intent, Lifespan, UserId};

use super::Organising;
use crate::components::actions::sheet::close;
use crate::components::requests::not_before_answer;
use crate::i18n::{Texts, fill, texts};
use crate::live::ConversationView;
use crate::pages::group::desk::told;
use crate::ui::{Glyph, Icon, IconSize};

const RULE_ID: &str = "stay-rule";
const HINT_ID: &str = "stay-hint";

/// The choice. Whoever may not choose sees what is chosen, and why they may not.
#[component]
pub fn Stays(
    /// Of which conversation.
    id: ConversationId,
    /// What is done with it.
    organising: Organising,
    /// The dialog that it is in, closed when something is chosen.
    node: NodeRef<Dialog>,
) -> impl IntoView {
    let t = organising.t;
    let d = t.disappearing();
    let live = organising.live;
    let summary = live.conversation(id).summary.get_untracked();
    let rule = summary.as_ref().and_then(|it| rule(it, live.me(), t));
    let now = summary.and_then(|it| it.lifespan);
    let is_off = rule.is_some();
    let described = match &rule {
        Some(_) => format!("{RULE_ID} {HINT_ID}"),
        None => HINT_ID.to_owned(),
    };
    let choose = move |lifespan| {
        if is_off {
            return;
        }
        close(node);
        if lifespan != now {
            live.act(id, Intent::SetLifespan { lifespan });
        }
    };
    let choices = std::iter::once(None).chain(Lifespan::ALL.map(Some));
    let choices = choices.map(|lifespan| {
        let chosen = lifespan == now;
        let glyph = if chosen { Glyph::Tick } else { Glyph::Timer };
        view! {
            <li>
                <button
                    type="button"
                    aria-pressed=chosen.to_string()
                    aria-disabled=is_off.then_some("true")
                    aria-describedby=described.clone()
                    on:click=move |_| choose(lifespan)
                >
                    <Icon glyph />
                    <span>{d.named(lifespan)}</span>
                </button>
            </li>
        }
    });
    view! {
        <p class="sheet-what">{d.title}</p>
        <p class="sheet-what" id=HINT_ID>
            {d.hint}
        </p>
        {rule
            .map(|rule| {
                view! {
                    <p class="sheet-what" id=RULE_ID>
                        {rule}
                    </p>
                }
            })}
        <ul class="sheet-list" data-testid="stay">
            {choices.collect_view()}
        </ul>
    }
}

/// What forbids the choice, if something does.
fn rule(summary: &ConversationSummary, me: UserId, t: &'static Texts) -> Option<String> {
    let own = summary.members.iter().find(|it| it.person.id == me);
    let role = own.map(|own| own.role);
    let permitted = permit(summary.kind, summary.settings, role, Action::SetLifespan);
    let forbidden = permitted.err().map(|rule| told(t, rule).to_owned());
    forbidden.or_else(|| not_before_answer(summary, me, t))
}

/// The line at the composer, while messages do not stay.
#[component]
pub fn StayLine(
    /// Of which conversation.
    view: ConversationView,
) -> impl IntoView {
    let d = texts().disappearing();
    let summary = view.summary;
    let lifespan = Memo::new(move |_| summary.with(|it| it.as_ref().and_then(|it| it.lifespan)));
    move || {
        lifespan.get().map(|lifespan| {
            let text = fill(d.line, &[("when", d.named(Some(lifespan)))]);
            view! {
                <p class="composer-pace" data-testid="stay-line">
                    <Icon glyph=Glyph::Timer size=IconSize::Small />
                    <span>{text}</span>
                </p>
            }
        })
    }
}
