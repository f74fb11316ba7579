//! What was sent before comes back exactly, text or not.
use super::*;

/// Records sent in an earlier session, the oldest first.
fn remembers(s: &mut Screen, drafts: &[Draft]) {
    s.app.panels.produce.set_history(drafts.to_vec());
}

#[test]
fn up_and_down_walk_the_lines_before_the_history() {
    let mut s = writing(80, 24);
    remembers(&mut s, &[value("older")]);
    s.press("one <ctrl-j> two <up>")
        .shows("line 1 of 2")
        .press("<up>")
        .shows("│ older")
        .press("<down>")
        .shows("line 1 of 2");
    s.press("<down>").shows("line 2 of 2");
}

#[test]
fn history_goes_back_and_forth_and_what_was_being_written_waits_below() {
    let mut s = writing(80, 24);
    s.press("one <enter>").hear(produced(1)).press("two <enter>").hear(produced(2)).press("three");
    s.press("<up>").shows("│ two").press("<up>").shows("│ one").press("<up>").shows("│ one");
    s.press("<down> <down>").shows("│ three").press("<down>").shows("│ three");
    s.press("<up> ! <up> <down> <down>").shows("│ two!");
    assert_eq!(s.app.panels.produce.history(), [value("one"), value("two")]);
}

#[test]
fn history_gives_back_null_empty_headers_and_partition_as_they_were() {
    let records = [
        Draft { key: Some(vec![]), value: None, headers: vec![], partition: Some(4) },
        Draft {
            key: None,
            value: Some(vec![]),
            headers: vec![("a".into(), None), ("a".into(), Some(vec![])), ("b c".into(), Some(b"x \"y\"\\".to_vec()))],
            partition: None,
        },
        Draft { key: Some(b"null".to_vec()), value: Some(b"a\r\nb\n".to_vec()), headers: vec![], partition: None },
    ];
    for record in records {
        let mut s = writing(80, 24);
        remembers(&mut s, std::slice::from_ref(&record));
        s.press("<up> <ctrl-d>");
        assert_eq!(draft(&mut s), record);
    }
}

/// They came back as `�` and would have been sent as that.
#[test]
fn bytes_that_are_not_text_are_sent_as_they_were() {
    let record = Draft {
        key: Some(b"two\nlines".to_vec()),
        value: Some(vec![0xff; 20]),
        headers: vec![("id".into(), Some(vec![0x80])), ("flag".into(), None)],
        partition: None,
    };
    let mut s = writing(160, 45);
    remembers(&mut s, std::slice::from_ref(&record));
    s.press("<up>").shows("20 bytes, not text").shows("key 9 bytes, man").shows("2 headers, not text");
    s.press("<left> <home> <tab> <left> <ctrl-n> <ctrl-n> <ctrl-n> <enter>");
    assert_eq!(draft(&mut s), record);
}

#[test]
fn typing_replaces_bytes_that_are_not_text_and_the_editor_leaves_them_alone() {
    let mut s = writing(80, 24);
    remembers(&mut s, &[Draft { value: Some(vec![0xff, 0xfe]), ..Draft::default() }]);
    s.press("<up> <ctrl-e>").shows("not text: an editor would change it");
    assert!(s.app.requests.is_empty());
    s.press("tea <enter>");
    assert_eq!(draft(&mut s), value("tea"));
    s.hear(produced(1))
        .press("<up> <up>")
        .shows("2 bytes, not text")
        .press("<backspace> <enter>")
        .shows("nothing to send");
}

#[test]
fn what_is_written_while_looking_back_survives_the_acknowledgement() {
    let mut s = writing(80, 24);
    remembers(&mut s, &[value("one")]);
    s.press("two <enter> three <up>").shows("│ one").hear(produced(1)).shows("│ one");
    s.press("<down>").shows("│ two").press("<down>").shows("│ twothree");
}
