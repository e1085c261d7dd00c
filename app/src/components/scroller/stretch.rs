//! Which items stand on the page.

use client::ItemKey;

use crate::components::span::Span;
use crate::live::LiveItem;

/// The keys of items, in their order.
pub(super) fn keys(items: &[LiveItem]) -> Vec<ItemKey> {
    items.iter().map(LiveItem::key).collect()
}

/// The items of a stretch, under the heading of their day.
pub(super) fn stretch(items: &[LiveItem], span: Span) -> Vec<LiveItem> {
    let heading = span.heading(&keys(items)).and_then(|at| items.get(at));
    let rows = items.get(span.from..span.to).unwrap_or_default();
    heading.into_iter().chain(rows).cloned().collect()
}
