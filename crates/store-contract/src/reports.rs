//! Reports.

use protocol::ReportId;

use super::{NOW, Shared, user_id};
use chat::ReportRecord;

fn report(number: u8, reporter: u64) -> ReportRecord {
    ReportRecord {
        id: ReportId::from_parts(NOW.plus_millis(number.into()), 7),
        reporter: user_id(reporter),
        wrapped_key: vec![number, 0, 255],
        sealed: vec![number; 9],
    }
}

async fn put(store: &Shared, reports: &[&ReportRecord]) {
    for report in reports {
        store.reports().put(report).await.unwrap();
    }
}

pub async fn reports_come_the_oldest_first_until_they_are_deleted(store: &Shared) {
    let reports = store.reports();
    let (first, second, third) = (report(1, 5), report(2, 4), report(3, 5));
    assert_eq!(reports.all(10).await.unwrap(), []);
    put(store, &[&third, &first, &second]).await;
    let all = [first.clone(), second.clone(), third.clone()];
    assert_eq!(reports.all(10).await.unwrap(), all);
    assert_eq!(reports.all(2).await.unwrap(), all[..2]);
    assert_eq!(reports.one(second.id).await.unwrap(), Some(second.clone()));
    for _ in 0..2 {
        reports.delete(second.id).await.unwrap();
    }
    assert_eq!(reports.one(second.id).await.unwrap(), None);
    assert_eq!(reports.all(10).await.unwrap(), [first, third]);
}

pub async fn reports_are_counted_by_who_reports(store: &Shared) {
    let reports = store.reports();
    put(store, &[&report(1, 5), &report(2, 4), &report(3, 5)]).await;
    for (reporter, limit, expected) in [(5, 10, 2), (5, 1, 1), (4, 10, 1), (6, 10, 0)] {
        let counted = reports.count_of(user_id(reporter), limit).await.unwrap();
        assert_eq!(counted, expected, "{reporter} {limit}");
    }
    reports.delete(report(1, 5).id).await.unwrap();
    assert_eq!(reports.count_of(user_id(5), 10).await.unwrap(), 1);
}
