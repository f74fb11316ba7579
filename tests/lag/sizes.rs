//! Small screens, and very many groups.
use super::*;

#[test]
fn the_small_standard_screen_shows_group_lag_trend_and_status_in_three_rows() {
    let groups = ["a", "b", "c", "d"].map(|name| behind(name, "orders", 12_331)).to_vec();
    let mut s = panel(80, 24, groups);
    s.shows("GROUP↑").shows("LAG 5 MIN").hides("STATE").hides("MEMBERS").hides("│ d ");
    assert_eq!(cells(&s, "│ c "), ["c", "12,331", "▃ behind"]);
}

/// A topic's name of 249 letters pushed the count out of the title.
#[test]
fn a_long_topic_leaves_the_count_in_the_title() {
    let mut s = Screen::new(80, 24);
    let name = "a".repeat(249);
    s.with_topics(&[(&name, 1, 5)]).with_groups(vec![behind("billing", &name, 5)]).shows("… first  1 ");
}

#[test]
fn no_size_breaks_it() {
    let groups: Vec<_> = (0..30).map(|i| behind(&format!("g{i}"), "orders", i)).collect();
    for (width, height) in [(20, 5), (1, 1), (60, 16), (61, 17), (80, 24), (400, 100)] {
        let mut s = panel(width, height, groups.clone());
        s.screen();
        s.press("G / g <enter>").screen();
        s.press("<tab> G").screen();
        s.press("<esc> z").screen();
    }
}

#[test]
fn ten_thousand_groups_are_listed_read_and_filtered() {
    let groups: Vec<_> = (0..10_000).map(|i| behind(&format!("group-{i:05}"), "orders", i)).collect();
    let mut s = wide(groups);
    s.shows("first  10000 ").press("/ 09999").shows("group-09999").shows("1 of 10000");
}
