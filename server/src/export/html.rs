//! The form for people: one page without script and without anything from elsewhere, which can
//! be kept, read anywhere and printed.

use std::collections::HashMap;
use std::fmt::Write as _;

use app::components::notice::Teller;
use app::format;
use app::i18n::{Locale, OwnDataTexts, Texts};
use chat::{Exported, Part, SessionInfo};
use protocol::{
    Availability, Content, ConversationId, ConversationKind, ConversationSummary, FolderId, Member,
    Message, OwnProfile, Poll, Privacy, Seq, Timestamp, UserId,
};

use super::Form;

const STYLE: &str = "\
:root{color-scheme:light dark}\
body{font:1rem/1.6 system-ui,'Noto Nastaliq Urdu','Noto Sans Devanagari',sans-serif;\
max-inline-size:46rem;margin:0 auto;padding:1rem}\
:lang(ur){line-height:2.2}\
h2{border-block-start:1px solid;padding-block-start:1rem;margin-block-start:3rem}\
ol,ul.plain{list-style:none;padding:0}\
li.message,li.notice{margin-block:.75rem}\
li.notice{text-align:center;font-size:.9em}\
.text{white-space:pre-wrap;overflow-wrap:anywhere}\
.meta{font-size:.85em}\
table{border-collapse:collapse}td,th{text-align:start;padding:.2rem 1rem .2rem 0}\
@media print{body{max-inline-size:none}li.message{break-inside:avoid}h2{break-after:avoid}}";

/// What the page may do, in its answer and, when it is opened from a disk, in itself.
pub(super) fn policy(nonce: &str) -> String {
    format!("default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; form-action 'none'")
}

/// A page that is written piece by piece.
pub(super) struct Page {
    t: &'static Texts,
    nonce: String,
    me: UserId,
    names: HashMap<UserId, String>,
    folders: HashMap<FolderId, String>,
    conversation: Option<ConversationId>,
    stage: Stage,
}

/// Where in a conversation the page is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Head,
    Members,
    Messages,
}

impl Page {
    pub(super) fn new(locale: Locale, nonce: String) -> Self {
        Self {
            t: locale.texts(),
            nonce,
            me: UserId::from_bytes([0; 16]),
            names: HashMap::new(),
            folders: HashMap::new(),
            conversation: None,
            stage: Stage::Head,
        }
    }

    const fn words(&self) -> &'static OwnDataTexts {
        self.t.own_data()
    }
}

impl Form for Page {
    fn begin(&mut self, about: &Exported) -> String {
        let (t, d) = (self.t, self.words());
        let person = &about.account.person;
        self.me = person.id;
        let folders = about.folders.iter();
        self.folders = folders.map(|it| (it.id, it.name.to_string())).collect();
        let (lang, dir) = (t.locale.code(), t.locale.dir());
        let (policy, nonce) = (escape(&policy(&self.nonce)), &self.nonce);
        let title = escape(d.file_title);
        let name = escape(person.display_name.as_str());
        let mut text = format!(
            "<!DOCTYPE html>\n<html lang=\"{lang}\" dir=\"{dir}\"><head><meta charset=\"utf-8\">\
             <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\
             <meta name=\"viewport\" content=\"width=device-width\">\
             <title>{title} · BaatCheet</title><style nonce=\"{nonce}\">{STYLE}</style></head>\n\
             <body><header><h1>{title}</h1><table>"
        );
        let email = about.account.email.as_deref();
        for (label, value) in [
            (t.display_name, Some(&*name)),
            (t.username, Some(&*escape(person.username.as_str()))),
            (t.email, email.map(escape).as_deref()),
            (d.file_made, Some(&*time(about.at))),
        ] {
            if let Some(value) = value {
                let label = escape(label);
                let _ = write!(text, "<tr><th>{label}</th><td><bdi>{value}</bdi></td></tr>");
            }
        }
        let _ = write!(text, "</table><h2>{}</h2><table>", escape(t.devices));
        for session in &about.sessions {
            text.push_str(&device(t, session));
        }
        text.push_str("</table>");
        self.kept(about, &mut text);
        text.push_str("</header>\n<main>");
        text
    }

    fn part(&mut self, part: &Part) -> String {
        match part {
            Part::Conversation(summary) => self.conversation(summary),
            Part::Members(members) => self.members(members),
            Part::Messages { messages, people } => {
                let people = people.iter();
                let names = people.map(|p| (p.id, p.display_name.to_string()));
                self.names = names.collect();
                let mut text = self.go_to(Stage::Messages).to_owned();
                for message in messages {
                    text.push_str(&self.message(message));
                }
                text
            }
            Part::End { whole } => {
                let mut text = self.go_to(Stage::Messages).to_owned();
                text.push_str("</ol>");
                if !whole {
                    let _ = write!(text, "<p>{}</p>", escape(self.words().file_cut));
                }
                text.push_str("</section>\n");
                text
            }
        }
    }

