//! In which order groups stand, and that they stay where a person is looking.
use super::*;
use kafscope::bus::Command;

/// Groups from top to bottom.
fn order(s: &Screen, names: &[&str]) -> Vec<String> {
    let screen = s.screen();
    let found = screen.lines().filter_map(|line| names.iter().find(|name| line.contains(&format!("│ {name} "))));
    found.map(|name| (*name).to_owned()).collect()
}

#[test]
fn groups_of_the_open_topic_come_first_and_again_when_another_opens() {
    let names = ["aaa", "orders-b", "orders-c", "payments-d"];
    let mut owner = lag("orders-c", S::Stable, 1, vec![]);
    owner.members = Ok(vec![member("c", &[("orders", &[0])])]);
    let mut s = wide(vec![
        lag("aaa", S::Empty, 0, vec![partition("orders", 0, 0, 9, None)]),
        behind("payments-d", "payments", 0),
        behind("orders-b", "orders", 0),
        owner,
    ]);
    assert_eq!(order(&s, &names)[..2], ["orders-c", "orders-b"]);
    s.press("1 j <enter>").shows("groups on payments first");
    assert_eq!(order(&s, &names)[0], "payments-d");
}

/// By name, the three rows of a small screen once showed three groups that were well.
#[test]
fn of_those_the_worst_come_first() {
    let lost = lag("lost", S::Stable, 1, vec![partition("orders", 0, 50, 60, Some(20))]);
    let ahead = lag("ahead", S::Stable, 1, vec![partition("orders", 0, 0, 60, Some(90))]);
    let mut s = panel(80, 24, vec![behind("a-ok", "orders", 0), ahead, behind("b-ok", "orders", 0), lost]);
    assert_eq!(order(&s, &["a-ok", "ahead", "b-ok", "lost"]), ["lost", "ahead", "a-ok"]);
    s.shows("STATUS↓");
}

#[test]
fn groups_that_are_behind_alike_do_not_change_places() {
    let mut s =
        wide(vec![behind("aaa", "orders", 5_001), behind("bbb", "orders", 5_000), behind("ccc", "orders", 90_000)]);
    assert_eq!(order(&s, &["aaa", "bbb", "ccc"]), ["ccc", "aaa", "bbb"]);
    s.hear_lag(vec![behind("aaa", "orders", 5_001), behind("bbb", "orders", 5_900)]);
    assert_eq!(order(&s, &["aaa", "bbb", "ccc"]), ["ccc", "aaa", "bbb"]);
}

#[test]
fn only_the_groups_of_the_open_topic_stay_when_asked() {
    let mut s = wide(vec![behind("billing", "orders", 5), behind("ledger", "payments", 5)]);
    s.press("T").hides("ledger").shows("groups on orders only ").shows(" 1 of 2 ");
    s.press("T").shows("ledger").shows("groups on orders first  2 ");
    let mut s = wide(vec![behind("ledger", "payments", 5)]);
    s.press("T").shows("No group reads orders; T shows all groups.");
    s.hear_groups(&[group("fresh", S::Stable)]).shows("Asking which groups read orders …");
}

#[test]
fn the_cursor_stays_on_its_group_once_a_person_chose_it() {
    let mut s = wide(vec![behind("bbb", "orders", 1), behind("ccc", "orders", 2)]);
    s.press("j").hear_groups(&["aaa", "bbb", "ccc"].map(|name| group(name, S::Stable)));
    s.press("<enter>").shows("Group ccc");
}

/// A row that was about to be opened went away under the cursor as numbers came in.
#[test]
fn rows_stay_where_they_are_while_a_person_moves_among_them() {
    let names = ["aaa", "bbb", "ccc"];
    let mut s = wide(names.map(|name| behind(name, "orders", 0)).to_vec());
    s.press("j").hear_lag(vec![behind("ccc", "orders", 50_000)]);
    assert_eq!(order(&s, &names), names);
    assert_eq!(cells(&s, "ccc")[3], "50,000", "the number is told all the same");
    s.wait(6_000);
    assert_eq!(order(&s, &names), ["ccc", "aaa", "bbb"]);
    s.press("<enter>").shows("Group bbb");
}

#[test]
fn another_topic_and_another_filter_begin_at_the_top() {
    let mut s = wide(vec![behind("bbb", "orders", 1), behind("ccc", "orders", 2), behind("zzc", "payments", 3)]);
    s.press("j 1 j <enter> 3 <enter>").shows("Group zzc").press("<esc> G / b <enter>").shows("Group bbb");
}

