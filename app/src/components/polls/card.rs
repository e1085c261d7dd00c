//! A poll in the conversation: what can be chosen, how many chose what, and one's own vote. Its
//! parts change in place, so that a vote of somebody else takes no focus.

use client::RowKey;
use leptos::prelude::*;
use protocol::{Choices, Content, Intent, Poll, Seq, Timestamp};

use super::closing::close_button;
use super::{Offered, percent};
use crate::components::actions::Actions;
use crate::i18n::{has_rtl, texts};
use crate::live::RowView;
use crate::ui::{Clock, Mounted, TimeStyle};

/// How long a browser waits at most, in milliseconds.
const LONGEST_WAIT: u64 = i32::MAX as u64;

/// What a poll is drawn from.
#[derive(Clone, Copy)]
pub(super) struct Card {
    pub(super) key: RowKey,
    pub(super) actions: Actions,
    poll: Memo<Option<Poll>>,
    /// Its place and when it was asked.
    asked: Memo<(Option<Seq>, Timestamp)>,
    /// What would be voted.
    chosen: RwSignal<Choices>,
    pub(super) offered: Memo<Offered>,
    /// Where the tab key stops.
    is_stop: Memo<bool>,
}

impl Card {
    fn new(key: RowKey, view: ArcRwSignal<RowView>, actions: Actions, is_stop: Memo<bool>) -> Self {
        let seen = view.clone();
        let poll = Memo::new(move |_| {
            seen.with(|view| match &view.row.content {
                Content::Poll(poll) => Some(Poll::clone(poll)),
                _ => None,
            })
        });
        let asked = Memo::new(move |_| view.with(|view| (view.row.seq, view.row.sent_at)));
        let now = clock(actions, poll, asked);
        let summary = actions.view().summary;
        let offered = Memo::new(move |_| {
            let (seq, at) = asked.get();
            let (now, me) = (now.get(), actions.live.me());
            summary.with(|summary| {
                poll.with(|poll| match (summary, poll) {
                    (Some(summary), Some(poll)) => {
                        let about = (poll, key.author, seq.map(|_| at));
                        Offered::of(summary, me, about, now)
                    }
                    _ => Offered::default(),
                })
            })
        });
        let card = Self {
            key,
            actions,
            poll,
            asked,
            chosen: RwSignal::new(Choices::NONE),
            offered,
            is_stop,
        };
        card.chosen.set(card.ballot().get_untracked());
        card
    }

    /// What of it the page shows.
    fn with<T: PartialEq + Send + Sync + 'static>(
        self,
        read: impl Fn(&Poll) -> T + Send + Sync + 'static,
    ) -> Memo<Option<T>> {
        Memo::new(move |_| self.poll.with(|poll| poll.as_ref().map(&read)))
    }

    fn ballot(self) -> Memo<Choices> {
        let me = self.actions.live.me();
        Memo::new(move |_| {
            let own = |poll: &Option<Poll>| poll.as_ref()?.ballot(me);
            self.poll.with(own).unwrap_or_default()
        })
    }

    fn vote(self, choices: Choices) {
        if let Some(target) = self.asked.get_untracked().0 {
            let intent = Intent::Vote { target, choices };
            self.actions.live.act(self.actions.id, intent);
        }
    }

    /// Lets it take no more votes.
    pub(super) fn close(self) {
        if let Some(target) = self.asked.get_untracked().0 {
            let intent = Intent::ClosePoll { target };
            self.actions.live.act(self.actions.id, intent);
        }
    }
}

/// The server's time as far as it matters: it goes on when the poll ends.
fn clock(
    actions: Actions,
    poll: Memo<Option<Poll>>,
    asked: Memo<(Option<Seq>, Timestamp)>,
) -> RwSignal<Timestamp> {
    let read = move || actions.live.server_time();
    let now = RwSignal::new(read());
    Effect::new(move |waiting: Option<Option<TimeoutHandle>>| {
        if let Some(handle) = waiting.flatten() {
            handle.clear();
        }
        let at = asked.get().1;
        now.set(read());
        let end = poll.with(|poll| poll.as_ref().and_then(|poll| poll.ends_at(at)));
        let left = end?.millis().saturating_sub(read().millis());
        if left == 0 {
            return None;
        }
        let left = std::time::Duration::from_millis(left.min(LONGEST_WAIT));
        set_timeout_with_handle(move || _ = now.try_set(read()), left).ok()
    });
    now
}

/// The poll.
#[component]
pub(in crate::components) fn PollCard(
    /// Of which message.
    key: RowKey,
    /// What it shows.
    view: ArcRwSignal<RowView>,
    /// What is being done.
    actions: Actions,
    /// Whether the tab key stops at this message.
    is_stop: Memo<bool>,
) -> impl IntoView {
    let card = Card::new(key, view, actions, is_stop);
    let ballot = card.ballot();
    // Another device has voted, or the server has said no.
    Effect::new(move |before: Option<Choices>| {
        let now = ballot.get();
        if before.is_some_and(|before| before != now) {
            card.chosen.set(now);
        }
        now
    });
    let asked = card.poll.get_untracked();
    asked.map(|poll| {
        let count = poll.answers.len();
        let question = poll.question.as_str().to_owned();
        let answers = poll.answers.iter().map(|answer| answer.as_str().to_owned());
        let answers: Vec<_> = answers.enumerate().collect();
        view! {
            <fieldset class="poll" data-testid="poll" data-answers=count>
                <legend>{line(question)}</legend>
                <About card several=poll.several anonymous=poll.anonymous />
                {answers
                    .into_iter()
                    .map(|(at, words)| {
                        view! { <Answer card at words several=poll.several ballot /> }
                    })
                    .collect_view()}
                <Foot card ballot anonymous=poll.anonymous />
            </fieldset>
        }
    })
}

