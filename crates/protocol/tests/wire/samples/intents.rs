//! What is asked for in a conversation.

use protocol::{ClientFrame, Intent, Role, Seq, SlowMode};

use super::{IMRAN, SETTINGS, ZOYA, conversation, description, send_id, thumb, title, user};

pub(super) fn send((name, intent): (&'static str, Intent)) -> (&'static str, ClientFrame) {
    let frame = ClientFrame::Send {
        send_id: send_id(),
        conversation: conversation(),
        intent,
        after: Seq(41),
        retry: false,
    };
    (name, frame)
}

pub(super) fn intents() -> Vec<(&'static str, Intent)> {
    let target = Seq(41);
    let text = "Chai at five? چائے \"नमस्ते\"\n🙂".to_owned();
    let users = vec![user(IMRAN), user(ZOYA)];
    let emoji = thumb().to_string();
    let reply = Intent::Text {
        text: "Yes".to_owned(),
        reply_to: Some(target),
    };
    let role = Intent::SetRole {
        user: user(ZOYA),
        role: Role::Admin,
    };
    let description = description().to_string();
    vec![
        (
            "send_text",
            Intent::Text {
                text: text.clone(),
                reply_to: None,
            },
        ),
        ("send_reply", reply),
        ("send_edit", Intent::Edit { target, text }),
        ("send_delete", Intent::Delete { target }),
        (
            "send_react",
            Intent::React {
                target,
                emoji,
                on: true,
            },
        ),
        ("send_pin", Intent::Pin { target, on: true }),
        (
            "send_rename",
            Intent::Rename {
                title: title().to_string(),
            },
        ),
        ("send_describe", Intent::Describe { description }),
        ("send_configure", Intent::Configure { settings: SETTINGS }),
        ("send_add", Intent::Add { users }),
        ("send_remove", Intent::Remove { user: user(ZOYA) }),
        ("send_leave", Intent::Leave),
        ("send_accept", Intent::Accept),
        ("send_dissolve", Intent::Dissolve),
        ("send_set_role", role),
        (
            "send_slow_mode",
            Intent::SlowMode {
                slow_mode: SlowMode::Minute,
            },
        ),
        (
            "send_forward",
            Intent::Forward {
                text: "Salaam".to_owned(),
            },
        ),
    ]
}