    fn end(&mut self) -> String {
        let end = escape(self.words().file_end);
        format!("</main><footer><p>{end}</p></footer></body></html>\n")
    }
}

impl Page {
    /// Whom one blocks, what one hides, what one has saved or is reminded of, and what waits,
    /// where there is any.
    fn kept(&self, about: &Exported, text: &mut String) {
        let t = self.t;
        let mut list = |title: &str, rows: Vec<String>| {
            if !rows.is_empty() {
                let rows = rows.concat();
                let _ = write!(text, "<h2>{}</h2><ul>{rows}</ul>", escape(title));
            }
        };
        let blocked = about.blocked.iter().map(|person| {
            let name = escape(person.display_name.as_str());
            let username = escape(person.username.as_str());
            format!("<li><bdi>{name}</bdi> (<bdi>{username}</bdi>)</li>")
        });
        list(t.blocking().people, blocked.collect());
        list(t.hiding().title, hidden(about.privacy, t));
        list(t.standing().profile, standing(&about.profile, t));
        let saved = about.saved.iter().map(|saved| {
            let to = anchor(saved.place.conversation, saved.place.seq);
            format!("<li><a href=\"#{to}\">{}</a></li>", time(saved.saved_at))
        });
        list(t.saved().title, saved.collect());
        let reminders = about.reminders.iter().map(|reminder| {
            let to = anchor(reminder.place.conversation, reminder.place.seq);
            format!("<li><a href=\"#{to}\">{}</a></li>", time(reminder.at))
        });
        list(t.reminders().title, reminders.collect());
        let drafts = about.drafts.iter().map(|kept| {
            let said = escape(kept.draft.text.as_str());
            let at = time(kept.changed_at);
            format!("<li>{at}<div class=\"text\" dir=\"auto\">{said}</div></li>")
        });
        list(t.drafts, drafts.collect());
        let folders = about.folders.iter();
        let folders = folders.map(|it| format!("<li><bdi>{}</bdi></li>", escape(it.name.as_str())));
        list(t.folders().title, folders.collect());
        let scheduled = about.scheduled.iter().map(|waiting| {
            let said = waiting.text.as_ref().map(|text| text.body.as_str());
            let said = escape(said.unwrap_or(t.message_unavailable));
            let due = time(waiting.due);
            format!("<li>{due}<div class=\"text\" dir=\"auto\">{said}</div></li>")
        });
        list(t.later().title, scheduled.collect());
    }

    fn conversation(&mut self, summary: &ConversationSummary) -> String {
        self.conversation = Some(summary.id);
        self.stage = Stage::Head;
        let title = match summary.kind {
            ConversationKind::Notes => self.t.notes_name.to_owned(),
            ConversationKind::Group => summary
                .title
                .as_ref()
                .map_or_else(|| self.t.group_name.to_owned(), ToString::to_string),
            ConversationKind::Direct => {
                let others = summary.members.iter();
                let mut others = others.filter(|member| member.person.id != self.me);
                others
                    .next()
                    .map_or_else(String::new, |other| other.person.display_name.to_string())
            }
        };
        let mut text = format!("<section><h2 dir=\"auto\">{}</h2>", escape(&title));
        if let Some(description) = &summary.description {
            let description = escape(description.as_str());
            let _ = write!(text, "<p class=\"text\" dir=\"auto\">{description}</p>");
        }
        let folder = summary.preferences.folder;
        if let Some(folder) = folder.and_then(|id| self.folders.get(&id)) {
            let (label, folder) = (escape(self.t.folders().folder), escape(folder));
            let _ = write!(text, "<p class=\"meta\">{label}: <bdi>{folder}</bdi></p>");
        }
        let began = escape(self.words().file_began);
        let _ = write!(
            text,
            "<p class=\"meta\">{began} {}</p><ul class=\"meta\">",
            time(summary.created_at)
        );
        text
    }

    fn members(&mut self, members: &[Member]) -> String {
        let mut text = self.go_to(Stage::Members).to_owned();
        for member in members {
            let name = escape(member.person.display_name.as_str());
            let username = escape(member.person.username.as_str());
            let _ = write!(text, "<li><bdi>{name}</bdi> (<bdi>{username}</bdi>)</li>");
        }
        text
    }

