use super::*;

#[test]
fn digits_are_read_back() {
    let mut hash = [0; 32];
    for (byte, value) in hash
        .iter_mut()
        .zip([0, 1, 9, 10, 15, 16, 127, 128, 254, 255])
    {
        *byte = value;
    }
    assert!(digits(&hash).starts_with("0001090a0f107f80feff00"));
    assert_eq!(from_digits(&digits(&hash)).unwrap(), hash);
}

#[test]
fn damaged_digits_are_refused() {
    let sound = digits(&[7; 32]);
    for damaged in [
        "",
        &sound[1..],
        &format!("{sound}0"),
        &"x".repeat(64),
        &"é".repeat(32),
    ] {
        let outcome = from_digits(damaged);
        assert!(matches!(outcome, Err(StoreError::Corrupt(_))), "{damaged}");
    }
}
