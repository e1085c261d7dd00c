//! Reports to those who run the server.

use chat::{Actor, ChatError, Complaint, Config, ReportedMessage};
use protocol::limits::REPORTS;
use protocol::{
    ErrorCode, Intent, Report, ReportNote, ReportReason, Reported, SavedPlace, Seq, UserId,
};

use crate::closing::{delete, settled};
use crate::support::{NOW, World, config, refused};

const fn of(about: Reported) -> Report {
    Report {
        about,
        reason: ReportReason::Spam,
        note: None,
    }
}

async fn report(world: &World, actor: &Actor, report: Report) -> Result<(), ChatError> {
    world.chat.report(actor, report, NOW).await
}

async fn complaints(world: &World) -> Vec<Complaint> {
    world.chat.complaints(100).await.unwrap()
}

#[tokio::test]
async fn a_report_holds_who_whom_why_and_the_words_as_they_were() {
    let mut world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let (mut a, mut b) = (world.tab(&asha).await, world.tab(&bilal).await);
    let seq = b.does(world.command(id, "buy this")).await.unwrap();
    a.next_event().await;
    let place = SavedPlace {
        conversation: id,
        seq,
    };
    let note = Some(ReportNote::parse("every day").unwrap());
    let about_message = Report {
        note: note.clone(),
        reason: ReportReason::Other,
        ..of(Reported::Message(place))
    };
    report(&world, &asha, about_message).await.unwrap();
    let about_person = of(Reported::Person(bilal.user()));
    let later = NOW.plus_millis(1);
    world.chat.report(&asha, about_person, later).await.unwrap();
    // What it says later is another thing, and whoever is reported hears nothing.
    let text = "have a nice day".to_owned();
    let edit = Intent::Edit { target: seq, text };
    b.does(world.intend(id, edit)).await.unwrap();
    assert_eq!(b.waiting(), 0);

    world.restart().await;
    let [first, second] = &complaints(&world).await[..] else {
        panic!("two were sent");
    };
    let who = |it: &Complaint| (it.reporter.id, it.about.id, it.at, it.reason);
    let (from, to) = (asha.user(), bilal.user());
    assert_eq!(who(first), (from, to, NOW, ReportReason::Other));
    assert_eq!(who(second), (from, to, later, ReportReason::Spam));
    assert_eq!((&first.note, &second.note), (&note, &None));
    let message = ReportedMessage {
        place,
        sent_at: NOW,
        text: "buy this".to_owned(),
    };
    assert_eq!(first.message, Some(message));
    assert_eq!(second.message, None);
}

#[tokio::test]
async fn nobody_reports_what_they_cannot_read_or_themselves() {
    let world = World::new().await;
    let (asha, bilal, id) = world.pair().await;
    let chandra = world.person("chandra").await;
    let mut b = world.tab(&bilal).await;
    let seq = b.does(world.command(id, "private")).await.unwrap();
    b.does(world.intend(id, Intent::Delete { target: seq }))
        .await
        .unwrap();
    let kept = b.does(world.command(id, "kept")).await.unwrap();
    let message = |seq| {
        of(Reported::Message(SavedPlace {
            conversation: id,
            seq,
        }))
    };
    let nobody = UserId::from_bytes([9; 16]);
    for (actor, what, code) in [
        (&chandra, message(kept), ErrorCode::NotFound),
        (&asha, message(Seq(99)), ErrorCode::NotFound),
        (&asha, message(seq), ErrorCode::NotFound),
        (&asha, of(Reported::Person(nobody)), ErrorCode::NotFound),
        (&bilal, message(kept), ErrorCode::Forbidden),
        (
            &asha,
            of(Reported::Person(asha.user())),
            ErrorCode::Forbidden,
        ),
    ] {
        refused(report(&world, actor, what).await, code);
    }
    assert_eq!(complaints(&world).await, []);
}

#[tokio::test]
async fn one_account_sends_so_many_until_they_are_dealt_with_and_not_faster_than_they_are_read() {
    let world = World::new().await;
    let (asha, bilal, _) = world.pair().await;
    let about = of(Reported::Person(bilal.user()));
    for _ in 0..REPORTS {
        report(&world, &asha, about.clone()).await.unwrap();
    }
    refused(
        report(&world, &asha, about.clone()).await,
        ErrorCode::TooMany,
    );
    let first = complaints(&world).await.remove(0).id;
    assert!(world.chat.dismiss_complaint(first).await.unwrap());
    assert!(!world.chat.dismiss_complaint(first).await.unwrap());
    assert_eq!(complaints(&world).await.len(), REPORTS - 1);
    report(&world, &asha, about.clone()).await.unwrap();

    let world = World::with(Config {
        rate_limits: true,
        ..config()
    })
    .await;
    let (asha, bilal, _) = world.pair().await;
    let about = of(Reported::Person(bilal.user()));
    let outcome = loop {
        if let Err(error) = report(&world, &asha, about.clone()).await {
            break error;
        }
    };
    assert!(matches!(outcome, ChatError::RateLimited { .. }));
    assert!(complaints(&world).await.len() < REPORTS);
}

#[tokio::test]
async fn reports_outlive_the_accounts_that_they_name() {
    let world = World::new().await;
    let (asha, bilal, _) = world.pair().await;
    let about = of(Reported::Person(bilal.user()));
    report(&world, &asha, about).await.unwrap();
    for actor in [&asha, &bilal] {
        delete(&world, actor).await;
    }
    settled(&world).await;
    let [left] = &complaints(&world).await[..] else {
        panic!("one was sent");
    };
    assert!(left.reporter.is_gone() && left.about.is_gone());
}
