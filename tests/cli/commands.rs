//! Topics and groups, and what the command line says no to.
use crate::stage::{Ran, bootstrap, kafscope, program};
use serde_json::{Value, json};
use std::net::TcpListener;

fn find<'a>(objects: &'a [Value], key: &str, name: &str) -> &'a Value {
    objects.iter().find(|object| object[key] == name).unwrap_or_else(|| panic!("{name} is not listed"))
}

#[test]
fn topics_are_listed_with_their_records() {
    let topics = kafscope("topics --json").objects();
    let orders = find(&topics, "topic", "orders");
    assert_eq!((&orders["partitions"], &orders["records"]), (&json!(6), &json!(1200)));
    let retained = find(&topics, "topic", "retained");
    assert_eq!(
        serde_json::to_string(retained).unwrap(),
        r#"{"topic":"retained","partitions":1,"replication":3,"under_replicated":0,"internal":false,"start":700,"end":1000,"records":300}"#
    );
}

#[test]
fn a_list_is_narrowed_by_a_glob_and_a_name_that_is_not_there_is_a_no() {
    let ran = kafscope("topics list or*");
    let names: Vec<_> = ran.text().lines().skip(1).filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(names, ["orders", "orders.dlq"]);
    let ran = kafscope("topics ordres");
    assert_eq!((ran.code, ran.text()), (1, ""));
    assert!(ran.stderr.contains("there is no topic ordres; did you mean orders?"), "{}", ran.stderr);
}

#[test]
fn a_topic_is_shown_with_its_partitions_and_its_groups() {
    let ran = kafscope("topics show retained");
    let row: Vec<_> = ran.text().lines().find(|line| line.contains("1,2,3")).unwrap().split_whitespace().collect();
    assert_eq!(row, ["0", "1", "1,2,3", "1,2,3", "700", "1000"]);
    assert!(
        ran.text().lines().any(|line| line.split_whitespace().collect::<Vec<_>>() == ["late-reader", "empty", "300"])
    );
}

#[test]
fn what_exists_is_shown_although_something_asked_for_does_not() {
    let ran = kafscope("topics show --json nope empty");
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("there is no topic nope"), "{}", ran.stderr);
    assert_eq!(ran.text().lines().count(), 2, "the topic and its one partition");
}

#[test]
fn groups_are_listed_with_honest_lags() {
    let groups = kafscope("groups list --json").objects();
    let lag = |name| (&find(&groups, "group", name)["lag"], &find(&groups, "group", name)["status"]);
    assert_eq!(lag("late-reader"), (&json!(300), &json!("lost")));
    assert_eq!(lag("ghost"), (&json!(0), &json!("ahead")));
    assert_eq!(lag("fresh").0, &Value::Null, "a group without commits has no number, not a zero");
}

#[test]
fn the_largest_lag_comes_first_and_no_number_last() {
    let names = |line| -> Vec<String> {
        kafscope(line).objects().iter().map(|group| group["group"].as_str().unwrap().to_owned()).collect()
    };
    let by_lag = names("groups --lag --json");
    let place = |name| by_lag.iter().position(|known| known == name).unwrap();
    assert!(place("stopped") < place("late-reader") && place("late-reader") < place("ghost"));
    assert!(place("ghost") < place("idle"));
    assert!(names("groups --state empty --json").contains(&"ghost".to_owned()));
    assert!(!names("groups --state stable --json").contains(&"ghost".to_owned()));
}

#[test]
fn a_commit_beyond_the_end_is_told_as_it_is() {
    let rows = kafscope("groups show ghost --json").objects();
    assert_eq!(
        serde_json::to_string(&rows[0]).unwrap(),
        r#"{"group":"ghost","topic":"drained","partition":0,"start":50,"end":50,"stable_end":50,"committed":90,"lag":0,"state":"ahead","behind_ms":0,"member":null,"client_id":null,"host":null,"metadata":""}"#
    );
    let table = kafscope("groups show ghost");
    assert!(table.text().contains("ahead +40"), "{}", table.text());
    assert_eq!(kafscope("groups show gohst").code, 1);
    let all = kafscope("groups --describe --all-groups --json").objects();
    assert!(["ghost", "late-reader"].iter().all(|name| all.iter().any(|row| row["group"] == *name)));
}

#[test]
fn nobody_listening_is_said_with_the_address_and_the_next_step() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for command in ["topics", "groups", "read t", "tail t", "produce t v"] {
        let ran = Ran::of(program().args(["-b", &free.to_string()]).args(command.split(' ')).spawn().unwrap());
        assert_eq!((ran.code, ran.text()), (3, ""), "{command}: {}", ran.stderr);
        let said = format!("kafscope: connecting to {free}: connection refused; is Kafka running there?");
        assert!(ran.stderr.contains(&said), "{command}: {}", ran.stderr);
    }
}

#[test]
fn a_wrong_command_line_ends_with_2_and_a_hint() {
    for (line, hint) in [
        ("topcis", "'topics'"),
        ("tail t --form start", "'--from'"),
        ("topics --zookeeper zk:2181", "try -b HOST:9092"),
        ("topics -b host:port", "write HOST:PORT"),
        ("topics --theme defualt", "did you mean `default`?"),
        ("topics --config /nowhere/c.toml", "/nowhere/c.toml"),
        ("-t orders topics", "name the topic after it"),
        ("read t --raw --json", "cannot be used with"),
        ("produce t v --null", "cannot be used with"),
        ("groups --state sleepy", "preparing_rebalance"),
    ] {
        let ran = Ran::of(program().args(line.split(' ')).spawn().unwrap());
        assert_eq!((ran.code, ran.text()), (2, ""), "{line}");
        assert!(ran.stderr.contains(hint), "{line}: {}", ran.stderr);
    }
}

#[test]
fn a_screen_without_a_terminal_says_what_to_do_instead() {
    let ran = Ran::of(program().args(["-b", &bootstrap()]).spawn().unwrap());
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("kafscope tail TOPIC"), "{}", ran.stderr);
}

#[test]
fn keys_and_themes_are_told_without_a_cluster() {
    let keys = Ran::of(program().args(["keys", "--json"]).spawn().unwrap()).objects();
    assert!(keys.iter().any(|key| key["key"] == "?" && key["does"] == "help"));
    let themes = Ran::of(program().arg("themes").spawn().unwrap());
    assert!(["default", "mono"].iter().all(|name| themes.text().lines().any(|line| line == *name)));
}
