//! The end of an account.

use std::sync::Arc;

use chat::{
    Actor, DraftRecord, FolderCommand, FolderRecord, ReminderRecord, SavedRecord, ScheduledRecord,
    SeenRecord, Store,
};
use protocol::{
    About, CloseCode, Content, ErrorCode, Field, FolderId, FolderName, Intent, Notice, Password,
    Reminder, Role, SavedPlace, SearchTerm, SeenThread, Seq, ServerFrame, Username,
};

use crate::groups::{tabs, three};
use crate::support::{Got, NOW, PASSWORD, Tab, World, device, refused};

pub(crate) async fn delete(world: &World, actor: &Actor) {
    let password = Password::parse_existing(PASSWORD.to_owned()).unwrap();
    let deleted = world
        .chat
        .delete_account(actor, password, device().address, NOW);
    deleted.await.unwrap();
}

/// Waits until nothing is left to be done for closed accounts.
pub(crate) async fn settled(world: &World) {
    while !world.store.closing_accounts(9).await.unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
}

/// The notice that somebody has left, as somebody else hears of it.
async fn left(tab: &mut Tab) -> (protocol::Message, Notice) {
    loop {
        let message = tab.next_event().await;
        if let Content::Notice(notice) = message.content.clone() {
            return (message, notice);
        }
    }
}

#[tokio::test]
async fn nobody_signs_in_to_it_finds_it_or_opens_it() {
    let world = World::new().await;
    let (asha, bilal, _) = world.pair().await;
    let tokens = world.tokens("asha").await;
    let mut tab = world.tab(&asha).await;
    delete(&world, &asha).await;
    assert_eq!(tab.closed().await, CloseCode::SessionEnded);
    refused(
        world.chat.authenticate(&tokens.access_token, NOW).await,
        ErrorCode::Unauthenticated,
    );
    refused(
        world.chat.refresh(&tokens.refresh_token, NOW).await,
        ErrorCode::Unauthenticated,
    );
    for login in ["asha", "asha@example.org"] {
        let form = chat::SignIn {
            login: login.to_owned(),
            password: Password::parse_existing(PASSWORD.to_owned()).unwrap(),
        };
        let outcome = world.chat.sign_in(form, device(), NOW).await;
        refused(outcome, ErrorCode::InvalidCredentials);
    }
    for word in ["asha", "खान"] {
        let term = SearchTerm::parse(word).unwrap();
        let found = world.chat.search_people(&bilal, &term, NOW).await.unwrap();
        assert!(
            found.iter().all(|person| person.id != asha.user()),
            "{word}"
        );
    }
    let carla = world.person("carla").await;
    let outcome = world.chat.open_direct(&carla, asha.user(), NOW).await;
    refused(outcome, ErrorCode::AccountGone);
}

#[tokio::test]
async fn nothing_is_left_of_the_threads_it_has_seen() {
    let world = World::new().await;
    let (asha, _, conversation) = world.pair().await;
    let seq = Seq(1);
    let seen = SeenRecord {
        user: asha.user(),
        thread: SeenThread {
            root: SavedPlace { conversation, seq },
            seen: Seq(9),
        },
        seen_at: NOW,
    };
    world.store.threads().put_seen(&seen).await.unwrap();
    delete(&world, &asha).await;
    settled(&world).await;
    assert_eq!(world.store.threads().seen(asha.user()).await.unwrap(), []);
}

