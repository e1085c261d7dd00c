use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use tempfile::TempDir;

use super::*;

const NAMES: [&str; 4] = ["master.keys", "token.keys", "refresh.keys", "index.keys"];

fn key(seed: u8) -> [u8; 32] {
    *mac::derive(&[seed], b"test")
}

fn parts() -> KeyParts {
    KeyParts {
        master: vec![(1, key(1))],
        token: vec![(1, key(2))],
        refresh: vec![(1, key(3))],
        index: vec![(1, key(4))],
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn created() -> (TempDir, PathBuf) {
    let data = tempfile::tempdir().unwrap();
    let dir = data.path().join("data").join("keys");
    KeyRing::load_or_create(&dir).unwrap();
    (data, dir)
}

fn replace(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, Permissions::from_mode(0o600)).unwrap();
}

fn line(version: &str, key: &[u8]) -> String {
    use base64::Engine;
    let key = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(key);
    format!("{version} {key}\n")
}

#[test]
fn first_start_makes_private_files_that_the_next_start_reads() {
    let (data, dir) = created();
    assert_eq!(mode(&dir), 0o700);
    for name in NAMES {
        assert_eq!(mode(&dir.join(name)), 0o600, "{name}");
    }
    let left: Vec<_> = fs::read_dir(data.path().join("data")).unwrap().collect();
    assert_eq!(left.len(), 1, "a draft was left: {left:?}");

    let first = KeyRing::load(&dir).unwrap();
    let (_, wrapped) = first.new_data_key([1; 16]).unwrap();
    let again = KeyRing::load_or_create(&dir).unwrap();
    assert!(again.open_data_key([1; 16], &wrapped).is_ok());
    assert_eq!(first.email_index("a@b.c"), again.email_index("a@b.c"));

    let (_other_data, other) = created();
    let other = KeyRing::load(&other).unwrap();
    assert!(other.open_data_key([1; 16], &wrapped).is_err());
}

#[test]
fn an_empty_folder_is_filled() {
    let data = tempfile::tempdir().unwrap();
    let dir = data.path().join("keys");
    fs::create_dir(&dir).unwrap();
    KeyRing::load_or_create(&dir).unwrap();
    assert_eq!(mode(&dir), 0o700);
}

#[test]
fn load_makes_nothing() {
    let data = tempfile::tempdir().unwrap();
    let dir = data.path().join("keys");
    assert!(matches!(KeyRing::load(&dir), Err(KeyError::Missing(_))));
    assert!(!dir.exists());
}

#[test]
fn a_lost_file_is_refused_and_not_replaced() {
    for name in NAMES {
        let (_data, dir) = created();
        fs::remove_file(dir.join(name)).unwrap();
        for outcome in [KeyRing::load(&dir), KeyRing::load_or_create(&dir)] {
            let Err(KeyError::Missing(path)) = outcome else {
                panic!("{name}: {outcome:?}");
            };
            assert!(path.ends_with(name));
        }
        assert!(!dir.join(name).exists());
    }
}

#[test]
fn keys_that_others_may_read_are_refused() {
    for exposed in [0o640, 0o604, 0o660, 0o606, 0o644, 0o610, 0o601] {
        let (_data, dir) = created();
        let path = dir.join("token.keys");
        fs::set_permissions(&path, Permissions::from_mode(exposed)).unwrap();
        let outcome = KeyRing::load_or_create(&dir);
        assert!(
            matches!(outcome, Err(KeyError::Exposed { mode, .. }) if mode == exposed),
            "{exposed:o}: {outcome:?}"
        );
    }
    let (_data, dir) = created();
    fs::set_permissions(&dir, Permissions::from_mode(0o750)).unwrap();
    assert!(matches!(
        KeyRing::load(&dir),
        Err(KeyError::Exposed { mode: 0o750, .. })
    ));
}

#[test]
fn malformed_lines_are_named_and_not_printed() {
    for bad in [
        "1".to_owned(),
        "one two".to_owned(),
        "1 ????".to_owned(),
        line("-1", &key(9)),
        line("4294967296", &key(9)),
        line("1", &key(9)[..31]),
        line("1", &[&key(9)[..], &[0]].concat()),
        line("1", &[]),
    ] {
        let (_data, dir) = created();
        replace(&dir.join("master.keys"), &format!("# comment\n\n{bad}"));
        let error = KeyRing::load(&dir).unwrap_err();
        assert!(
            matches!(error, KeyError::Malformed { line: 3, .. }),
            "{bad:?}: {error:?}"
        );
        let secret = bad.split_once(' ').map_or("", |(_, secret)| secret.trim());
        assert!(secret.len() < 8 || !format!("{error} {error:?}").contains(secret));
    }
}

#[test]
fn binary_files_are_refused() {
    let (_data, dir) = created();
    fs::write(dir.join("master.keys"), [0xff, 0xfe, 0x00]).unwrap();
    assert!(matches!(KeyRing::load(&dir), Err(KeyError::Io { .. })));
}

#[test]
fn weak_keys_are_refused() {
    let mut counting = [0; 32];
    for (value, byte) in (0_u8..).zip(counting.iter_mut()) {
        *byte = value;
    }
    let mut text = [b' '; 32];
    text[..6].copy_from_slice(b"secret");
    for weak in [[0; 32], [0xff; 32], [b'a'; 32], counting, text] {
        let (_data, dir) = created();
        replace(&dir.join("token.keys"), &line("1", &weak));
        let outcome = KeyRing::load(&dir);
        assert!(
            matches!(
                outcome,
                Err(KeyError::Weak {
                    purpose: "token",
                    version: 1
                })
            ),
            "{weak:?}: {outcome:?}"
        );
    }
}

#[test]
fn versions_must_make_sense() {
    let refuse = |parts: KeyParts| {
        assert!(matches!(
            KeyRing::from_parts(&parts),
            Err(KeyError::Versions { .. })
        ));
    };
    refuse(KeyParts::default());
    for purpose in 0..4 {
        let mut none = parts();
        [
            &mut none.master,
            &mut none.token,
            &mut none.refresh,
            &mut none.index,
        ][purpose]
            .clear();
        refuse(none);
    }
    let mut twice = parts();
    twice.master.push((1, key(9)));
    refuse(twice);
    let mut zero = parts();
    zero.token.push((0, key(9)));
    refuse(zero);
    let mut two_indexes = parts();
    two_indexes.index.push((2, key(9)));
    refuse(two_indexes);
}

#[test]
fn a_line_added_by_hand_rotates() {
    let (_data, dir) = created();
    let before = KeyRing::load(&dir).unwrap();
    let (_, wrapped) = before.new_data_key([1; 16]).unwrap();
    let path = dir.join("master.keys");
    let text = fs::read_to_string(&path).unwrap();
    replace(
        &path,
        &format!("{text}\n  7   {}", line("", &key(9)).trim()),
    );
    let after = KeyRing::load(&dir).unwrap();
    assert_eq!(after.master.newest().0, 7);
    assert!(after.open_data_key([1; 16], &wrapped).is_ok());
    let (_, newer) = after.new_data_key([1; 16]).unwrap();
    assert!(before.open_data_key([1; 16], &newer).is_err());
}

#[test]
fn processes_that_start_together_agree() {
    let data = tempfile::tempdir().unwrap();
    let dir = data.path().join("keys");
    let wrapped: Vec<Vec<u8>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    let keys = KeyRing::load_or_create(&dir).unwrap();
                    keys.new_data_key([1; 16]).unwrap().1
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    let keys = KeyRing::load(&dir).unwrap();
    for wrapped in wrapped {
        assert!(keys.open_data_key([1; 16], &wrapped).is_ok());
    }
    assert_eq!(fs::read_dir(data.path()).unwrap().count(), 1);
}

#[test]
fn debug_prints_no_key() {
    assert_eq!(format!("{:?}", KeyRing::for_tests()), "KeyRing(***)");
}