/// Names are listed before it is known who reads the topic: the view once went down with the first name.
#[test]
fn the_view_stays_at_the_top_while_numbers_arrive() {
    let mut s = Screen::new(80, 24);
    s.with_topics(&[("orders", 6, 200)]);
    let names: Vec<String> = (0..50).map(|i| format!("a{i:02}")).collect();
    let mut groups: Vec<_> = names.iter().map(|name| behind(name, "payments", 1)).collect();
    groups.push(behind("zzz", "orders", 1));
    s.hear_groups(&groups.iter().map(|lag| lag.group.clone()).collect::<Vec<_>>()).shows("a00");
    s.hear_lag(groups).shows("zzz").shows("a00");
}

/// Numbers that come for the first time are sorted in at once, also under a person's hand.
#[test]
fn first_numbers_are_sorted_in_at_once() {
    let mut s = Screen::new(160, 45);
    s.with_topics(&[("orders", 6, 200)]);
    s.hear_groups(&["aaa", "bbb"].map(|name| group(name, S::Stable))).press("3 j");
    s.hear_lag(vec![behind("aaa", "payments", 5), behind("bbb", "orders", 5)]);
    assert_eq!(order(&s, &["aaa", "bbb"]), ["bbb", "aaa"]);
}

#[test]
fn columns_sort_both_ways_and_what_is_unknown_stands_last() {
    let names = ["billing", "fresh", "search", "secret"];
    let secret = GroupLag { members: Ok(vec![member("s", &[("orders", &[0])])]), ..denied("secret") };
    let mut s = wide(vec![
        behind("search", "orders", 7),
        secret,
        lag("fresh", S::Stable, 1, vec![PartitionLag { owner: Some(0), ..partition("orders", 0, 0, 9, None) }]),
        behind("billing", "orders", 12_331),
    ]);
    s.press("<").shows("BEHIND↓").press("<").shows("↓LAG");
    assert_eq!(order(&s, &names), ["billing", "search", "secret", "fresh"]);
    s.press("o").shows("↑LAG");
    assert_eq!(order(&s, &names), ["search", "billing", "secret", "fresh"]);
    s.press("<").shows("↓MEMBERS").press("<").shows("STATE↑").press("<").shows("GROUP↑");
    assert_eq!(order(&s, &names), names.map(str::to_owned));
    s.press("<").shows("STATUS↓").press(">").shows("GROUP↑");
}

#[test]
fn only_columns_on_the_screen_are_sorted_by() {
    let mut s = panel(80, 24, vec![behind("billing", "orders", 5)]);
    s.shows("STATUS↓").press(">").shows("GROUP↑").press(">").shows("↓LAG").press(">").shows("STATUS↓");
}

/// The groups that Kafka is told are on the screen, each time they change.
fn watched(s: &mut Screen) -> Vec<Vec<String>> {
    let groups = |command| match command {
        Command::WatchGroups { groups } => Some(groups.iter().map(ToString::to_string).collect()),
        _ => None,
    };
    s.sent().into_iter().filter_map(groups).collect()
}

#[test]
fn kafka_is_told_which_groups_are_on_the_screen_only_when_they_change() {
    let names = ["a", "b", "c", "d", "e"];
    let mut s = Screen::new(80, 24);
    s.with_topics(&[("orders", 6, 200)]).with_groups(names.map(|name| behind(name, "orders", 1)).to_vec());
    assert_eq!(watched(&mut s), [["a", "b", "c"]]);
    s.press("3 j k j").hear_lag(vec![behind("a", "orders", 1)]).wait(2_000);
    assert!(watched(&mut s).is_empty());
    s.press("G");
    assert_eq!(watched(&mut s), [["c", "d", "e"]]);
    s.press("g / e");
    assert_eq!(watched(&mut s), [vec!["a", "b", "c"], vec!["e"]]);
    s.press("<esc> 2 z");
    assert_eq!(watched(&mut s), [vec!["a", "b", "c"], vec![]], "a panel that is not on the screen shows nothing");
    s.press("z").resize(80, 40);
    assert_eq!(watched(&mut s), [vec!["a", "b", "c"], names.to_vec()]);
}

/// Every reading of a quiet cluster once drew the whole screen anew.
#[test]
fn what_looks_the_same_is_not_drawn_again() {
    let mut s = wide(vec![behind("billing", "orders", 5), behind("search", "orders", 0)]);
    let read = |s: &Screen, lag: GroupLag| {
        let at = s.now();
        Event::LagRead { groups: vec![GroupLag { commits_at: at, ends_at: at, ..lag }], at }
    };
    let same = read(&s, behind("billing", "orders", 5));
    assert!(!s.app.on_event(same), "nothing changed");
    let more = read(&s, behind("billing", "orders", 6));
    assert!(s.app.on_event(more), "one more to read");
    s.press("/ search <enter>").wait(10);
    let hidden = read(&s, behind("billing", "orders", 9));
    assert!(!s.app.on_event(hidden), "not on the screen");
}
