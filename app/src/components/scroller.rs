//! The scroller.
