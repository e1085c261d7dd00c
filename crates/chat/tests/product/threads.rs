//! Threads: answers under a message, what the message says of them, and reading them.

use chat::Actor;
use protocol::limits::THREAD_PAGE;
use protocol::{
    Answers, Content, ConversationId, ErrorCode, Intent, Message, Seq, Thread, ThreadPage, UserId,
};

use crate::changes::{delete, edit, react, read, reply};
use crate::support::{NOW, Tab, World, places, refused, text};

impl World {
    async fn thread_of(&self, who: &Actor, id: ConversationId, root: u64) -> ThreadPage {
        let page = self.chat.thread(who, id, Seq(root), None).await;
        page.unwrap()
    }
}

async fn does(world: &World, tab: &mut Tab, id: ConversationId, intent: Intent) -> u64 {
    tab.does(world.intend(id, intent)).await.unwrap().0
}

fn answers(message: &Message) -> &Answers {
    match &message.marks.thread {
        Some(Thread::Root(answers)) => answers,
        other => panic!("{other:?}"),
    }
}

/// How many answers a root says it has, the newest, and who wrote them.
fn told(message: &Message) -> (u32, u64, Vec<UserId>) {
    let Answers {
        count,
        last,
        authors,
        ..
    } = answers(message);
    (*count, last.0, authors.clone())
}

fn under(message: &Message) -> Option<u64> {
    match message.marks.thread {
        Some(Thread::Under(root)) => Some(root.0),
        _ => None,
    }
}

#[tokio::test]
async fn answers_to_answers_are_in_the_thread_of_its_root() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let (mut one, mut other) = (world.tab(&asha).await, world.tab(&bilal).await);
    world.write(&mut one, id, 2).await;
    does(&world, &mut other, id, reply("first", 1)).await;
    does(&world, &mut one, id, reply("second", 3)).await;
    does(&world, &mut one, id, reply("elsewhere", 2)).await;
    for seq in [3, 4] {
        assert_eq!(under(&read(&world, &bilal, id, seq).await), Some(1));
    }
    assert_eq!(under(&read(&world, &bilal, id, 5).await), Some(2));
    let root = read(&world, &asha, id, 1).await;
    assert_eq!(told(&root), (2, 4, vec![asha.user(), bilal.user()]));
    assert_eq!(root.marks.version, Seq(4));
    assert_eq!(answers(&root).last_at, NOW);
    let page = world.thread_of(&bilal, id, 1).await;
    assert_eq!(page.message, Some(root));
    assert_eq!(places(&page.answers), [3, 4]);
    assert!(!page.more);
}

#[tokio::test]
async fn everybody_hears_in_which_thread_an_answer_is() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let (mut author, mut reader) = (world.tab(&asha).await, world.tab(&bilal).await);
    world.write(&mut author, id, 1).await;
    reader.event().await;
    does(&world, &mut author, id, reply("first", 1)).await;
    assert_eq!(under(&reader.event().await), Some(1));
}

#[tokio::test]
async fn answers_of_one_commit_are_counted_each() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let (mut author, mut reader) = (world.tab(&asha).await, world.tab(&bilal).await);
    // Root and answers wait for the same commit.
    let ids: Vec<_> = ["root", "one", "two"]
        .into_iter()
        .enumerate()
        .map(|(at, text)| match at {
            0 => author.send(world.command(id, text)),
            at => author.send(world.intend(id, reply(text, at as u64))),
        })
        .collect();
    for (id, seq) in ids.into_iter().zip(1..) {
        assert_eq!(author.acked(id).await, Seq(seq));
    }
    assert_eq!(told(&read(&world, &bilal, id, 1).await).0, 2);
    for seq in 1..=3 {
        assert_eq!(reader.event().await.seq, Seq(seq));
    }
    assert_eq!(
        places(&world.thread_of(&bilal, id, 1).await.answers),
        [2, 3]
    );
}

#[tokio::test]
async fn a_thread_outlives_its_root_and_its_answers() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut author = world.tab(&asha).await;
    world.write(&mut author, id, 1).await;
    does(&world, &mut author, id, reply("first", 1)).await;
    does(&world, &mut author, id, delete(1)).await;
    does(&world, &mut author, id, delete(2)).await;
    // To what is deleted, too.
    does(&world, &mut author, id, reply("second", 2)).await;
    does(&world, &mut author, id, reply("third", 1)).await;
    let page = world.thread_of(&bilal, id, 1).await;
    let root = page.message.unwrap();
    assert_eq!(root.content, Content::Deleted);
    assert_eq!(told(&root), (3, 6, vec![asha.user()]));
    assert_eq!(places(&page.answers), [2, 5, 6]);
    assert_eq!(page.answers[0].content, Content::Deleted);
    assert_eq!(under(&page.answers[0]), Some(1));
}

