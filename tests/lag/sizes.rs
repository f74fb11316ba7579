//! Small screens, and very many groups.
use super::*;

#[test]
fn the_small_standard_screen_shows_group_lag_trend_and_status_in_three_rows() {
    let groups = ["a", "b", "c", "d"].map(|name| behind(name, "orders", 12_331)).to_vec();
    let mut s = panel(80, 24, groups);
    s.shows("GROUP ").shows("LAG 5 MIN").shows("STATUS↓").hides("│ d ");
    for head in ["STATE", "MEMBERS", "BEHIND", "CLEARS"] {
        s.hides(&format!(" {head} "));
    }
    assert_eq!(cells(&s, "│ c "), ["c", "12,331", "▃ observing…"]);
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

/// Five thousand groups come in parts of two hundred, as Kafka's side asks for them.
#[test]
fn five_thousand_groups_arrive_in_parts_and_are_shown_sorted_and_filtered() {
    let groups: Vec<_> = (0..5_000).map(|i| behind(&format!("group-{i:04}"), "orders", i * 20)).collect();
    let mut s = Screen::new(160, 45);
    s.with_topics(&[("orders", 6, 200)]);
    s.hear_groups(&groups.iter().map(|lag| lag.group.clone()).collect::<Vec<_>>());
    s.shows("first  5000 ").shows("group-0000");
    for part in groups.chunks(200) {
        s.hear_lag(part.to_vec());
    }
    s.press("3 < <").shows("↓LAG").shows("group-4999").shows("99,980").hides("group-4900");
    s.press("G").shows("group-0000").press("/ 4321").shows("group-4321").shows("86,420").shows(" 1 of 5000 ");
}

/// An id is any text, and a broker takes very long ones.
#[test]
fn a_group_of_a_thousand_letters_stays_in_its_column() {
    let name = "朝x".repeat(500);
    let mut s = wide(vec![behind(&name, "orders", 5), behind("billing", "orders", 0)]);
    assert_eq!(cells(&s, "朝x朝x")[1..4], ["stable", "1", "5"]);
    s.shows("朝x…").press("b").shows("2 Tail  orders").press("3 <enter>").shows("Group 朝x");
}

/// Names of eight letters stood in a column of twenty-five, and the status beside them was cut.
#[test]
fn names_take_what_they_need_and_the_status_has_the_rest() {
    let apart = |name: &str, width| {
        let s = panel(width, 45, vec![behind(name, "orders", 5)]);
        let heads = s.line("STATUS");
        let at = |head: &str| heads.find(head).map(|at| heads[..at].chars().count()).expect("a head");
        at(if width >= 100 { "STATE " } else { "LAG" }) - at("GROUP")
    };
    assert_eq!(["billing", &"x".repeat(19), &"x".repeat(60)].map(|name| apart(name, 160)), [18, 21, 25]);
    assert_eq!(apart("billing", 80), apart(&"x".repeat(60), 80));
}
