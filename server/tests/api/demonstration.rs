//! `seed-demo`: the program fills an empty server over the database that people use, and what
//! it wrote is read back over HTTP, every message in its order.

use std::collections::HashMap;
use std::path::Path;

use demo::{Act, Deed, Kind, Plan, PlannedConversation};
use protocol::Timestamp;
use serde_json::Value;

use crate::program::{program, refused, run, start, stop};
use crate::support::TestUser;

/// What the plan says does not depend on the moment.
fn plan() -> Plan {
    Plan::new(Timestamp::from_millis(1_800_000_000_000)).unwrap()
}

/// Fills a server; the passwords by username.
async fn seeded(folder: &Path) -> HashMap<String, String> {
    let output = run(program(folder).arg("seed-demo")).await;
    let said = String::from_utf8(output.stdout).unwrap();
    let log = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{said}{log}");
    let names = plan().people.into_iter().map(|person| person.username);
    let password = |name: &str| {
        let line = said
            .lines()
            .find(|line| line.trim_start().starts_with(name));
        let word = line.and_then(|line| line.split_whitespace().nth(1));
        word.unwrap_or_else(|| panic!("no password of {name} in {said}"))
            .to_owned()
    };
    let passwords: HashMap<_, _> = names.map(|name| (name.clone(), password(&name))).collect();
    for password in passwords.values() {
        assert!(!log.contains(password), "a password was logged");
    }
    let told = format!("{} messages", plan().messages());
    assert!(said.contains(&told), "{said}");
    passwords
}

/// All that somebody reads of a conversation, in order.
async fn history(user: &TestUser, conversation: &str) -> Vec<Value> {
    let mut all = Vec::new();
    let mut from = 1;
    loop {
        let to = from + 99;
        let path = format!("/api/history?conversation={conversation}&from={from}&to={to}");
        let page = user.get(&path).await.ok().json();
        let messages = page["messages"].as_array().unwrap().clone();
        all.extend(messages);
        // Whoever came later gets less of the first page.
        from = to + 1;
        if to >= page["last_seq"].as_u64().unwrap() {
            return all;
        }
    }
}

/// What a conversation says in the end: texts, with those of deleted messages missing.
fn texts_planned(conversation: &PlannedConversation) -> Vec<Option<&str>> {
    let mut texts: Vec<Option<&str>> = Vec::new();
    for deed in &conversation.deeds {
        texts.push(match &deed.act {
            Act::Say { text, .. } => Some(text),
            _ => None,
        });
        match &deed.act {
            Act::Edit(target, text) => texts[*target] = Some(text),
            Act::Delete(target) => texts[*target] = None,
            _ => {}
        }
    }
    texts
}

fn texts_read(messages: &[Value]) -> Vec<Option<&str>> {
    let body = |message: &'_ Value| message["content"]["text"]["body"].as_str().is_some();
    messages
        .iter()
        .map(|message| body(message).then(|| message["content"]["text"]["body"].as_str().unwrap()))
        .collect()
}

/// The exports of somebody hold what they read, every message in its order.
async fn compare_export(user: &TestUser, histories: &HashMap<String, Vec<Value>>) {
    let all = user.get("/api/export/json").await.ok().json();
    let page = user.get("/api/export/html").await.ok();
    let conversations = all["conversations"].as_array().unwrap();
    assert_eq!(conversations.len(), histories.len());
    let mut rest = page.text();
    for conversation in conversations {
        assert_eq!(conversation["whole"], true);
        let shown = |message: &&Value| message["content"].get("change").is_none();
        let history = &histories[&conversation["id"].to_string()];
        let history: Vec<&Value> = history.iter().filter(shown).collect();
        let exported = conversation["messages"].as_array().unwrap();
        assert_eq!(exported.len(), history.len());
        for (exported, read) in exported.iter().zip(history) {
            for field in ["seq", "author", "sent_at", "content", "marks"] {
                assert_eq!(exported[field], read[field]);
            }
            assert!(exported["author_name"].is_string(), "{exported}");
            let anchor = format!(
                "id=\"{}-{}\"",
                conversation["id"].as_str().unwrap(),
                read["seq"]
            );
            let at = rest
                .find(&anchor)
                .unwrap_or_else(|| panic!("{anchor} is not in its place"));
            rest = &rest[at..];
            if let Some(body) = read["content"]["text"]["body"].as_str() {
                let end = rest.find("</li>").unwrap();
                assert!(rest[..end].contains(&escaped(body)), "{body}");
            }
        }
    }
    assert!(rest.contains("</html>"));
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    let text = text.replace('>', "&gt;").replace('"', "&quot;");
    text.replace('\'', "&#39;")
}

#[tokio::test]
async fn a_demonstration_is_read_back_and_made_once() {
    let folder = tempfile::tempdir().unwrap();
    let passwords = seeded(folder.path()).await;
    let again = run(program(folder.path()).arg("seed-demo")).await;
    let said = String::from_utf8(again.stderr).unwrap();
    assert!(
        !again.status.success() && said.contains("there are accounts already"),
        "{said}"
    );

    let running = start(program(folder.path()).env("BAATCHEET_LIMITS_RATE_LIMITS", "false")).await;
    let plan = plan();
    let mut read = 0;
    for (place, person) in plan.people.iter().enumerate() {
        let password = &passwords[&person.username];
        let user = TestUser::sign_in(running.address, &person.username, password).await;
        let listed = user.get("/api/list_conversations").await.ok().json();
        let mut histories = HashMap::new();
        for summary in listed.as_array().unwrap() {
            let messages = history(&user, summary["id"].as_str().unwrap()).await;
            let groups = usize::from(summary["kind"] == "group");
            let found = texts_read(&messages);
            // A group begins with the notice that it was made.
            let found = &found[groups..];
            let same = plan.conversations.iter().filter(|conversation| {
                let is_group = matches!(conversation.kind, Kind::Group(_));
                usize::from(is_group) == groups && texts_planned(conversation) == found
            });
            // Whoever came later, or came back, begins there.
            let joined_later = plan.conversations.iter().any(|conversation| {
                let brings =
                    |deed: &Deed| matches!(&deed.act, Act::Add(new) if new.contains(&place));
                conversation.deeds.iter().any(brings)
                    && texts_planned(conversation).ends_with(found)
            });
            assert!(same.count() == 1 || joined_later, "{summary}");
            read += found.len();
            histories.insert(summary["id"].clone().to_string(), messages);
        }
        compare_export(&user, &histories).await;
    }
    assert!(read > 2 * plan.messages(), "{read}");
    stop(running).await;
}

#[tokio::test]
async fn an_empty_server_tells_of_the_demonstration() {
    let folder = tempfile::tempdir().unwrap();
    let help = run(program(folder.path()).arg("--help")).await;
    assert!(
        String::from_utf8(help.stdout)
            .unwrap()
            .contains("seed-demo")
    );
    refused(
        &run(program(folder.path()).args(["seed-demo", "--now"])).await,
        "--now",
    );
    // The memory's demonstration would be gone at once.
    let mut memory = program(folder.path());
    memory.env("BAATCHEET_STORE", "memory").arg("seed-demo");
    refused(&run(&mut memory).await, "memory");
}
