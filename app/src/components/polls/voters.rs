//! Who chose what, in a poll that tells.

use client::Row;
use leptos::prelude::*;
use protocol::{Content, Poll, UserId};

use crate::components::actions::Actions;
use crate::i18n::{has_rtl, texts};
use crate::ui::{Avatar, AvatarSize};

/// Those who are named for an answer, and how many more there are.
fn of_answer(poll: &Poll, at: usize) -> (Vec<UserId>, u32) {
    let ballots = poll.ballots.iter().filter(|ballot| ballot.1.has(at));
    let named: Vec<UserId> = ballots.map(|ballot| ballot.0).collect();
    let count = poll.tally.get(at).copied().unwrap_or(0);
    let more = count.saturating_sub(u32::try_from(named.len()).unwrap_or(u32::MAX));
    (named, more)
}

/// Each answer with those who chose it, followed while it is open.
pub(in crate::components) fn voters(actions: Actions, row: Memo<Option<Row>>) -> impl IntoView {
    let t = texts();
    let poll = Memo::new(move |_| {
        row.with(|row| match row.as_ref().map(|row| &row.content) {
            Some(Content::Poll(poll)) => Some(Poll::clone(poll)),
            _ => None,
        })
    });
    Effect::new(move |_| {
        let unknown: Vec<UserId> = poll.with(|poll| {
            let ballots = poll.iter().flat_map(|poll| &poll.ballots);
            let users = ballots.map(|ballot| ballot.0);
            users
                .filter(|user| untrack(|| actions.live.name(*user)).is_none())
                .collect()
        });
        if !unknown.is_empty() {
            actions.live.name_these(unknown);
        }
    });
    move || match poll.get() {
        None => view! { <p class="form-hint">{t.about().message_gone}</p> }.into_any(),
        Some(poll) => {
            let answers = poll.answers.iter().enumerate();
            answers
                .map(|(at, words)| {
                    let (named, more) = of_answer(&poll, at);
                    answer(actions, words.as_str().to_owned(), &named, more)
                })
                .collect_view()
                .into_any()
        }
    }
}

fn answer(actions: Actions, words: String, named: &[UserId], more: u32) -> impl IntoView + use<> {
    let t = texts();
    let p = t.polls();
    let none = named.is_empty() && more == 0;
    let people = named.iter().map(|user| person(actions, *user));
    view! {
        <section data-testid="poll-voters">
            <h3 dir="auto">{words}</h3>
            {none.then(|| view! { <p class="form-hint">{p.nobody}</p> })}
            <ul>{people.collect_view()}</ul>
            {(more > 0)
                .then(|| view! { <p class="form-hint">{t.count(&p.more, more.into())}</p> })}
        </section>
    }
}

/// Somebody in the list of a dialog. Their name may come later.
pub(in crate::components) fn person(actions: Actions, user: UserId) -> impl IntoView + use<> {
    let t = texts();
    let name = move || actions.live.name(user);
    let shown = move || name().unwrap_or_else(|| t.loading.to_owned());
    let face = move || {
        let name = name().unwrap_or_default();
        view! { <Avatar id=user name size=AvatarSize::Small /> }
    };
    view! {
        <li class="about-person">
            {face}
            <bdi class=move || if has_rtl(&shown()) { "nastaliq" } else { "" }>{shown}</bdi>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use protocol::{Ballot, Choices, Lifetime};

    use super::*;

    #[test]
    fn who_is_not_named_is_counted() {
        let answers = ["Sea", "Hills"].map(str::to_owned);
        let poll = Poll::parse("Where?", &answers, (true, false), Lifetime::Week).unwrap();
        let user = |n| UserId::from_bytes([n; 16]);
        let poll = Poll {
            voters: 9,
            tally: vec![9, 1],
            ballots: vec![
                Ballot(user(1), Choices(0b1)),
                Ballot(user(2), Choices(0b11)),
            ],
            ..poll
        };
        assert_eq!(of_answer(&poll, 0), (vec![user(1), user(2)], 7));
        assert_eq!(of_answer(&poll, 1), (vec![user(2)], 0));
        assert_eq!(of_answer(&poll, 2), (vec![], 0));
    }
}
