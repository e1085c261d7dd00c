//! Somebody in a group, and what can be done about them.

use std::collections::BTreeMap;

use leptos::prelude::*;
use protocol::permission::Action;
use protocol::{Intent, Member, Person, Role, UserId};

use super::act::Act;
use super::desk::Desk;
use super::question::{Asked, Asking};
use crate::components::{PresenceLine, StatusLine};
use crate::i18n::{Texts, fill, texts};
use crate::pages::people::results::name_line;
use crate::pages::profile::profile_path;
use crate::ui::{Avatar, Glyph, Icon};

/// A row. Its actions unfold under it.
#[component]
pub(super) fn MemberRow(
    desk: Desk,
    asking: Asking,
    id: UserId,
    all: Memo<BTreeMap<UserId, Member>>,
) -> impl IntoView {
    let t = texts();
    let is_me = id == desk.live.me();
    let member = move || all.with(|all| all.get(&id).cloned());
    let role = Memo::new(move |_| member().map_or(Role::Member, |member| member.role));
    let person = Memo::new(move |_| member().map(|member| member.person));
    let open = RwSignal::new(false);
    let ways = move |person: Person| {
        view! {
            {profile_link(&person)}
            <More id person open />
        }
    };
    view! {
        <li class="member" data-user=id.to_string()>
            <div class="member-line">
                {move || person.get().map(|person| named(&person, is_me, desk))}
                <span class="mark">{move || role_name(t, role.get())}</span>
                <div class="member-buttons">
                    {move || person.get().filter(|_| !is_me).map(ways)}
                </div>
            </div>
            {move || {
                (open.get() && !is_me).then(|| view! { <Acts desk asking id role open /> })
            }}
        </li>
    }
}

fn named(person: &Person, is_me: bool, desk: Desk) -> impl IntoView + use<> {
    let presence = (!is_me).then(|| desk.live.presence(person.id));
    let status = desk.live.custom_status(person.id);
    view! {
        <Avatar id=person.id name=person.display_name.to_string() />
        <div class="conversation-text">
            {name_line(person, is_me)}
            <span class="conversation-last">
                <bdi dir="ltr">{format!("@{}", person.username)}</bdi>
            </span>
            {move || {
                let presence = presence.and_then(|presence| presence.get());
                presence.map(|presence| view! { <PresenceLine presence /> })
            }}
            {move || status.get().map(|status| view! { <StatusLine status /> })}
        </div>
    }
}

fn profile_link(person: &Person) -> Option<impl IntoView + use<>> {
    let name = person.display_name.to_string();
    (!person.is_gone()).then(|| {
        view! {
            <a
                class="icon-button"
                href=profile_path(person.id)
                aria-label=fill(texts().standing().profile_of, &[("name", &name)])
            >
                <Icon glyph=Glyph::Info />
            </a>
        }
    })
}

const fn role_name(t: &Texts, role: Role) -> &'static str {
    match role {
        Role::Member => "",
        Role::Admin => t.groups().admin,
        Role::Owner => t.groups().owner,
    }
}

fn acts_id(id: UserId) -> String {
    format!("acts-{id}")
}

fn more_id(id: UserId) -> String {
    format!("more-{id}")
}

/// The button that unfolds the actions.
#[component]
fn More(id: UserId, person: Person, open: RwSignal<bool>) -> impl IntoView {
    let t = texts();
    let name = person.display_name.to_string();
    view! {
        <button
            type="button"
            id=more_id(id)
            class="icon-button needs-script"
            aria-label=fill(t.groups().actions_of, &[("name", &name)])
            aria-expanded=move || open.get().to_string()
            aria-controls=move || open.get().then(|| acts_id(id))
            on:click=move |_| open.update(|open| *open = !*open)
        >
            <Icon glyph=Glyph::More />
        </button>
    }
}

/// What can be done about somebody who is this in the group.
const fn acts_on(role: Role) -> &'static [Deed] {
    match role {
        Role::Member => &[Deed::MakeAdmin, Deed::HandOver, Deed::Remove],
        Role::Admin => &[Deed::TakeAdmin, Deed::HandOver, Deed::Remove],
        Role::Owner => &[Deed::Remove],
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Deed {
    MakeAdmin,
    TakeAdmin,
    HandOver,
    Remove,
}

impl Deed {
    const fn action(self, role: Role) -> Action {
        match self {
            Self::MakeAdmin => Action::SetRole(role, Role::Admin),
            Self::TakeAdmin => Action::SetRole(role, Role::Member),
            Self::HandOver => Action::SetRole(role, Role::Owner),
            Self::Remove => Action::Remove(role),
        }
    }

    const fn label(self, t: &Texts) -> &'static str {
        let g = t.groups();
        match self {
            Self::MakeAdmin => g.make_admin,
            Self::TakeAdmin => g.take_admin,
            Self::HandOver => g.hand_over,
            Self::Remove => g.remove,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::MakeAdmin => "make-admin",
            Self::TakeAdmin => "take-admin",
            Self::HandOver => "hand-over",
            Self::Remove => "remove",
        }
    }
}

/// The actions. Those that cannot be taken back are asked about first.
#[component]
fn Acts(
    desk: Desk,
    asking: Asking,
    id: UserId,
    role: Memo<Role>,
    open: RwSignal<bool>,
) -> impl IntoView {
    let t = texts();
    // They go away when one is used; the focus goes to the button that unfolded them.
    let fold = move || {
        open.set(false);
        super::focus_soon(more_id(id));
    };
    let set = move |role: Role| {
        desk.ask(Intent::SetRole { user: id, role });
        fold();
    };
    let act = move |act: Deed| match act {
        Deed::MakeAdmin => set(Role::Admin),
        Deed::TakeAdmin => set(Role::Member),
        Deed::HandOver => asking.ask(Asked::HandOver(id)),
        Deed::Remove => asking.ask(Asked::Remove(id)),
    };
    let button = move |kind: Deed| {
        view! {
            <Act
                desk
                name=format!("{}-{id}", kind.name())
                label=kind.label(t)
                action=Signal::derive(move || kind.action(role.get()))
                danger=matches!(kind, Deed::HandOver | Deed::Remove)
                act=move || act(kind)
            />
        }
    };
    view! {
        <div class="member-acts" id=acts_id(id)>
            {move || acts_on(role.get()).iter().map(|kind| button(*kind)).collect_view()}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use protocol::permission::{Rule, permit};
    use protocol::{ConversationKind, GroupSettings};

    use super::*;

    #[test]
    fn only_what_could_be_allowed_is_offered() {
        let settings = GroupSettings::default();
        let may = |role, act: Deed, of| {
            permit(
                ConversationKind::Group,
                settings,
                Some(role),
                act.action(of),
            )
        };
        for of in [Role::Member, Role::Admin] {
            for act in acts_on(of) {
                assert_eq!(may(Role::Owner, *act, of), Ok(()), "{act:?} {of:?}");
            }
        }
        assert_eq!(
            may(Role::Admin, Deed::Remove, Role::Owner),
            Err(Rule::NotTheOwner)
        );
    }
}