#[tokio::test]
async fn what_is_stored_of_it_is_an_id_and_a_username() {
    let world = World::new().await;
    let (asha, bilal, direct) = world.pair().await;
    let place = SavedPlace {
        conversation: direct,
        seq: Seq(1),
    };
    let saved = SavedRecord {
        user: asha.user(),
        place,
        saved_at: NOW,
    };
    world.store.saved().save(&saved).await.unwrap();
    let reminder = ReminderRecord {
        user: asha.user(),
        reminder: Reminder {
            place,
            at: NOW,
            due: true,
        },
    };
    world.store.reminders().put(&reminder, None).await.unwrap();
    let draft = DraftRecord {
        user: asha.user(),
        conversation: direct,
        joined_at: NOW,
        changed_at: NOW,
        sealed: b"sealed".as_slice().into(),
    };
    world.store.drafts().put(&draft).await.unwrap();
    let folder = FolderRecord {
        user: asha.user(),
        id: FolderId::from_bytes([7; 16]),
        sealed: b"sealed".as_slice().into(),
    };
    world.store.folders().put(&folder).await.unwrap();
    let waits = ScheduledRecord {
        author: asha.user(),
        id: world.send_id(),
        conversation: direct,
        due: NOW,
        wake: None,
        sealed: b"sealed".to_vec().into(),
    };
    world.store.schedule().put(&waits, None).await.unwrap();
    let blocks = world.store.blocks();
    blocks.set(asha.user(), bilal.user(), true).await.unwrap();
    delete(&world, &asha).await;
    settled(&world).await;
    assert_eq!(world.store.saved().of(asha.user()).await.unwrap(), []);
    assert_eq!(world.store.reminders().of(asha.user()).await.unwrap(), []);
    assert_eq!(world.store.drafts().places(asha.user()).await.unwrap(), []);
    assert_eq!(world.store.folders().of(asha.user()).await.unwrap(), []);
    assert_eq!(world.store.schedule().of(asha.user()).await.unwrap(), []);
    assert_eq!(blocks.of(asha.user()).await.unwrap(), []);
    assert_eq!(blocks.against(bilal.user()).await.unwrap(), []);
    let row = world.store.user(asha.user()).await.unwrap().unwrap();
    assert_eq!(row.username, Username::parse("asha").unwrap());
    assert_eq!((row.email_sealed.len(), &*row.password_hash), (0, ""));
    assert!(!row.display_name.as_str().contains("asha"));
    let session = world.store.session(asha.session()).await.unwrap();
    assert_eq!(session, None);
    assert_eq!(
        world.store.conversations_of(asha.user(), 9).await.unwrap(),
        []
    );
}

#[tokio::test]
async fn what_is_still_being_stored_does_not_outlive_it() {
    let world = World::new().await;
    let (asha, bilal, _) = world.pair().await;
    let (hers, mut his) = (world.tab(&asha).await, world.tab(&bilal).await);
    let gate = world.store.hold_own();
    let command = FolderCommand {
        request: 7,
        folder: FolderId::from_bytes([7; 16]),
        name: FolderName::parse("Ghar").ok(),
    };
    let chat = Arc::clone(&world.chat);
    let making = tokio::spawn(async move {
        let made = chat.set_folder(&hers.actor, hers.id, command, NOW).await;
        made.unwrap();
    });
    while world.store.held_own() == 0 {
        tokio::task::yield_now().await;
    }
    delete(&world, &asha).await;
    left(&mut his).await;
    // Whatever does not wait for it is done after so many turns.
    for _ in 0..1_000 {
        tokio::task::yield_now().await;
    }
    gate.add_permits(1);
    making.await.unwrap();
    settled(&world).await;
    assert_eq!(world.store.folders().of(asha.user()).await.unwrap(), []);
}

/// Runs the timers until something is to be written, deletes the account meanwhile, and lets the
/// write go.
async fn deleted_during_a_pass(world: &World, actor: &Actor) {
    let gate = world.store.hold_own();
    let chat = Arc::clone(&world.chat);
    let pass = tokio::spawn(async move {
        chat.run_timers(NOW).await;
    });
    while world.store.held_own() == 0 {
        tokio::task::yield_now().await;
    }
    delete(world, actor).await;
    // Whatever does not wait for it is done after so many turns.
    for _ in 0..1_000 {
        tokio::task::yield_now().await;
    }
    gate.add_permits(9);
    pass.await.unwrap();
    settled(world).await;
}

#[tokio::test]
async fn a_scheduled_message_that_is_being_kept_does_not_outlive_it() {
    let world = World::new().await;
    let (asha, _, direct) = world.pair().await;
    let unsent = ScheduledRecord {
        author: asha.user(),
        id: world.send_id(),
        conversation: direct,
        due: NOW,
        wake: Some(NOW),
        // Nothing that could be sent.
        sealed: b"sealed".to_vec().into(),
    };
    world.store.schedule().put(&unsent, None).await.unwrap();
    deleted_during_a_pass(&world, &asha).await;
    assert_eq!(world.store.schedule().of(asha.user()).await.unwrap(), []);
}

#[tokio::test]
async fn a_reminder_that_is_being_told_does_not_outlive_it() {
    let world = World::new().await;
    let (asha, _, direct) = world.pair().await;
    let reminder = Reminder {
        place: SavedPlace {
            conversation: direct,
            seq: Seq(1),
        },
        at: NOW,
        due: false,
    };
    let user = asha.user();
    let record = ReminderRecord { user, reminder };
    world.store.reminders().put(&record, None).await.unwrap();
    deleted_during_a_pass(&world, &asha).await;
    assert_eq!(world.store.reminders().of(user).await.unwrap(), []);
}

