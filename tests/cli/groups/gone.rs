//! What is deleted: groups, and their commits.
use super::{run, stage};
use crate::stage::{Bound, Own, program};
use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use serde_json::json;
use std::io::{Read, Write};

#[test]
fn a_deletion_wants_a_yes_where_nobody_can_be_asked() {
    let own = stage(&[5], &[Some(2)]);
    let ran = own.run("groups delete g");
    assert_eq!((ran.code, own.cluster.committed("g", "t", 0)), (2, Some(2)));
    assert!(ran.stderr.contains("add --yes"), "{}", ran.stderr);
    let ran = own.run("groups delete g --yes");
    assert_eq!((ran.code, ran.text()), (0, "deleted g\n"));
    assert_eq!(own.run("groups").text().lines().count(), 1);
    own.end();
}

/// What a terminal shows while these letters are typed, and the exit code.
fn typed(own: &Own, args: &[&str], letters: &str) -> (String, u32) {
    let pair = native_pty_system().openpty(PtySize { rows: 24, cols: 200, pixel_width: 0, pixel_height: 0 }).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_kafscope"));
    command.args(["-b", &own.cluster.bootstrap()]);
    command.args(args);
    let mut child = pair.slave.spawn_command(command).unwrap();
    let _bound = Bound::on(child.process_id().unwrap());
    drop(pair.slave);
    pair.master.take_writer().unwrap().write_all(letters.as_bytes()).unwrap();
    let mut shown = Vec::new();
    let _ = pair.master.try_clone_reader().unwrap().read_to_end(&mut shown); // Linux ends a terminal with an error
    (String::from_utf8(shown).unwrap(), child.wait().unwrap().exit_code())
}

#[test]
fn on_a_terminal_the_name_is_typed_again_t27() {
    let own = stage(&[5], &[Some(2)]);
    own.cluster.commit("evil\u{1b}[2Jname", "t", 0, 2, "").unwrap();
    let (shown, code) = typed(&own, &["groups", "delete", "g"], "G\n");
    assert_eq!((code, own.cluster.committed("g", "t", 0)), (1, Some(2)));
    assert!(shown.contains("type the name g to go on") && shown.contains("nothing was done"), "{shown}");
    let (shown, code) = typed(&own, &["groups", "delete", "g", "evil\u{1b}[2Jname"], "evil␛[2Jname\ng\n");
    assert_eq!((code, own.cluster.committed("g", "t", 0)), (0, None), "{shown}");
    assert!(shown.contains("deleted g") && !shown.contains("\u{1b}[2J"), "{shown}");
    own.end();
}

/// A slip in one of several names used to delete the others.
#[test]
fn nothing_is_deleted_while_one_of_the_names_is_not_there() {
    let own = stage(&[5], &[Some(2)]);
    let ran = own.run("groups delete g nope --yes");
    assert_eq!((ran.code, own.cluster.committed("g", "t", 0)), (1, Some(2)));
    assert!(ran.stderr.contains("there is no group nope"), "{}", ran.stderr);
    own.end();
}

#[test]
fn what_is_forgotten_is_told_and_only_that_is_gone() {
    let own = stage(&[5, 5], &[Some(2), Some(4)]);
    let told = own.run("groups forget g --topic t:1 --json").objects();
    assert_eq!(told, [json!({"group": "g", "topic": "t", "partition": 1, "committed": 4, "forgotten": true})]);
    assert_eq!([0, 1].map(|partition| own.cluster.committed("g", "t", partition)), [Some(2), None]);
    let ran = own.run("groups --delete-offsets --group g --topic t");
    assert_eq!((ran.code, own.cluster.committed("g", "t", 0)), (0, None), "{}", ran.stderr);
    for (line, why) in
        [("groups forget nope --topic t", "there is no group nope"), ("groups forget g --topic u", "no commit there")]
    {
        let ran = own.run(line);
        assert_eq!(ran.code, 1, "{line}");
        assert!(ran.stderr.contains(why), "{line}: {}", ran.stderr);
    }
    own.end();
}

#[test]
fn nobody_listening_ends_every_command_with_3() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for line in [
        "groups show g --expect lag<1",
        "groups show g --watch 1 --expect lag<1",
        "groups reset g --topic t --to-latest",
        "groups forget g --topic t",
        "groups delete g --yes",
    ] {
        let mut command = program();
        command.args(["-b", &free.to_string()]).args(line.split(' '));
        let ran = crate::stage::Ran::of(command.spawn().unwrap());
        assert_eq!((ran.code, ran.text()), (3, ""), "{line}: {}", ran.stderr);
    }
}

#[test]
fn an_undo_file_of_a_hostile_group_has_a_harmless_name() {
    let own = stage(&[5], &[]);
    let name = "../evil\u{1b}[31m/$(x)";
    own.cluster.commit(name, "t", 0, 1, "").unwrap();
    let ran = run(&own, &["groups", "reset", name, "--all-topics", "--to-latest", "--execute"]);
    assert_eq!((ran.code, own.cluster.committed(name, "t", 0)), (0, Some(5)), "{}", ran.stderr);
    let file = ran.stderr.split_once("groups undo ").unwrap().1.split_once(" --execute").unwrap().0.to_owned();
    assert!(!file.contains(['$', '\u{1b}', '(', ' ']) && !file.contains("../"), "{file}");
    let ran = run(&own, &["groups", "undo", &file, "--execute"]);
    assert_eq!((ran.code, own.cluster.committed(name, "t", 0)), (0, Some(1)), "{}", ran.stderr);
    own.end();
}
