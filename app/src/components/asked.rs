//! What was asked of the server and waits, or was refused, in words.

use client::{Delivery, Waiting};
use protocol::{Intent, Role, UserId};

use crate::components::notice::Teller;
use crate::i18n::{Texts, fill};

/// Whether it is about the group itself, and not about one of its messages.
#[must_use]
pub const fn is_of_group(intent: &Intent) -> bool {
    match intent {
        Intent::Rename { .. }
        | Intent::Describe { .. }
        | Intent::Configure { .. }
        | Intent::Add { .. }
        | Intent::Remove { .. }
        | Intent::Leave
        | Intent::Dissolve
        | Intent::SetRole { .. }
        | Intent::SlowMode { .. }
        | Intent::SetLifespan { .. }
        | Intent::Accept => true,
        Intent::Text { .. }
        | Intent::Forward { .. }
        | Intent::Edit { .. }
        | Intent::Delete { .. }
        | Intent::React { .. }
        | Intent::Pin { .. }
        | Intent::Poll { .. }
        | Intent::Vote { .. }
        | Intent::ClosePoll { .. } => false,
    }
}

impl Teller<'_> {
    /// What was asked for.
    #[must_use]
    pub fn intent(&self, intent: &Intent) -> String {
        let g = self.t.groups();
        let names = |users: &[UserId]| self.list_oblique(users);
        let about = |template, user: UserId| fill(template, &[("names", &names(&[user]))]);
        match intent {
            Intent::Rename { title } => fill(g.to_rename, &[("title", title)]),
            Intent::Describe { .. } => g.to_describe.to_owned(),
            Intent::Configure { .. } => g.to_configure.to_owned(),
            Intent::Add { users } => fill(g.to_add, &[("names", &names(users))]),
            Intent::Remove { user } => about(g.to_remove, *user),
            Intent::Leave => g.to_leave.to_owned(),
            Intent::Dissolve => g.dissolve.to_owned(),
            Intent::SlowMode { slow_mode } => {
                let s = self.t.slow();
                fill(s.to_set, &[("pace", s.named(*slow_mode))])
            }
            Intent::SetLifespan { lifespan } => {
                let d = self.t.disappearing();
                fill(d.to_set, &[("when", d.named(*lifespan))])
            }
            Intent::Accept => self.t.requests().to_accept.to_owned(),
            Intent::SetRole { user, role } => {
                let template = match role {
                    Role::Member => g.to_member,
                    Role::Admin => g.to_admin,
                    Role::Owner => g.to_owner,
                };
                about(template, *user)
            }
            Intent::Text { text, .. } | Intent::Forward { text } => text.clone(),
            Intent::Poll { question, .. } => question.clone(),
            Intent::Edit { .. }
            | Intent::Delete { .. }
            | Intent::React { .. }
            | Intent::Pin { .. }
            | Intent::Vote { .. }
            | Intent::ClosePoll { .. } => g.to_change.to_owned(),
        }
    }
}

/// How far it is; whether it may be tried again or put aside.
#[must_use]
pub fn progress(t: &Texts, waiting: &Waiting) -> (String, bool) {
    let g = t.groups();
    match waiting.delivery {
        Delivery::Failed { code: Some(code) } => {
            (fill(g.not_done, &[("reason", t.error(code))]), true)
        }
        Delivery::Failed { code: None } => (g.not_answered.to_owned(), true),
        Delivery::Sending | Delivery::Sent | Delivery::Delivered | Delivery::Read => {
            (g.waits.to_owned(), false)
        }
    }
}

#[cfg(test)]
mod tests {
    use protocol::{ConversationId, ErrorCode, GroupSettings, SendId, Seq};

    use super::*;
    use crate::i18n::Locale;

    fn user(n: u8) -> UserId {
        UserId::from_bytes([n; 16])
    }

    #[test]
    fn what_was_asked_for_is_told_in_words() {
        let teller = Teller {
            t: Locale::En.texts(),
            me: user(0),
            name_of: &|_| Some("Imran".to_owned()),
        };
        let set = |role| Intent::SetRole {
            user: user(1),
            role,
        };
        let configure = Intent::Configure {
            settings: GroupSettings::default(),
        };
        let rename = Intent::Rename {
            title: "Cricket".to_owned(),
        };
        let add = Intent::Add {
            users: vec![user(1), user(2)],
        };
        for (intent, expected) in [
            (rename, "New name: “Cricket”"),
            (configure, "New rules"),
            (add, "Add Imran and Imran"),
            (Intent::Remove { user: user(1) }, "Remove Imran"),
            (Intent::Leave, "Leave the group"),
            (Intent::Dissolve, "Delete the group"),
            (set(Role::Admin), "Make Imran an admin"),
            (set(Role::Member), "Take the admin role from Imran"),
            (set(Role::Owner), "Hand the group over to Imran"),
        ] {
            assert_eq!(teller.intent(&intent), expected);
            assert!(is_of_group(&intent));
        }
        let delete = Intent::Delete { target: Seq(1) };
        assert_eq!(teller.intent(&delete), "A change of a message");
        assert!(!is_of_group(&delete));
    }

    #[test]
    fn a_refusal_says_why_and_can_be_put_aside() {
        let t = Locale::En.texts();
        let state = |delivery| {
            progress(
                t,
                &Waiting {
                    send_id: SendId::from_bytes([1; 16]),
                    conversation: ConversationId::from_bytes([2; 16]),
                    intent: Intent::Leave,
                    delivery,
                },
            )
        };
        let code = Some(ErrorCode::Forbidden);
        for (delivery, expected) in [
            (Delivery::Sending, ("waiting", false)),
            (
                Delivery::Failed { code },
                ("Not done: You are not allowed to do that.", true),
            ),
            (
                Delivery::Failed { code: None },
                ("Not done: the server has not answered.", true),
            ),
        ] {
            assert_eq!(state(delivery), (expected.0.to_owned(), expected.1));
        }
    }
}
