//! Marks, the order of the list, and what is remembered of a topic.
use super::*;

#[test]
fn marked_records_are_found_again_and_compared() {
    let mut s = open(160, 45);
    s.hear(values(0, 20)).press("d").shows("mark two records").press("m").shows("marked");
    assert!(row(&s, "value 19.").contains("│▌14:03"), "{}", s.screen());
    s.press("k k k m ' <enter>").shows("offset 19").press("<esc> ' <enter>").shows("offset 16").press("<esc> d");
    s.shows("value 16.").shows("value 19.").press("<esc> m").hides("│▌14:03:21.981  0      16");
}

#[test]
fn newest_first_turns_the_list_and_the_keys_around() {
    let mut s = open(160, 45);
    s.hear(values(0, 100)).press("o").shows("newest first").shows("· following");
    assert_eq!(rows(&s), (78..100).rev().collect::<Vec<_>>());
    s.press("j j <enter>").shows("offset 97").press("<esc> k k k").shows("· following");
    s.click(60, 5).hides("· following").click(60, 5).shows("offset 97");
}

#[test]
fn filters_columns_and_forms_are_remembered_by_topic() {
    let mut s = open(160, 45);
    s.hear(values(0, 3)).press("/ value <enter> C id <enter> v").shows("values are read as text");
    let habits = s.app.panels.tail.habits().clone();
    assert_eq!(habits["orders"].filters, ["value"]);
    let mut s = open(160, 45);
    s.app.panels.tail.set_habits(habits);
    s.press("1 <enter> 2").hear(arrived(2, "orders", [record(0, 1, "k", r#"{"id": 1}"#)])).shows("KEY       id ");
    s.press("/ <up>").shows("filter value");
}

/// The whole of a long value could only be seen in the record view.
#[test]
fn w_shows_the_chosen_value_in_lines_below_the_list() {
    for (width, height) in [(160, 45), (80, 24)] {
        let mut s = open(width, height);
        let long = (0..60).map(|n| format!("word{n}")).collect::<Vec<_>>().join(" ");
        s.hear(values(0, 30)).hear(arrived(1, "orders", [record(0, 30, "k", &long)]));
        let before = rows(&s);
        s.press("w").shows("┆ word0 word1 ").shows("· following");
        let after = rows(&s);
        assert!(after.len() < before.len() && after.len() >= before.len() / 2, "{}", s.screen());
        assert_eq!(after.last(), before.last(), "the list gives its oldest rows");
        s.press("k").shows("┆ value 29.");
        s.press("<pgup> <pgdn>").shows("┆ value 29.");
        s.press("/").shows("filter ").shows("┆ value").press("<esc> w").hides("┆");
    }
    open(160, 8).hear(values(0, 3)).press("w").screen();
}
