//! The demonstration over the store in memory.
#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

use std::sync::Arc;

use chat::{Chat, Config, Deps, Device, MemoryStore, SignIn};
use demo::{Act, Plan, Progress, fill};
use protocol::{Content, ConversationKind, Password, Seq, Timestamp};
use security::{KeyRing, PasswordParams};

const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);
const PASSWORD: &str = "a password of the demonstration";

async fn filled(plan: &Plan) -> (Arc<Chat>, Vec<Progress>) {
    let config = Config {
        password: PasswordParams {
            memory_kib: 8,
            passes: 1,
            lanes: 1,
        },
        rate_limits: false,
        message_requests: false,
        ..Config::default()
    };
    let deps = Deps {
        store: Arc::new(MemoryStore::new()),
        keys: Arc::new(KeyRing::for_tests()),
        config,
    };
    let chat = Chat::open(deps, NOW).await.unwrap();
    let password = Password::parse_new(PASSWORD.to_owned()).unwrap();
    let passwords = vec![password; plan.people.len()];
    let mut told = Vec::new();
    fill(&chat, plan, &passwords, |progress| told.push(progress))
        .await
        .unwrap();
    (chat, told)
}

async fn sign_in(chat: &Chat, login: &str) -> chat::Actor {
    let form = SignIn {
        login: login.to_owned(),
        password: Password::parse_existing(PASSWORD.to_owned()).unwrap(),
    };
    let device = Device {
        address: std::net::Ipv4Addr::LOCALHOST.into(),
        name: "test".to_owned(),
    };
    chat.sign_in(form, device, NOW).await.unwrap().actor()
}

#[tokio::test]
async fn everybody_signs_in_and_finds_what_was_planned() {
    let plan = Plan::new(NOW).unwrap();
    let (chat, told) = filled(&plan).await;
    assert_eq!(told.len(), plan.conversations.len());
    assert_eq!(told.last().unwrap().messages, plan.messages());
    for (place, person) in plan.people.iter().enumerate() {
        let actor = sign_in(&chat, &person.username).await;
        assert_eq!(
            chat.me(&actor).await.unwrap().display_name.as_str(),
            person.name
        );
        // The device that wrote is signed out.
        assert_eq!(chat.sessions(&actor, NOW).await.unwrap().len(), 1);
        let listed = chat.conversations(&actor).await.unwrap();
        let mine = plan.conversations.iter().filter(|planned| {
            let went = |deed: &demo::Deed| {
                let left = deed.who == place && deed.act == Act::Leave;
                left.then_some(false)
                    .or((deed.act == Act::Remove(place)).then_some(false))
                    .or(matches!(&deed.act, Act::Add(new) if new.contains(&place)).then_some(true))
            };
            let begins = planned.members.contains(&place);
            planned
                .deeds
                .iter()
                .filter_map(went)
                .next_back()
                .unwrap_or(begins)
        });
        assert_eq!(listed.len(), mine.count(), "{}", person.username);
        for summary in listed {
            assert!(summary.unread <= 8, "{} unread", summary.unread);
            assert!(summary.created_at < NOW);
        }
    }
}

#[tokio::test]
async fn a_conversation_is_read_back_as_it_was_planned() {
    let plan = Plan::new(NOW).unwrap();
    let (chat, _) = filled(&plan).await;
    let planned = &plan.conversations[0];
    let [first, second] = planned.members[..] else {
        unreachable!("a direct conversation")
    };
    let actor = sign_in(&chat, &plan.people[first].username).await;
    let other = sign_in(&chat, &plan.people[second].username).await;
    let open = chat.open_direct(&actor, other.user(), NOW).await.unwrap();
    assert_eq!(open.kind, ConversationKind::Direct);
    let mut found = Vec::new();
    let mut from = Seq(1);
    while from <= open.last_seq {
        let page = chat.history(&actor, open.id, from, Seq(from.0 + 99)).await;
        found.extend(page.unwrap().messages);
        from = Seq(from.0 + 100);
    }
    assert_eq!(found.len(), planned.deeds.len());
    for (deed, message) in planned.deeds.iter().zip(found) {
        if let (Act::Say { text, .. }, Content::Text(said)) = (&deed.act, &message.content) {
            let is_edited = message.marks.edited_at.is_some();
            assert!(is_edited || said.body.as_str() == text);
            assert_eq!(message.sent_at, deed.at);
        }
    }
}