#[tokio::test]
async fn what_comes_after_its_end_is_not_stored() {
    let world = World::new().await;
    let (asha, bilal, _) = world.pair().await;
    let hers = world.tab(&asha).await;
    delete(&world, &asha).await;
    settled(&world).await;
    let chat = &world.chat;
    let about = About::parse("chai and cricket").ok();
    let said = chat.set_about(&asha, about, NOW).await;
    refused(said, ErrorCode::Unauthenticated);
    let command = FolderCommand {
        request: 7,
        folder: FolderId::from_bytes([7; 16]),
        name: FolderName::parse("Ghar").ok(),
    };
    let made = chat.set_folder(&asha, hers.id, command, NOW).await;
    refused(made, ErrorCode::Unauthenticated);
    let blocked = chat.set_blocked(&asha, bilal.user(), true, NOW).await;
    refused(blocked, ErrorCode::Unauthenticated);
    let (store, user) = (&world.store, asha.user());
    assert_eq!(store.profiles().of(&[user]).await.unwrap(), []);
    assert_eq!(store.folders().of(user).await.unwrap(), []);
    assert_eq!(store.blocks().of(user).await.unwrap(), []);
}

#[tokio::test]
async fn a_wrong_password_deletes_nothing_and_counts() {
    let world = World::new().await;
    let asha = world.person("asha").await;
    let wrong = Password::parse_existing("not hers".to_owned()).unwrap();
    let outcome = world
        .chat
        .delete_account(&asha, wrong, device().address, NOW)
        .await;
    let Err(chat::ChatError::Fields(fields)) = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(fields[0].field, Field::CurrentPassword);
    assert_eq!(fields[0].code, ErrorCode::InvalidCredentials);
    assert_eq!(world.chat.metrics().sign_ins_refused, 1);
    world.sign_in("asha").await;
}

#[tokio::test]
async fn the_other_one_keeps_the_conversation_and_cannot_write_there() {
    let world = World::new().await;
    let (asha, bilal, direct) = world.pair().await;
    let mut hers = world.tab(&asha).await;
    hers.does(world.command(direct, "goodbye")).await.unwrap();
    let mut his = world.tab(&bilal).await;
    delete(&world, &asha).await;
    let (message, notice) = left(&mut his).await;
    assert_eq!(message.author, asha.user());
    assert_eq!(notice, Notice::Left { successor: None });
    settled(&world).await;

    let refused_send = his.does(world.command(direct, "still there?")).await;
    assert_eq!(refused_send, Err(ErrorCode::AccountGone));
    let page = world.chat.newest(&bilal, direct, 9).await.unwrap();
    assert_eq!(page.messages[0].content.body().unwrap().as_str(), "goodbye");
    let person = world.chat.persons(&bilal, &[asha.user()]).await.unwrap();
    assert!(person[0].is_gone(), "{person:?}");
    // What he wrote himself he can still delete.
    let summary = world.chat.conversation(&bilal, direct).await.unwrap();
    assert_eq!((summary.member_count, summary.members.len()), (1, 1));
}

#[tokio::test]
async fn groups_pass_on_and_hear_of_it_and_what_nobody_is_in_is_erased() {
    let world = World::new().await;
    let (people, group) = three(&world).await;
    let [asha, bilal, chandra] = &people;
    let notes = world
        .chat
        .open_direct(asha, asha.user(), NOW)
        .await
        .unwrap();
    let mut hers = world.tab(asha).await;
    hers.does(world.command(notes.id, "only mine"))
        .await
        .unwrap();
    let alone = world.group(asha, &[]).await;
    let [_, mut b, _] = tabs(&world, &people).await;
    delete(&world, asha).await;
    let (_, notice) = left(&mut b).await;
    let heir = bilal.user().min(chandra.user());
    assert_eq!(
        notice,
        Notice::Left {
            successor: Some(heir)
        }
    );
    settled(&world).await;
    let members = world.chat.group_members(bilal, group, None).await.unwrap();
    let owners: Vec<_> = members.iter().filter(|m| m.role == Role::Owner).collect();
    assert_eq!((members.len(), owners.len()), (2, 1));
    for erased in [notes.id, alone] {
        assert_eq!(world.store.conversation(erased).await.unwrap(), None);
        let rows = world.store.messages(erased, Seq(1), Seq(9)).await.unwrap();
        assert_eq!(rows, []);
    }
    // Nobody can add the account again.
    let users = vec![asha.user()];
    let owner = if heir == bilal.user() { bilal } else { chandra };
    let mut owner = world.tab(owner).await;
    let add = owner.does(world.intend(group, Intent::Add { users })).await;
    assert_eq!(add, Err(ErrorCode::NotFound));
}

