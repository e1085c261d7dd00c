//! What every [`Store`] has to do, as tests: [`crate::store_contract!`] makes one of each
//! behaviour for an implementation. Where the port leaves a choice, nothing is asked.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking; these are compiled outside of `cfg(test)` too"
)]
#![expect(missing_docs, reason = "each test is named after what it shows")]

pub mod accounts;
pub mod blocks;
pub mod changes;
pub mod conversations;
pub mod cursors;
pub mod dismissals;
pub mod drafts;
pub mod durability;
pub mod expiry;
pub mod folders;
pub mod index;
pub mod invites;
pub mod messages;
pub mod preferences;
pub mod privacies;
pub mod profiles;
pub mod reminders;
pub mod reports;
pub mod saved;
pub mod schedule;
pub mod search;
pub mod sessions;
pub mod threads;

use std::sync::Arc;

use protocol::{
    ConversationId, ConversationKind, DisplayName, Role, Seq, SessionId, Timestamp, UserId,
    Username,
};

use chat::{
    Append, Checkpoint, ConversationRecord, Created, Details, MemberRecord, MessageRow, Store,
    StoreError, Unique, UserRecord,
};

/// Expands to the tests of the contract. Takes the path of an `async fn` without parameters
/// that opens an empty store and returns `(Arc<dyn Store>, guard)`; the guard, for example a
/// temporary directory, is dropped after the store was closed.
#[macro_export]
macro_rules! store_contract {
    ($fresh:path) => {
        $crate::store_contract! { @tests $fresh;
            accounts {
                a_store_knows_whether_anybody_has_an_account
                an_account_is_found_by_id_name_and_address
                several_accounts_are_read_at_once
                a_username_is_taken_once
                an_address_is_taken_once
                an_account_id_is_taken_once
                a_refused_account_leaves_nothing_behind
                of_two_accounts_with_one_name_at_once_one_is_made
                of_two_accounts_with_one_address_at_once_one_is_made
                a_password_hash_is_replaced
                of_two_replacements_of_a_password_hash_one_wins
                a_closed_account_keeps_its_username_and_nothing_else
                an_account_is_closed_once_and_noted_until_nothing_is_left
                an_account_is_renamed_and_found_by_its_new_name
                of_two_new_names_at_once_the_stored_one_is_found
                hostile_texts_of_an_account_come_back_unchanged
                the_store_answers
            }
            search {
                people_are_found_by_the_beginning_of_a_name_or_word
                people_are_found_whatever_the_case_and_the_encoding
                people_are_found_in_hindi_and_urdu
                people_found_are_ordered_by_username_and_limited
                what_looks_like_a_pattern_finds_nothing
                a_long_term_is_compared_in_full
            }
            sessions {
                a_session_is_found_by_its_id
                a_session_id_is_taken_once
                the_sessions_of_an_account_are_the_live_ones_oldest_first
                dead_sessions_are_forgotten_and_no_others
                a_rotation_replaces_the_expected_generation_only
                a_rotation_needs_a_session_of_its_account_that_is_not_revoked
                of_two_rotations_at_once_one_wins
                of_a_rotation_and_a_revocation_the_revocation_stays
                a_revocation_keeps_its_first_time
                hostile_texts_of_a_session_come_back_unchanged
            }
            conversations {
                a_conversation_is_made_with_its_members
                unknown_conversations_are_empty
                a_conversation_id_is_taken_once
                a_refused_conversation_leaves_nothing_behind
                the_conversations_of_somebody_come_newest_first
                a_singleton_is_made_once
                singletons_of_others_are_others
                of_two_that_make_one_singleton_one_finds_it
                a_conversation_is_erased_step_by_step
                hostile_texts_of_a_conversation_come_back_unchanged
            }
            cursors {
                a_read_cursor_moves_forward_only
                read_cursors_of_nobody_are_passed_over
                the_moves_of_a_cursor_are_kept_in_order
                the_newest_moves_are_kept
                moves_end_with_the_membership
                what_devices_have_moves_forward_beside_the_cursor
            }
            changes {
                rows_are_found_wherever_they_are
                a_rewritten_row_is_the_new_one
                members_come_and_go_with_their_entry
                a_role_changes_and_nothing_else
                whoever_comes_back_begins_anew
                details_are_replaced
                when_somebody_wrote_in_slow_mode_is_kept
                hostile_details_come_back_unchanged
                everything_of_a_refused_append_is_refused
                a_role_and_a_cursor_at_once_both_stay
                a_conversation_begins_with_its_first_entry
                a_group_is_made_once_for_each_request
            }
            preferences {
                how_a_member_arranges_a_conversation_comes_back
                nothing_is_arranged_for_whoever_is_not_in_it
                whoever_comes_back_has_nothing_arranged
                arranging_changes_nothing_else
            }
            dismissals {
                what_a_member_has_dismissed_comes_back
                nothing_is_dismissed_by_whoever_is_not_in_it
                what_is_dismissed_stays_whatever_else_changes
            }
            messages {
                rows_come_back_in_order_with_gaps_left_out
                a_range_is_exact
                a_range_holds_one_conversation_only
                a_range_that_ends_before_it_begins_is_empty
                high_places_keep_their_order
                any_bytes_come_back_unchanged
                a_taken_place_refuses_the_whole_batch
                a_place_twice_in_a_batch_refuses_the_whole_batch
                an_empty_batch_changes_nothing
                a_large_batch_is_one_step
                of_two_batches_for_one_place_exactly_one_is_stored
                batches_for_other_places_at_once_are_all_stored
                checkpoints_move_forward_only
                a_refused_batch_moves_no_checkpoint
                hostile_texts_in_a_message_come_back_unchanged
            }
            index {
                rows_of_the_index_are_found_by_their_names
                rows_of_the_index_are_replaced_and_removed_with_the_cursor
                an_index_begins_anew_without_a_trace_of_its_cursor
                an_index_is_erased_in_steps
                a_large_part_of_the_index_is_one_step
            }
            invites {
                a_link_is_found_by_the_hash_of_its_secret
                a_secret_is_taken_once
                a_use_is_written_with_its_entry_or_not_at_all
                a_deleted_link_stays_deleted
                who_is_barred_is_remembered_until_they_are_not
            }
            blocks {
                a_block_is_read_both_ways_and_ends
                of_a_block_and_its_end_at_once_both_sides_say_the_same
            }
            privacies {
                what_an_account_hides_comes_back_as_it_was_last_set
                of_two_choices_at_once_one_is_whole
            }
            profiles {
                a_profile_comes_back_as_it_was_last_set
                of_two_profiles_at_once_one_is_whole
            }
            saved {
                saved_messages_come_back_the_last_first
                a_message_is_saved_once_and_given_up
                messages_saved_at_once_are_all_saved
            }
            reminders {
                reminders_are_found_by_their_account_the_earliest_first
                what_is_to_be_told_is_found_by_its_time
                a_reminder_has_one_time_and_is_told_once
            }
            reports {
                reports_come_the_oldest_first_until_they_are_deleted
                reports_are_counted_by_who_reports
            }
            drafts {
                a_draft_is_found_by_its_account_and_conversation
                the_last_draft_counts_until_it_is_deleted
                drafts_written_at_once_are_all_kept
            }
            folders {
                a_folder_is_found_by_its_account
                the_last_name_of_a_folder_counts_until_it_is_deleted
                folders_made_at_once_are_all_kept
            }
            threads {
                the_answers_of_a_thread_come_the_newest_first
                an_answer_that_was_refused_is_in_no_thread
                an_erased_conversation_leaves_no_thread
                what_was_seen_of_a_thread_is_found_by_its_account
                what_was_seen_last_of_a_thread_counts_until_it_is_forgotten
                threads_seen_at_once_are_all_kept
            }
            schedule {
                what_waits_is_found_by_its_author
                what_is_due_is_found_by_its_time
                another_time_takes_the_place_of_the_one_before
                what_waits_goes_with_the_row_that_is_sent_or_stays
            }
            expiry {
                what_is_over_is_found_the_earliest_first
                what_is_put_off_is_found_at_its_other_time
            }
            durability {
                everything_written_is_found_again
            }
        }
    };
    (@tests $fresh:path; $($module:ident { $($name:ident)+ })+) => {$($(
        #[test]
        fn $name() {
            $crate::run(async {
                let (store, _guard) = $fresh().await;
                $crate::$module::$name(&store).await;
                store.close().await;
            });
        }
    )+)+};
}

