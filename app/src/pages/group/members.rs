//! Who is in a group.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::limits::{GROUP_MEMBERS, SUMMARY_MEMBERS};
use protocol::{Content, ConversationId, Member, Role, Seq, UserId};

use super::add::AddPeople;
use super::desk::Desk;
use super::member::MemberRow;
use super::question::Asking;
use crate::api::ApiError;
use crate::api::groups::group_members;
use crate::i18n::texts;

/// The heading.
pub(super) const MEMBERS_ID: &str = "members-title";

/// How the members that the list does not name are known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Rest {
    /// Not asked for.
    Unasked,
    Loading,
    Failed,
    Loaded,
}

/// The people, the first hundred at once.
#[component]
pub(super) fn Members(desk: Desk, asking: Asking) -> impl IntoView {
    let t = texts();
    let g = t.groups();
    let more = RwSignal::new(Vec::<Member>::new());
    let rest = RwSignal::new(Rest::Unasked);
    let all = Memo::new(move |_| everybody(desk, more));
    let order = in_order(desk, all);
    let load = move || {
        rest.set(Rest::Loading);
        spawn_local(async move {
            match read_all(desk.id).await {
                Ok(members) => {
                    more.try_set(members);
                    rest.try_set(Rest::Loaded);
                }
                Err(_) => {
                    rest.try_set(Rest::Failed);
                }
            }
        });
    };
    load_again(desk, rest, load);
    let count = Memo::new(move |_| {
        desk.summary
            .with(|summary| summary.as_ref().map_or(0, |summary| summary.member_count))
    });
    let are_more =
        move || all.with(BTreeMap::len) < usize::try_from(count.get()).unwrap_or(usize::MAX);
    view! {
        <section class="details-part" aria-labelledby=MEMBERS_ID>
            <div class="details-row">
                <h3 id=MEMBERS_ID tabindex="-1">
                    {g.members}
                </h3>
                <span class="mark">{move || t.count(&g.members_count, count.get().into())}</span>
            </div>
            <AddPeople desk />
            <ul class="members" aria-labelledby=MEMBERS_ID aria-busy=move || {
                (rest.get() == Rest::Loading).to_string()
            }>
                <For each=move || order.get() key=|id| *id let(id)>
                    <MemberRow desk asking id all />
                </For>
            </ul>
            {move || {
                (rest.get() == Rest::Failed)
                    .then(|| view! { <p class="form-error" role="alert">{g.members_failed}</p> })
            }}
            <Show when=move || are_more() && rest.get() != Rest::Loading>
                <button type="button" class="btn btn-quiet needs-script" on:click=move |_| load()>
                    {g.show_all}
                </button>
            </Show>
        </section>
    }
}

/// Those that the list names, which is always up to date, and those that were loaded.
fn everybody(desk: Desk, more: RwSignal<Vec<Member>>) -> BTreeMap<UserId, Member> {
    let by_id = |member: &Member| (member.person.id, member.clone());
    let mut all: BTreeMap<_, _> = more.with(|more| more.iter().map(by_id).collect());
    desk.summary.with(|summary| {
        let named = summary.iter().flat_map(|summary| &summary.members);
        all.extend(named.map(by_id));
    });
    all
}

/// The order that they are shown in. Whoever is made an admin stays where they stand: the button
/// that did it has the focus.
fn in_order(desk: Desk, all: Memo<BTreeMap<UserId, Member>>) -> Memo<Vec<UserId>> {
    let me = desk.live.me();
    let seen = StoredValue::new(BTreeMap::<UserId, Role>::new());
    Memo::new(move |_| {
        all.with(|all| {
            let first_seen = seen.try_update_value(|seen| {
                for member in all.values() {
                    seen.entry(member.person.id).or_insert(member.role);
                }
                seen.clone()
            });
            sorted(all, &first_seen.unwrap_or_default(), me)
        })
    })
}

/// The reader, then the owner, the admins and the others, each by name.
fn sorted(
    all: &BTreeMap<UserId, Member>,
    seen: &BTreeMap<UserId, Role>,
    me: UserId,
) -> Vec<UserId> {
    let mut ids: Vec<UserId> = all.keys().copied().collect();
    ids.sort_by_cached_key(|id| {
        let name = all.get(id).map(|it| it.person.display_name.as_str());
        let name = name.unwrap_or_default().to_lowercase();
        (*id != me, Reverse(seen.get(id).copied()), name, *id)
    });
    ids
}

/// What was loaded does not change by itself: it is loaded again when something happens.
fn load_again(desk: Desk, rest: RwSignal<Rest>, load: impl Fn() + 'static) {
    let notice = Memo::new(move |_| {
        desk.summary.with(|summary| {
            let last = summary.as_ref()?.last_message.as_ref()?;
            matches!(last.content, Content::Notice(_)).then_some(last.seq)
        })
    });
    Effect::new(move |before: Option<Option<Seq>>| {
        let now = notice.get();
        let newest = now.max(before.flatten());
        let is_news = before.is_some_and(|before| newest > before);
        if is_news && rest.get_untracked() == Rest::Loaded {
            load();
        }
        newest
    });
}

async fn read_all(id: ConversationId) -> Result<Vec<Member>, ApiError> {
    let mut members = Vec::<Member>::new();
    // A server that never ends is not asked for ever.
    for _ in 0..=GROUP_MEMBERS / SUMMARY_MEMBERS {
        let after = members
            .last()
            .map_or_else(String::new, |last| last.person.id.to_string());
        let page = group_members(id, after).await?;
        let is_last = page.len() < SUMMARY_MEMBERS;
        members.extend(page);
        if is_last {
            break;
        }
    }
    Ok(members)
}

#[cfg(test)]
mod tests {
    use protocol::{DisplayName, Person, Username};

    use super::*;

    #[test]
    fn the_reader_comes_first_and_then_who_has_a_say() {
        let user = |n: u8| UserId::from_bytes([n; 16]);
        let people = [
            (1, "bano", Role::Member),
            (2, "Asad", Role::Member),
            (3, "Zoya", Role::Owner),
            (4, "Yusuf", Role::Admin),
            (5, "Me", Role::Member),
        ];
        let all: BTreeMap<UserId, Member> = people
            .map(|(n, name, role)| {
                let member = Member {
                    person: Person {
                        id: user(n),
                        username: Username::parse("somebody").unwrap(),
                        display_name: DisplayName::parse(name).unwrap(),
                    },
                    role,
                    read_seq: Seq::ZERO,
                    delivered_seq: Seq::ZERO,
                };
                (user(n), member)
            })
            .into();
        let seen = people.map(|(n, _, role)| (user(n), role)).into();
        let order = [5, 3, 4, 2, 1].map(user);
        assert_eq!(sorted(&all, &seen, user(5)), order);
    }
}
