//! Values that must not be printed.

use core::fmt;

/// A value whose `Debug` prints `***`, so that deriving `Debug` around it is safe.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Redacted<T>(T);

impl<T> Redacted<T> {
    /// Hides a value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value, for the one place that needs it.
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// The value itself.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> fmt::Debug for Redacted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_hides_and_expose_shows() {
        let hidden = Redacted::new("correct horse");
        assert_eq!(format!("{hidden:?} {hidden:#?}"), "*** ***");
        assert_eq!(*hidden.expose(), "correct horse");
        assert_eq!(hidden.into_inner(), "correct horse");
    }
}