/// A store as the behaviours get it.
pub type Shared = Arc<dyn Store>;

/// A database may parse and plan deep in its stack, deeper than the usual 2 MiB of a thread.
const STACK_BYTES: usize = 10 * 1024 * 1024;

/// How often a race is run: one run may happen to be one after the other.
const ROUNDS: u64 = 20;

/// The time of everything that is made.
const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

/// Texts that mean something to a database, a shell, a page or a terminal.
const HOSTILE: &[&str] = &[
    "user:x OR 1",
    "message:⟨01ARZ3NDEKTSV4RRFFQ69G5FAV⟩",
    "'; REMOVE TABLE user; --",
    "\"; DELETE message; \"",
    "`backticks` and ⟨brackets⟩",
    "} ; BEGIN; DELETE user; COMMIT; {",
    "$parent $this $auth $rows",
    "fn::x() || function() { return 1 }",
    "r'user:1' d'2024-01-01T00:00:00Z' u'018d' b'00' f'a'",
    "NONE NULL true 1e400 -0 NaN",
    "/* comment */ // # --",
    "\\u0000 \\' \\\" \\ %00 %s {0} {}",
    "<script>alert('x')</script>&amp;",
    "اسلام علیکم नमस्ते 👨‍👩‍👧‍👦 e\u{301}",
];