/// Words of somebody, in their own direction and face.
fn line(words: String) -> impl IntoView {
    let class = if has_rtl(&words) { "nastaliq" } else { "" };
    view! {
        <span class=class dir="auto">
            {words}
        </span>
    }
}

/// How one votes in it, and until when.
#[component]
fn About(card: Card, several: bool, anonymous: bool) -> impl IntoView {
    let p = texts().polls();
    let how = if several { p.choose_some } else { p.choose_one };
    let ends = card.with(|poll| (poll.lifetime, poll.closed_at));
    let is_over = move || !card.offered.with(|offered| offered.vote);
    let state = move || {
        let (_, at) = card.asked.get();
        let (lifetime, _) = ends.get()?;
        let is_placed = card.asked.with(|(seq, _)| seq.is_some());
        Some(match (is_over() && is_placed, lifetime.end(at)) {
            (true, _) => view! { <b>{p.closed}</b> }.into_any(),
            (false, Some(at)) => view! {
                <span>
                    {how} " · " {p.ends_at} " " <Clock at style=TimeStyle::DateAndClock />
                </span>
            }
            .into_any(),
            (false, None) => view! { <span>{how}</span> }.into_any(),
        })
    };
    view! {
        <p class="poll-about">
            {state} {anonymous.then(|| view! { <span>" · " {p.is_anonymous}</span> })}
        </p>
    }
}

/// One answer with its bar.
#[component]
fn Answer(
    card: Card,
    at: usize,
    words: String,
    several: bool,
    ballot: Memo<Choices>,
) -> impl IntoView {
    let t = texts();
    let p = t.polls();
    let count = card.with(move |poll| (poll.tally.get(at).copied().unwrap_or(0), poll.voters));
    let counts = move || count.get().unwrap_or_default();
    let mounted = use_context::<Mounted>();
    let is_off = move || {
        let is_alive = mounted.is_some_and(|mounted| mounted.0.get());
        !is_alive || !card.offered.get().vote
    };
    let choose = move |event: leptos::ev::Event| {
        let on = event_target_checked(&event);
        card.chosen.update(|chosen| {
            *chosen = if several {
                chosen.with(at, on)
            } else {
                Choices::one(at)
            };
        });
    };
    view! {
        <div class="poll-answer">
        <label>
            <input
                type=if several { "checkbox" } else { "radio" }
                name=format!("p-{}", card.key.send_id)
                tabindex=move || if card.is_stop.get() { "0" } else { "-1" }
                prop:checked=move || card.chosen.get().has(at)
                disabled=is_off
                on:change=choose
            />
            <span class="poll-words">{line(words)}</span>
            <span class="poll-count">
                {move || {
                    ballot.get().has(at).then(|| view! { <b class="poll-own">{p.yours}</b> })
                }}
                <bdi aria-hidden="true">
                    {move || format!("{} %", percent(counts().0, counts().1))}
                </bdi>
                <span>{move || t.count(&p.votes, counts().0.into())}</span>
            </span>
            </label>
            <progress
                aria-hidden="true"
                max=move || counts().1.max(1).to_string()
                value=move || counts().0.to_string()
            ></progress>
        </div>
    }
}

/// What is done with what is chosen, and who voted.
#[component]
fn Foot(card: Card, ballot: Memo<Choices>, anonymous: bool) -> impl IntoView {
    let t = texts();
    let p = t.polls();
    let voters = card.with(|poll| poll.voters);
    let count = move || voters.get().unwrap_or(0);
    let stop = move || if card.is_stop.get() { "0" } else { "-1" };
    let is_same = Memo::new(move |_| card.chosen.get() == ballot.get());
    let vote = move |_| {
        if !is_same.get_untracked() {
            card.vote(card.chosen.get_untracked());
        }
    };
    let take_back = move |_| {
        card.actions.focus_row(card.key);
        card.vote(Choices::NONE);
    };
    let label = move || {
        if ballot.get().is_none() {
            p.vote
        } else {
            p.change
        }
    };
    let who = (!anonymous).then(|| {
        view! {
            <button
                type="button"
                class="link-button"
                tabindex=stop
                on:click=move |_| card.actions.ask_votes(card.key)
            >
                {p.who}
            </button>
        }
    });
    view! {
        <div class="poll-foot">
            {move || {
                card.offered.get().vote.then(|| view! {
                    <button
                        type="button"
                        class="btn btn-primary"
                        tabindex=stop
                        aria-disabled=move || is_same.get().to_string()
                        on:click=vote
                    >
                        {label}
                    </button>
                })
            }}
            {move || {
                (card.offered.get().vote && !ballot.get().is_none()).then(|| view! {
                    <button type="button" class="link-button" tabindex=stop on:click=take_back>
                        {p.take_back}
                    </button>
                })
            }}
            <span class="poll-voters">{move || t.count(&p.voters, count().into())}</span>
            {who}
            {close_button(card, stop)}
        </div>
    }
}
