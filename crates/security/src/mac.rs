//! HMAC-SHA-256 and the derivation of keys from keys.

use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::Key;

/// HMAC-SHA-256 over the parts, one after the other. Callers keep them unambiguous: a fixed
/// label first, at most one part of variable length, and that one last.
pub(crate) fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    #[expect(
        clippy::expect_used,
        reason = "HMAC takes a key of any length (RFC 2104, section 3); the error is for other MACs"
    )]
    let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(key).expect("any key length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// A key for one purpose from a key for several: HKDF-SHA-256 (RFC 5869) without salt, which
/// is right for an input that is uniformly random already.
pub(crate) fn derive(key: &[u8], purpose: &[u8]) -> Key {
    let mut derived = Key::default();
    #[expect(
        clippy::expect_used,
        reason = "expanding fails only beyond 255 times 32 bytes"
    )]
    Hkdf::<Sha256>::new(None, key)
        .expand(purpose, derived.as_mut_slice())
        .expect("32 bytes");
    derived
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// RFC 4231, section 4: test cases 1, 2 and 6 (a key longer than a block).
    #[test]
    fn hmac_gives_the_values_of_rfc_4231() {
        let cases: [(&[u8], &[u8], &str); 3] = [
            (
                &[0x0b; 20],
                b"Hi There",
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            ),
            (
                b"Jefe",
                b"what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (
                &[0xaa; 131],
                b"Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            ),
        ];
        for (key, data, expected) in cases {
            assert_eq!(hex(&hmac(key, &[data])), expected);
            let (head, tail) = data.split_at(data.len() / 2);
            assert_eq!(hex(&hmac(key, &[head, tail])), expected);
        }
    }

    /// RFC 5869, appendix A.3: no salt, no info; the first 32 of its 42 bytes.
    #[test]
    fn derive_gives_the_value_of_rfc_5869() {
        assert_eq!(
            hex(derive(&[0x0b; 22], b"").as_slice()),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
        );
        assert_ne!(derive(&[1; 32], b"a"), derive(&[1; 32], b"b"));
    }
}
