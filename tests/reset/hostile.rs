//! Group ids that no keyboard types, and that must not act on the terminal.
use super::*;

fn names() -> [String; 4] {
    ["x\u{1b}[2J\r\n".into(), "\u{202e}gnillib".into(), "g".repeat(1_000), " ".into()]
}

#[track_caller]
fn is_safe(s: &Screen) {
    let frame = s.screen();
    assert!(!frame.chars().any(|c| c.is_control() && c != '\n' || c == '\u{202e}'), "{frame}");
}

/// Nobody can type an escape, and a right-to-left mark makes a name look like another: a short word is asked for instead.
#[test]
fn an_id_that_cannot_be_typed_is_confirmed_by_a_short_word() {
    for name in names() {
        for (width, height) in [(160, 45), (80, 24), (40, 12)] {
            let group = lag(&name, S::Empty, 0, vec![partition("orders", 0, 0, 9, Some(3))]);
            let mut s = panel_of(common::start(), width, height, group);
            planned(&mut s, |s| Plan { group: name.as_str().into(), ..two(s) });
            is_safe(&s);
            s.press("<enter>").shows("type reset 2");
            is_safe(&s);
            s.press("<enter>");
            assert!(s.sent().is_empty(), "{name:?}");
            s.paste("reset 2").press("<enter>");
            assert!(matches!(only(&mut s), Command::Reset { plan, .. } if *plan.group == *name));
        }
    }
}

#[test]
fn deleting_such_a_group_asks_for_a_word_and_its_count() {
    for name in names() {
        let group = lag(&name, S::Empty, 0, vec![partition("orders", 0, 0, 9, Some(3))]);
        let mut s = panel_of(common::start(), 80, 24, group.clone());
        s.press("<enter>");
        s.sent();
        let at = s.now();
        s.hear(Event::GroupRead { generation: 1, group: Box::new(group), at }).press("D").shows("type delete 1");
        is_safe(&s);
        s.paste("delete 1").press("<enter>");
        assert!(matches!(only(&mut s), Command::DeleteGroup { group, .. } if *group == *name));
    }
}

#[test]
fn hostile_reasons_and_topics_cannot_act_on_the_terminal() {
    let evil = "x\u{1b}[2J\u{202e}\u{9b}\r\n";
    let mut s = panel(160, 45);
    let why = Failure::new(evil, evil, evil);
    let odd = Move { topic: evil.into(), new: Err(why.clone()), ..step(i32::MAX, Some(i64::MIN), None) };
    let far = Move { start: Some(i64::MIN), end: Some(i64::MAX), ..step(-1, Some(i64::MAX), Some(i64::MIN)) };
    planned(&mut s, |s| Plan { refused: Some(why.clone()), ..plan(s, vec![odd.clone(), far.clone()]) });
    is_safe(&s);
    s.press("j");
    is_safe(&s);
}
