//! Counts work, so that a test can prove that it is linear without a clock. Outside of tests
//! it is nothing.

#[cfg(test)]
thread_local! {
    static STEPS: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Says that this many bytes, lines or entries were looked at.
pub(crate) fn tick(steps: usize) {
    #[cfg(test)]
    STEPS.with(|all| all.set(all.get() + steps));
    #[cfg(not(test))]
    let _ = steps;
}

/// The steps of some work.
#[cfg(test)]
pub(crate) fn steps<T>(work: impl FnOnce() -> T) -> usize {
    STEPS.with(|all| all.set(0));
    let _ = work();
    STEPS.with(std::cell::Cell::get)
}
