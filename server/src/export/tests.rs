use app::i18n::Locale;
use serde_json::Value;

use super::samples::{HOSTILE, NOW, about, parts};
use super::*;

fn written(mut form: impl Form) -> String {
    let mut text = form.begin(&about());
    for part in parts() {
        text.push_str(&form.part(&part));
    }
    text.push_str(&form.end());
    text
}

fn page(locale: Locale) -> String {
    written(Page::new(locale, "0123".to_owned()))
}

#[test]
fn the_json_of_an_account_is_one_document() {
    let text = written(Json::default());
    let all: Value = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text}"));
    assert_eq!(all["format"], "baatcheet-export");
    assert_eq!(all["version"], 1);
    assert_eq!(all["profile"]["email"], "n@example.org");
    assert_eq!(all["sessions"][0]["current"], true);
    assert_eq!(all["blocked"][0]["username"], "user3");
    assert_eq!(all["privacy"]["hides_reading"], true);
    assert_eq!(all["standing"]["availability"], "invisible");
    assert_eq!(all["standing"]["status"]["text"], "chai <i>");
    assert_eq!(all["saved"][0]["seq"], 2);
    assert_eq!(all["reminders"][0]["at"], NOW.millis());
    assert_eq!(all["drafts"][0]["draft"]["text"], HOSTILE);
    assert_eq!(all["scheduled"][0]["text"]["body"], HOSTILE);
    assert_eq!(all["folders"][0]["name"], "<script>x</script>");
    let [group, direct] = &all["conversations"].as_array().unwrap()[..] else {
        panic!("{text}")
    };
    assert_eq!(group["folder"], "<script>x</script>");
    assert_eq!(direct["folder"], Value::Null);
    assert_eq!(group["members"].as_array().unwrap().len(), 2);
    let messages = group["messages"].as_array().unwrap();
    let places: Vec<_> = messages
        .iter()
        .map(|m| m["seq"].as_u64().unwrap())
        .collect();
    assert_eq!(places, [1, 2, 3, 4, 5]);
    assert_eq!(
        messages[4]["content"]["poll"]["tally"],
        serde_json::json!([2, 1])
    );
    assert_eq!(messages[1]["content"]["text"]["body"], HOSTILE);
    assert_eq!(messages[1]["author_name"], "Imran \"i\"");
    assert_eq!(
        (&group["whole"], &direct["whole"]),
        (&true.into(), &false.into())
    );
    assert_eq!(direct["messages"].as_array().unwrap().len(), 0);
}

#[test]
fn case_25_what_people_wrote_stays_text_on_the_page_of_an_account() {
    for locale in Locale::ALL {
        let page = page(locale);
        for made in ["<script", "<b>\"", "<i>\"", "Firefox <i>", "گھر <\""] {
            assert!(!page.contains(made), "{made}");
        }
        assert!(page.contains("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;amp; &#39;"));
        for element in ["section", "ol", "ul", "article", "table", "main", "body"] {
            let count = |mark: String| page.matches(&mark).count();
            let opened = count(format!("<{element}>")) + count(format!("<{element} "));
            assert_eq!(opened, count(format!("</{element}>")), "{element}");
        }
        assert!(!page.contains("src="), "nothing comes from elsewhere");
    }
}

#[test]
fn the_page_of_an_account_reads_in_each_language_and_direction() {
    let urdu = page(Locale::Ur);
    assert!(urdu.contains("<html lang=\"ur\" dir=\"rtl\">"));
    for (locale, created) in [
        (Locale::En, "Imran &quot;i&quot; created the group"),
        (Locale::Hi, "ने"),
        (Locale::Ur, "نے"),
    ] {
        let page = page(locale);
        assert!(page.contains(created), "{created}");
        assert!(page.contains("<div class=\"text\" dir=\"auto\">हाँ\nدو سطریں</div>"));
        assert!(page.contains("❤️"));
        for title in [
            locale.texts().blocking().people,
            locale.texts().saved().title,
            locale.texts().reminders().title,
            locale.texts().drafts,
            locale.texts().folders().title,
            locale.texts().later().title,
        ] {
            assert!(page.contains(&format!("<h2>{title}</h2>")), "{title}");
        }
        let folder = locale.texts().folders().folder;
        let folder = format!("{folder}: <bdi>&lt;script&gt;x&lt;/script&gt;</bdi>");
        assert_eq!(page.matches(&folder).count(), 1);
        assert!(page.contains(locale.texts().message_deleted));
        let id = protocol::ConversationId::from_bytes([7; 16]);
        let links = page.matches(&format!("href=\"#{id}-2\"")).count();
        assert_eq!(links, 3, "an answer, a saved message and a reminder");
        assert!(page.contains(&format!("id=\"{id}-2\"")));
    }
}

#[test]
fn the_page_of_an_account_may_load_nothing_wherever_it_is_opened() {
    let page = page(Locale::En);
    let policy = html::policy("0123").replace('\'', "&#39;");
    assert!(policy.starts_with("default-src &#39;none&#39;"));
    assert!(page.contains(&policy), "{page}");
    assert_eq!(page.matches("nonce=\"0123\"").count(), 1);
    assert!(!page.contains(" style="), "inline");
}

#[test]
fn the_file_of_an_account_is_named_after_its_owner_and_day() {
    assert_eq!(
        file_name(&about(), "json"),
        "baatcheet-user1-2026-11-22.json"
    );
    for other in ["", "xml", "json/", "JSON"] {
        assert_eq!(Kind::parse(other), None, "{other}");
    }
}