#[tokio::test]
async fn a_thread_is_read_as_it_is_now_and_part_by_part() {
    let mut world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut author = world.tab(&asha).await;
    world.write(&mut author, id, 1).await;
    let many = THREAD_PAGE as u64 + 3;
    for number in 0..many {
        // Something else stands between.
        world.write(&mut author, id, 1).await;
        does(
            &world,
            &mut author,
            id,
            reply(&format!("answer {number}"), 1),
        )
        .await;
    }
    let last = 1 + 2 * many;
    does(&world, &mut author, id, edit(last, "better")).await;
    does(&world, &mut author, id, react(1, "👍", true)).await;
    // Not from what is held in memory.
    world.restart().await;
    let page = world.thread_of(&bilal, id, 1).await;
    assert_eq!(page.answers.len(), THREAD_PAGE);
    assert!(page.more);
    assert_eq!(page.last_seq, Seq(last + 2));
    assert_eq!(text(page.answers.last().unwrap()), "better");
    let root = page.message.unwrap();
    assert_eq!(root.marks.reactions.len(), 1);
    assert_eq!(u64::from(answers(&root).count), many);
    let before = Some(page.answers[0].seq);
    let rest = world.chat.thread(&bilal, id, Seq(1), before).await.unwrap();
    assert_eq!(places(&rest.answers), [3, 5, 7]);
    assert!(!rest.more);
    // And the thread goes on after a restart, under an old answer.
    let mut author = world.tab(&asha).await;
    does(&world, &mut author, id, reply("late", 3)).await;
    assert_eq!(
        told(&read(&world, &bilal, id, 1).await).0,
        answers(&root).count + 1
    );
}

#[tokio::test]
async fn what_is_not_theirs_to_read_is_not_shown() {
    let world = World::new().await;
    let (asha, bilal) = (world.person("asha").await, world.person("bilal").await);
    let id = world.group(&asha, &[]).await;
    let mut author = world.tab(&asha).await;
    let root = does(&world, &mut author, id, Intent::text("root")).await;
    let early = does(&world, &mut author, id, reply("early", root)).await;
    let thread = |who, root| world.chat.thread(who, id, Seq(root), None);
    refused(thread(&bilal, root).await, ErrorCode::NotFound);
    let users = vec![bilal.user()];
    let came = does(&world, &mut author, id, Intent::Add { users }).await;
    // Nothing of it is theirs yet.
    refused(thread(&bilal, root).await, ErrorCode::NotFound);
    let late = does(&world, &mut author, id, reply("late", early)).await;
    let page = thread(&bilal, root).await.unwrap();
    assert_eq!(page.message, None);
    assert_eq!(places(&page.answers), [late]);
    // Whoever answers what they see is in the same thread.
    let mut reader = world.tab(&bilal).await;
    let own = does(&world, &mut reader, id, reply("own", late)).await;
    assert_eq!(under(&read(&world, &asha, id, own).await), Some(root));
    for nothing in [0, came, 99] {
        refused(thread(&asha, nothing).await, ErrorCode::NotFound);
    }
}

#[tokio::test]
async fn a_message_that_nobody_answered_is_a_thread_without_answers() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut author = world.tab(&asha).await;
    world.write(&mut author, id, 1).await;
    let page = world.thread_of(&bilal, id, 1).await;
    assert_eq!(page.message.unwrap().marks.thread, None);
    assert_eq!(page.answers, []);
}

#[tokio::test]
async fn an_answer_that_was_sent_twice_is_counted_once() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let mut author = world.tab(&asha).await;
    world.write(&mut author, id, 1).await;
    let command = world.intend(id, reply("once", 1));
    for retry in [false, true] {
        let again = chat::SendCommand {
            retry,
            ..command.clone()
        };
        assert_eq!(author.does(again).await, Ok(Seq(2)));
    }
    assert_eq!(told(&read(&world, &bilal, id, 1).await).0, 1);
}