/// The same with what only a type without rules of its own lets through.
fn unruly() -> Vec<String> {
    let controls = [
        "",
        "\0",
        "nul\0inside",
        "\0\0 at both ends \0",
        "\u{7f}\u{1b}[31m\r\n\t",
        "\u{202E}desrever\u{2066}",
        "\u{FEFF}\u{FFFF}\u{10FFFF}",
    ];
    HOSTILE
        .iter()
        .chain(&controls)
        .map(|text| (*text).to_owned())
        .collect()
}

/// Runs a test to its end.
///
/// # Panics
/// If the test does.
pub fn run<F: Future<Output = ()> + Send + 'static>(test: F) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_stack_size(STACK_BYTES)
        .enable_all()
        .build()
        .expect("a runtime");
    let outcome = runtime.block_on(async { tokio::spawn(test).await });
    if let Err(failed) = outcome {
        std::panic::resume_unwind(failed.into_panic());
    }
}

/// Starts all at the same moment and waits for their results.
async fn race<F>(tasks: Vec<F>) -> Vec<F::Output>
where
    F: Future<Output: Send + 'static> + Send + 'static,
{
    let start = Arc::new(tokio::sync::Barrier::new(tasks.len()));
    let running: Vec<_> = tasks
        .into_iter()
        .map(|task| {
            let start = Arc::clone(&start);
            tokio::spawn(async move {
                start.wait().await;
                task.await
            })
        })
        .collect();
    let mut results = Vec::with_capacity(running.len());
    for task in running {
        results.push(task.await.expect("a racing task"));
    }
    results
}

#[track_caller]
fn assert_taken<T: std::fmt::Debug>(outcome: Result<T, StoreError>, unique: Unique) {
    match outcome {
        Err(StoreError::Taken(which)) => assert_eq!(which, unique),
        other => unreachable!("{unique:?} should be taken, but: {other:?}"),
    }
}

#[track_caller]
fn assert_missing<T: std::fmt::Debug>(outcome: Result<T, StoreError>) {
    match outcome {
        Err(StoreError::Missing) => {}
        other => unreachable!("nothing should be there, but: {other:?}"),
    }
}

fn user_id(number: u64) -> UserId {
    UserId::from_parts(NOW.plus_millis(number), u128::from(number) << 20)
}

fn session_id(number: u64) -> SessionId {
    SessionId::from_parts(NOW.plus_millis(number), u128::from(number) << 20)
}

fn conversation_id(number: u64) -> ConversationId {
    ConversationId::from_parts(NOW.plus_millis(number), u128::from(number) << 20)
}

/// An account whose unique values follow from its number and name.
fn account(number: u64, username: &str, display_name: &str) -> UserRecord {
    let mut email_index = [0xA5; 32];
    email_index[..8].copy_from_slice(&number.to_be_bytes());
    UserRecord {
        id: user_id(number),
        username: Username::parse(username).unwrap(),
        display_name: DisplayName::parse(display_name).unwrap(),
        email_index,
        email_sealed: format!("sealed {number}").into_bytes(),
        password_hash: format!("$argon2id$v=19$m=8,t=1,p=1$c2FsdA${number}"),
        created_at: NOW.plus_millis(number),
    }
}

fn conversation(number: u64, kind: ConversationKind) -> ConversationRecord {
    ConversationRecord {
        id: conversation_id(number),
        kind,
        details: Details::default(),
        wrapped_key: number.to_be_bytes().to_vec(),
        created_at: NOW.plus_millis(number),
    }
}

fn member(number: u64) -> MemberRecord {
    MemberRecord {
        user: user_id(number),
        role: Role::Member,
        joined_after: Seq::ZERO,
        joined_at: NOW,
        read_seq: Seq::ZERO,
        delivered_seq: Seq::ZERO,
        preferences: protocol::Preferences::default(),
        wrote_at: None,
        dismissals: None,
    }
}

/// A group of accounts 1 and 2 to write into.
async fn group(store: &Shared, number: u64) -> ConversationId {
    let record = conversation(number, ConversationKind::Group);
    let made = store
        .create_conversation(&record, &[member(1), member(2)], None, None)
        .await
        .unwrap();
    assert_eq!(made, Created::New);
    record.id
}

/// Writes rows and checkpoints.
async fn append(
    store: &Shared,
    rows: &[MessageRow],
    checkpoints: &[Checkpoint],
) -> Result<(), StoreError> {
    let append = Append {
        rows: rows.to_vec(),
        checkpoints: checkpoints.to_vec(),
        ..Append::default()
    };
    store.append(&append).await
}

#[cfg(test)]
mod memory {
    async fn fresh() -> (super::Shared, ()) {
        (std::sync::Arc::new(chat::MemoryStore::new()), ())
    }

    crate::store_contract!(fresh);
}
