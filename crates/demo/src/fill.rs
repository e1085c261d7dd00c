//! Has people do what was planned, by the verbs of [`Chat`] that clients use: what comes of it
//! is what would have come if they had been there.

use chat::{Actor, Chat, ChatError, Command, Connection, Device, Outgoing, SendCommand, SignUp};
use protocol::{
    Codec, ConversationId, DisplayName, EmailAddress, ErrorCode, GroupSettings, Intent, Password,
    Role, SendId, Seq, ServerFrame, TextError, Timestamp, UserId, Username,
};

use crate::plan::{Act, Deed, Place, Plan, PlannedConversation};
use crate::script::{Kind, PersonScript};

/// Why the demonstration was not made to its end.
#[derive(Debug, thiserror::Error)]
pub enum FillError {
    /// A name of somebody is none.
    #[error("a name in the demonstration is not valid: {0:?}")]
    Name(TextError),
    /// What somebody does is not permitted.
    #[error("deed {deed} of conversation {conversation} was refused: {code:?}")]
    Refused {
        /// Which conversation, from 0.
        conversation: usize,
        /// Which deed, from 0.
        deed: usize,
        /// Why.
        code: ErrorCode,
    },
    /// Somebody's connection ended.
    #[error("a connection ended")]
    Ended,
    /// The product refused or failed.
    #[error(transparent)]
    Chat(#[from] ChatError),
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Conversations that are made.
    pub conversations: usize,
    /// Messages in them.
    pub messages: usize,
}

/// Makes the people of a plan, each with their password, and has them do everything. The
/// product must have been opened without rate limits and be empty.
///
/// # Errors
/// [`FillError`]; what was made by then stays.
pub async fn fill(
    chat: &Chat,
    plan: &Plan,
    passwords: &[Password],
    mut progress: impl FnMut(Progress),
) -> Result<(), FillError> {
    let mut people = Vec::with_capacity(plan.people.len());
    for (index, (person, password)) in plan.people.iter().zip(passwords).enumerate() {
        // Each at another moment, as accounts are made.
        let at = plan.begins.plus_millis(index as u64 * 1_000);
        people.push(Somebody::sign_up(chat, person, password.clone(), at).await?);
    }
    let mut so_far = Progress {
        conversations: 0,
        messages: 0,
    };
    for (index, conversation) in plan.conversations.iter().enumerate() {
        let mut scene = Scene {
            chat,
            people: &mut people,
            index,
        };
        scene.play(conversation).await?;
        let said = |deed: &&Deed| matches!(deed.act, Act::Say { .. });
        so_far.messages += conversation.deeds.iter().filter(said).count();
        so_far.conversations += 1;
        progress(so_far);
    }
    let at = plan.begins;
    for person in &people {
        chat.disconnect(person.connection.id, at);
        chat.end_session(&person.actor, person.actor.session(), at)
            .await?;
    }
    Ok(())
}

/// A person with a device.
struct Somebody {
    actor: Actor,
    connection: Connection,
}

impl Somebody {
    async fn sign_up(
        chat: &Chat,
        person: &PersonScript,
        password: Password,
        at: Timestamp,
    ) -> Result<Self, FillError> {
        let email = format!("{}@example.org", person.username);
        let form = SignUp {
            display_name: DisplayName::parse(&person.name).map_err(FillError::Name)?,
            username: Username::parse(&person.username).map_err(FillError::Name)?,
            email: EmailAddress::parse(&email).map_err(FillError::Name)?,
            password,
        };
        let device = Device {
            address: std::net::Ipv4Addr::LOCALHOST.into(),
            name: String::new(),
        };
        let actor = chat.sign_up(form, device, at).await?.actor();
        let connection = chat.connect(&actor, Codec::Binary, at)?;
        Ok(Self { actor, connection })
    }

    fn id(&self) -> UserId {
        self.actor.user()
    }

    /// The place that something sent has got.
    async fn settled(&mut self, send_id: SendId) -> Result<Result<Seq, ErrorCode>, FillError> {
        loop {
            let next = self.connection.outgoing.recv().await;
            let Some(Outgoing::Frame(bytes)) = next else {
                return Err(FillError::Ended);
            };
            match Codec::Binary.decode(&bytes) {
                Ok(ServerFrame::Ack {
                    send_id: id, seq, ..
                }) if id == send_id => return Ok(Ok(seq)),
                Ok(ServerFrame::Reject {
                    send_id: id, code, ..
                }) if id == send_id => return Ok(Err(code)),
                _ => {}
            }
        }
    }
}

struct Scene<'a> {
    chat: &'a Chat,
    people: &'a mut [Somebody],
    index: usize,
}