    /// What stands between the members and the messages, once.
    fn go_to(&mut self, stage: Stage) -> &'static str {
        let before = std::mem::replace(&mut self.stage, stage);
        if before != Stage::Messages && stage == Stage::Messages {
            "</ul>\n<ol>"
        } else {
            ""
        }
    }

    fn message(&self, message: &Message) -> String {
        let time = time(message.sent_at);
        let id = self.place(message.seq);
        let name_of = |user: UserId| self.names.get(&user).cloned();
        let teller = Teller {
            t: self.t,
            me: self.me,
            name_of: &name_of,
        };
        if let Content::Notice(notice) = &message.content {
            let told = escape(&teller.notice(message.author, notice));
            return format!("<li class=\"notice\" id=\"{id}\" dir=\"auto\">{told} · {time}</li>\n");
        }
        let author = name_of(message.author).unwrap_or_default();
        let mut text = format!(
            "<li class=\"message\" id=\"{id}\"><article><div class=\"meta\">\
             <b><bdi>{}</bdi></b> · {time}",
            escape(&author)
        );
        if message.marks.edited_at.is_some() {
            let _ = write!(text, " · {}", escape(self.t.actions().edited));
        }
        text.push_str("</div>");
        match &message.content {
            Content::Text(said) => {
                if let Some(seq) = said.reply_to {
                    let (to, answer) = (self.place(seq), escape(self.words().file_answer));
                    let _ = write!(
                        text,
                        "<div class=\"meta\"><a href=\"#{to}\">{answer}</a></div>"
                    );
                }
                let body = escape(said.body.as_str());
                let _ = write!(text, "<div class=\"text\" dir=\"auto\">{body}</div>");
            }
            Content::Poll(poll) => text.push_str(&self.poll(poll, &teller)),
            Content::Deleted => {
                let _ = write!(text, "<div><i>{}</i></div>", escape(self.t.message_deleted));
            }
            _ => {
                let gone = escape(self.t.message_unavailable);
                let _ = write!(text, "<div><i>{gone}</i></div>");
            }
        }
        for reaction in &message.marks.reactions {
            let (emoji, by) = (reaction.emoji.as_str(), teller.list(&reaction.users));
            let (emoji, by) = (escape(emoji), escape(&by));
            let _ = write!(text, "<div class=\"meta\">{emoji} <bdi>{by}</bdi></div>");
        }
        text.push_str("</article></li>\n");
        text
    }

    /// Its question, and each answer with how many chose it and who, as far as that is told.
    fn poll(&self, poll: &Poll, teller: &Teller<'_>) -> String {
        let question = escape(poll.question.as_str());
        let mut text = format!("<div class=\"text\" dir=\"auto\">{question}</div><ul>");
        for (at, answer) in poll.answers.iter().enumerate() {
            let count = poll.tally.get(at).copied().unwrap_or(0);
            let votes = escape(&self.t.count(&self.t.polls().votes, count.into()));
            let answer = escape(answer.as_str());
            let _ = write!(text, "<li><bdi>{answer}</bdi> · {votes}");
            let chose = poll.ballots.iter().filter(|ballot| ballot.1.has(at));
            let users: Vec<UserId> = chose.map(|ballot| ballot.0).collect();
            if !users.is_empty() {
                let names = escape(&teller.list(&users));
                let _ = write!(text, " <span class=\"meta\"><bdi>{names}</bdi></span>");
            }
            text.push_str("</li>");
        }
        text.push_str("</ul>");
        text
    }

    /// The anchor of a message of this conversation.
    fn place(&self, seq: Seq) -> String {
        let anchor = self.conversation.map(|id| anchor(id, seq));
        anchor.unwrap_or_default()
    }
}

/// Where on the page a message is.
fn anchor(conversation: ConversationId, seq: Seq) -> String {
    format!("{conversation}-{}", seq.0)
}

/// What is hidden from others, a row for each.
fn hidden(privacy: Privacy, t: &Texts) -> Vec<String> {
    let h = t.hiding();
    [
        (privacy.hides_reading, h.reading),
        (privacy.hides_presence, h.presence),
    ]
    .into_iter()
    .filter(|(hides, _)| *hides)
    .map(|(_, text)| format!("<li>{}</li>", escape(text)))
    .collect()
}

/// What somebody says of themselves and how they want to be there, a row for each.
fn standing(profile: &OwnProfile, t: &Texts) -> Vec<String> {
    let s = t.standing();
    let about = profile.about.as_ref().map(ToString::to_string);
    let status = profile.status.as_ref().map(|status| {
        let emoji = status.emoji().map(ToString::to_string);
        let text = status.text().map(ToString::to_string);
        let parts: Vec<String> = emoji.into_iter().chain(text).collect();
        parts.join(" ")
    });
    let availability = match profile.availability {
        Availability::Automatic => None,
        Availability::Busy { .. } => Some(s.busy_choice.to_owned()),
        Availability::Invisible => Some(s.invisible.to_owned()),
    };
    let rows = [about, status, availability].into_iter().flatten();
    rows.map(|row| format!("<li dir=\"auto\">{}</li>", escape(&row)))
        .collect()
}

fn device(t: &Texts, session: &SessionInfo) -> String {
    let current = if session.current { t.this_device } else { "" };
    format!(
        "<tr><td><bdi>{}</bdi> {}</td><td>{}</td></tr>",
        escape(&session.device),
        escape(current),
        time(session.created_at)
    )
}

fn time(at: Timestamp) -> String {
    let (iso, date, clock) = (format::iso(at), format::date(at), format::clock(at));
    format!("<time datetime=\"{iso}\"><bdi>{date} {clock} UTC</bdi></time>")
}

/// A text as it stands in an element or a quoted attribute.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}
