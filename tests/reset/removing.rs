//! Deleting a group, and forgetting its commits.
use super::*;

#[test]
fn a_group_is_deleted_by_its_typed_name() {
    let mut s = panel(160, 45);
    s.press("D").shows("The group billing will be deleted").shows("type billing").press("<enter>");
    assert!(s.sent().is_empty());
    s.press("billing <enter>").shows("Deleting …").wait(400).shows("Deleting … 400 ms");
    let Command::DeleteGroup { group, generation } = only(&mut s) else { panic!("nothing is deleted") };
    assert_eq!(&*group, "billing");
    s.hear(Event::GroupDeleted { generation, group }).shows("billing is deleted.").press("<esc>").hides("is deleted");
}

#[test]
fn a_group_with_members_is_not_offered_to_be_deleted() {
    let mut s = view(160, 45, 7);
    s.press("D")
        .shows("billing has members")
        .shows("deletes no group that has: billing-0 @")
        .shows("and 2 more")
        .hides("type billing");
    s.press("billing <enter>");
    assert!(s.sent().is_empty());
    let mut s = panel_of(common::start(), 160, 45, billing(3));
    s.press("D").shows("billing has members").shows("3 now");
}

/// T27.
#[test]
fn what_is_deleted_does_not_change_with_the_list() {
    let mut s = panel(160, 45);
    s.press("D bil");
    s.with_groups(vec![behind("aaa", "orders", 5)]).press("ling <enter>");
    assert!(matches!(only(&mut s), Command::DeleteGroup { group, .. } if &*group == "billing"));
}

#[test]
fn a_group_that_is_not_deleted_says_why() {
    let mut s = panel(160, 45);
    s.press("D billing <enter>");
    let doing = only(&mut s);
    let why = Failure::new("deleting billing", "NON_EMPTY_GROUP: a member joined", "stop it");
    s.hear(Event::Failed { doing, why }).shows("deleting billing: NON_EMPTY_GROUP: a member joined; stop it");
    s.press("q").hides("NON_EMPTY").shows("! 1 notice");
}

#[test]
fn commits_of_the_chosen_topic_are_forgotten_by_its_typed_name() {
    let mut s = view(160, 45, 0);
    s.press("F").shows("1 commit of billing on orders will be deleted").shows("type orders").press("orders <enter>");
    let Command::ForgetOffsets { group, scope, generation } = only(&mut s) else { panic!("nothing is forgotten") };
    assert_eq!((&*group, scope), ("billing", Scope::Topics(vec![("orders".into(), None)])));
    let refused = Err(failure("GROUP_SUBSCRIBED_TO_TOPIC"));
    let partitions = vec![("orders".into(), 0, Ok(())), ("orders".into(), 1, refused)];
    s.hear(Event::OffsetsForgotten { generation, group, partitions }).shows("1 of 2 commits deleted");
    s.shows("orders/0  deleted")
        .shows("orders/1  refused: GROUP_SUBSCRIBED_TO_TOPIC")
        .press("<esc>")
        .shows("Group billing");
}

#[test]
fn which_topic_is_forgotten_is_never_guessed() {
    let mut s = Screen::new(160, 45);
    s.press("3").with_groups(vec![billing(0)]).press("F").shows("Of which topic?").hides("type ");
    let mut s = view(160, 45, 0);
    s.press("G F").shows("type payments");
    let nothing = lag("billing", S::Empty, 0, vec![partition("orders", 0, 0, 9, None)]);
    let mut s = panel_of(common::start(), 160, 45, nothing.clone());
    s.press("<enter>");
    let at = s.now();
    s.hear(Event::GroupRead { generation: 1, group: Box::new(nothing), at }).press("F").shows("no commits on orders");
}

#[test]
fn an_answer_that_nobody_waits_for_is_in_the_notices() {
    let mut s = panel(160, 45);
    s.press("D billing <enter>");
    let generation = generation(&only(&mut s));
    s.press("<esc>").hear(Event::GroupDeleted { generation, group: "billing".into() });
    s.press("!").shows("deleting group billing").shows("it is deleted");
}