#[tokio::test]
async fn whoever_shares_a_conversation_is_shown_that_the_account_is_gone() {
    let world = World::new().await;
    let (people, _) = three(&world).await;
    let [_, mut b, _] = tabs(&world, &people).await;
    delete(&world, &people[0]).await;
    loop {
        let Got::Frame(ServerFrame::Conversation { summary }) = b.got().await else {
            continue;
        };
        let hers = summary
            .members
            .iter()
            .find(|m| m.person.id == people[0].user());
        if hers.is_some_and(|member| member.person.is_gone()) {
            break;
        }
    }
}

#[tokio::test]
async fn what_a_crash_interrupts_is_finished_by_the_next_process() {
    let mut world = World::new().await;
    let (people, group) = three(&world).await;
    let [asha, bilal, _] = &people;
    // As if the process had ended right after the first step.
    world.store.close_account(asha.user()).await.unwrap();
    world.restart().await;
    settled(&world).await;
    let bilal = world.sign_in("bilal").await.user().min(bilal.user());
    let members = world.store.members(group).await.unwrap();
    assert!(members.iter().all(|member| member.user != asha.user()));
    assert!(members.iter().any(|member| member.user == bilal));
    assert!(
        world
            .store
            .sessions_of(asha.user(), NOW)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn what_fails_is_tried_again_by_the_next_tick() {
    let world = World::new().await;
    let (people, group) = three(&world).await;
    world.store.fail_next(&[crate::faulty_store::Fault::Lost]);
    delete(&world, &people[0]).await;
    while !world.store.closing_accounts(9).await.unwrap().is_empty() {
        world.chat.tick(NOW).await;
        tokio::task::yield_now().await;
    }
    assert_eq!(world.store.members(group).await.unwrap().len(), 2);
}

#[tokio::test]
async fn case_13_names_of_deleted_accounts_are_for_nobody() {
    let world = World::new().await;
    let asha = world.person("asha").await;
    delete(&world, &asha).await;
    for name in ["asha", "deleted_01234567"] {
        let form = chat::SignUp {
            display_name: protocol::DisplayName::parse("Asha").unwrap(),
            username: Username::parse(name).unwrap(),
            email: protocol::EmailAddress::parse("asha@example.org").unwrap(),
            password: Password::parse_new(PASSWORD.to_owned()).unwrap(),
        };
        let Err(chat::ChatError::Fields(fields)) = world.chat.sign_up(form, device(), NOW).await
        else {
            panic!("{name} was given away")
        };
        // The address is free again.
        assert_eq!(fields.len(), 1);
        assert_eq!(fields[0].code, ErrorCode::UsernameTaken);
    }
}

#[tokio::test]
async fn a_block_keeps_no_account_from_going() {
    for from_each_side in [[true, false], [false, true]] {
        let world = World::new().await;
        let (people, group) = three(&world).await;
        let [asha, bilal, chandra] = &people;
        let opened = world.chat.open_direct(asha, bilal.user(), NOW).await;
        let direct = opened.unwrap().id;
        let mut tab = world.tab(chandra).await;
        let saved = SavedRecord {
            user: asha.user(),
            place: SavedPlace {
                conversation: direct,
                seq: Seq(1),
            },
            saved_at: NOW,
        };
        world.store.saved().save(&saved).await.unwrap();
        for (blocks, (who, whom)) in from_each_side
            .into_iter()
            .zip([(asha, bilal), (bilal, asha)])
        {
            if blocks {
                let set = world.chat.set_blocked(who, whom.user(), true, NOW);
                set.await.unwrap();
            }
        }
        delete(&world, asha).await;
        settled(&world).await;
        assert_eq!(world.store.saved().of(asha.user()).await.unwrap(), []);
        let (message, _) = left(&mut tab).await;
        assert_eq!((message.conversation, message.author), (group, asha.user()));
        let ended = world.store.members(direct).await.unwrap();
        let is_there = ended.iter().any(|member| member.user == asha.user());
        assert!(!is_there, "{ended:?}");
    }
}