impl Scene<'_> {
    async fn play(&mut self, plan: &PlannedConversation) -> Result<(), FillError> {
        let conversation = self.begin(plan).await?;
        let mut places: Vec<Seq> = Vec::with_capacity(plan.deeds.len());
        let mut newest = Seq::ZERO;
        let index = self.index;
        for (number, deed) in plan.deeds.iter().enumerate() {
            let intent = self.intent(&deed.act, &places);
            let refused = |code| FillError::Refused {
                conversation: index,
                deed: number,
                code,
            };
            let intent = intent.ok_or(refused(ErrorCode::NotFound))?;
            let send = SendCommand {
                send_id: self.send_id(deed.at, number),
                conversation,
                command: Command::try_from(intent).map_err(refused)?,
                after: newest,
                retry: false,
            };
            newest = self.send(deed, send).await?.map_err(refused)?;
            places.push(newest);
        }
        self.read(plan, conversation, newest).await
    }

    async fn begin(&self, plan: &PlannedConversation) -> Result<ConversationId, FillError> {
        let ids = plan.members.iter();
        let ids: Vec<UserId> = ids.filter_map(|at| self.id(*at)).collect();
        let first = plan.members.first().and_then(|at| self.people.get(*at));
        let (Some(first), Some(last)) = (first, ids.last()) else {
            return Err(FillError::Ended);
        };
        let made = match &plan.kind {
            Kind::Direct | Kind::Notes => {
                let opened = self.chat.open_direct(&first.actor, *last, plan.begins);
                opened.await?
            }
            Kind::Group(group) => {
                let title = DisplayName::parse(&group.title).map_err(FillError::Name)?;
                let id = self.send_id(plan.begins, usize::MAX);
                let others = ids.into_iter().skip(1).collect();
                let made = self
                    .chat
                    .create_group(&first.actor, id, title, others, plan.begins);
                made.await?
            }
        };
        Ok(made.id)
    }

    async fn send(
        &mut self,
        deed: &Deed,
        send: SendCommand,
    ) -> Result<Result<Seq, ErrorCode>, FillError> {
        let author = self.people.get_mut(deed.who).ok_or(FillError::Ended)?;
        let send_id = send.send_id;
        self.chat
            .send(&author.actor, author.connection.id, send, deed.at);
        author.settled(send_id).await
    }

    /// Everybody has read everything but what is said to be unread.
    async fn read(
        &self,
        plan: &PlannedConversation,
        conversation: ConversationId,
        newest: Seq,
    ) -> Result<(), FillError> {
        for (place, person) in self.people.iter().enumerate() {
            let unread = plan.unread.iter().find(|(who, _)| *who == place);
            let seq = Seq(newest
                .0
                .saturating_sub(unread.map_or(0, |(_, count)| *count)));
            let read = self
                .chat
                .mark_read(&person.actor, conversation, seq, plan.begins);
            match read.await {
                // Not in it, or not any more.
                Ok(()) | Err(ChatError::Refused(ErrorCode::NotFound)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    fn id(&self, place: Place) -> Option<UserId> {
        self.people.get(place).map(Somebody::id)
    }

    /// Each deed of each conversation has its own.
    fn send_id(&self, at: Timestamp, number: usize) -> SendId {
        SendId::from_parts(at, ((self.index as u128) << 64) | number as u128)
    }

    /// What a client would ask for; `None` if it speaks of what is not there.
    fn intent(&self, act: &Act, places: &[Seq]) -> Option<Intent> {
        let seq = |place: &Place| places.get(*place).copied();
        Some(match act {
            Act::Say { text, answers } => Intent::Text {
                text: text.clone(),
                reply_to: match answers {
                    Some(place) => Some(seq(place)?),
                    None => None,
                },
            },
            Act::React(place, emoji) => Intent::React {
                target: seq(place)?,
                emoji: emoji.clone(),
                on: true,
            },
            Act::Edit(place, text) => Intent::Edit {
                target: seq(place)?,
                text: text.clone(),
            },
            Act::Delete(place) => Intent::Delete {
                target: seq(place)?,
            },
            Act::Pin(place) => Intent::Pin {
                target: seq(place)?,
                on: true,
            },
            Act::Rename(title) => Intent::Rename {
                title: title.clone(),
            },
            Act::Describe(text) => Intent::Describe {
                description: text.clone(),
            },
            Act::Add(people) => {
                let users: Option<_> = people.iter().map(|place| self.id(*place)).collect();
                Intent::Add { users: users? }
            }
            Act::Remove(place) => Intent::Remove {
                user: self.id(*place)?,
            },
            Act::Leave => Intent::Leave,
            Act::Admin(place) => Intent::SetRole {
                user: self.id(*place)?,
                role: Role::Admin,
            },
            Act::Announcements(on) => Intent::Configure {
                settings: GroupSettings {
                    announcements_only: *on,
                    ..GroupSettings::default()
                },
            },
        })
    }
}
