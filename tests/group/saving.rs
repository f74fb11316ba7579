//! The samples of a group as a file.
use super::*;
use std::path::PathBuf;
use trend::falls_behind;

#[test]
fn samples_are_written_to_a_file_and_what_stands_there_is_asked_about() {
    let mut s = asked(160, 45);
    falls_behind(&mut s, 60);
    s.press("E").shows("samples to lag-billing.csv").press("<enter>");
    let file = PathBuf::from("lag-billing.csv");
    assert_eq!(s.app.requests, [Request::LookFor(file.clone())]);
    s.app.requests.clear();
    s.app.on_file(&file, true);
    s.shows("this file is there already; enter again writes over it");
    assert_eq!(s.app.requests, []);
    s.press("<enter>");
    let Some(Request::Save { file: to, text }) = s.app.requests.pop() else { panic!("nothing is saved") };
    assert!(to == file && text.starts_with("time,") && text.contains(",605,"), "{text}");
    s.app.on_saved(&file, Ok(()));
    let samples = text.lines().count() - 1;
    s.shows(&format!("{samples} samples to lag-billing.csv")).press("j").hides("samples to lag");
}

#[test]
fn a_file_that_cannot_be_written_is_a_sentence_and_the_name_stays() {
    let mut s = opened(80, 24);
    s.press("E x <enter>");
    let file = PathBuf::from("lag-billing.csvx");
    s.app.on_file(&file, false);
    assert!(matches!(s.app.requests.last(), Some(Request::Save { .. })));
    let why = Failure::new("writing lag-billing.csvx", "permission denied", "choose another name");
    s.app.on_saved(&file, Err(why));
    s.shows("writing lag-billing.csvx: permission denied; choose another name").shows("samples to lag-billing.csvx");
    s.press("<esc>").hides("samples to").shows("Group billing").press("<esc>").hides("Group billing");
}
