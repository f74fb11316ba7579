//! Lists, and groups in detail.
use super::{cells, column, run, stage};
use kafka_protocol::messages::ApiKey;
use kafscope_demo_broker::Force;
use serde_json::json;

#[test]
fn a_plain_list_shows_what_brokers_list_and_asks_for_nothing_else() {
    let own = stage(&[5], &[Some(2)]);
    own.cluster.clear_requests();
    let ran = own.run("groups");
    assert_eq!(ran.text().lines().next().unwrap().split_whitespace().next(), Some("GROUP"));
    assert_eq!(&cells(&ran)[0][..3], ["g", "empty", "classic"]);
    let asked: Vec<_> = own.cluster.requests().iter().map(|seen| seen.api).collect();
    let more = [ApiKey::OffsetFetch, ApiKey::ListOffsets, ApiKey::DescribeGroups, ApiKey::Fetch];
    assert!(asked.contains(&ApiKey::ListGroups) && !asked.iter().any(|api| more.contains(api)), "{asked:?}");
    let ran = own.run("groups --lag");
    assert_eq!(cells(&ran)[0], ["g", "empty", "classic", "0", "1", "3", "observing"]);
    own.end();
}

#[test]
fn the_object_of_a_group_has_its_fields_in_the_promised_order() {
    let own = stage(&[5], &[Some(2)]);
    let coordinator = own.cluster.coordinator("g").unwrap();
    let line = |more: &str| {
        format!(
            r#"{{"group":"g","state":"empty","type":"classic","members":0,"topics":1,"lag":3,"lag_exact":true,{more}"status":"observing","coordinator":{coordinator}}}"#
        ) + "\n"
    };
    assert_eq!(own.run("groups --json").text(), line("\"behind_ms\":null,"), "nobody read the record that is next");
    let read = own.run("groups --json --sort behind").objects();
    assert!(read[0]["behind_ms"].as_i64().unwrap() > 0, "{read:?}");
    own.cluster.commit("g", "t", 0, 5, "").unwrap();
    assert_eq!(own.run("groups --json").objects()[0]["behind_ms"], 0);
    own.end();
}

/// The group with the smaller lag has waited longer.
#[test]
fn the_longest_behind_comes_first_whatever_its_lag() {
    let own = stage(&[3, 3], &[]);
    own.cluster.commit("b-late", "t", 1, 2, "").unwrap();
    own.cluster.commit("a-early", "t", 0, 0, "").unwrap();
    own.cluster.commit("c-done", "t", 0, 3, "").unwrap();
    let names = |line: &str| column(&own.run(line).objects(), "group");
    assert_eq!(names("groups --sort behind --json"), ["a-early", "b-late", "c-done", "g"]);
    let ran = own.run("groups --sort behind");
    assert!(ran.text().lines().next().unwrap().contains("BEHIND"), "{}", ran.text());
    assert!(cells(&ran)[2].contains(&"caught"), "{}", ran.text());
    own.end();
}

#[test]
fn the_object_of_a_partition_has_its_fields_in_the_promised_order() {
    let own = stage(&[5], &[Some(5)]);
    let row = |status: &str| {
        format!(
            r#"{{"group":"g","topic":"t","partition":0,"start":0,"end":5,"stable_end":5,"committed":5,"lag":0,"state":"ok","behind_ms":0,"member":null,"client_id":null,"host":null,"metadata":""{status}}}"#
        )
    };
    assert_eq!(own.run("groups show g --json").text(), row("") + "\n");
    let watched = own.run("groups show g --json --watch 60 --expect lag=0").objects();
    let at = watched[0]["at"].as_i64().unwrap();
    let status = watched[0]["status"].as_str().unwrap();
    assert_eq!(watched.len(), 1);
    assert_eq!(watched[0].to_string().len(), row(&format!(r#","status":"{status}","at":{at}"#)).len());
    own.end();
}

#[test]
fn behind_tells_the_age_of_the_oldest_unread_record() {
    let own = stage(&[5, 5], &[Some(2), Some(5)]);
    let rows = own.run("groups show g --behind --json").objects();
    assert!(rows[0]["behind_ms"].as_i64().unwrap() > 0);
    assert_eq!(rows[1]["behind_ms"], 0);
    let table = own.run("groups show g --behind");
    assert!(table.text().contains("BEHIND") && table.text().contains("caught up"), "{}", table.text());
    assert!(!own.run("groups show g").text().contains("BEHIND"));
    own.end();
}

#[test]
fn a_partition_that_cannot_be_read_makes_the_total_a_bound() {
    let own = stage(&[5, 5], &[Some(2), Some(1)]);
    own.cluster.set_leader("t", 1, None).unwrap();
    let group = &own.run("groups --json").objects()[0];
    assert_eq!((&group["lag"], &group["lag_exact"]), (&json!(3), &json!(false)));
    let shown = own.run("groups show g");
    assert!(shown.text().contains("lag ≥ 3") && shown.text().contains("unknown: "), "{}", shown.text());
    own.end();
}

#[test]
fn states_and_groups_are_asked_for_as_kafkas_tool_has_them() {
    let own = stage(&[5], &[Some(2)]);
    let line = own.run("groups --describe --group g --state --json").objects();
    assert_eq!((&line[0]["group"], &line[0]["lag"]), (&json!("g"), &json!(3)));
    assert_eq!(own.run("groups --describe --all-groups --offsets --json").objects().len(), 1);
    assert_eq!(own.run("groups --list --state Stable").text().lines().count(), 1, "the heads alone");
    own.end();
}

/// While a broker keeps its groups to itself, nobody can say that a group is not there.
#[test]
fn a_group_that_may_be_at_a_silent_broker_is_not_called_missing() {
    let own = stage(&[5], &[Some(2)]);
    let ran = own.run("groups show nope");
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("there is no group nope"), "{}", ran.stderr);
    own.cluster.force(Force::error(ApiKey::ListGroups, 15).at(1));
    let ran = own.run("--timeout 1 groups show nope");
    assert_eq!((ran.code, ran.text()), (3, ""), "{}", ran.stderr);
    assert!(ran.stderr.contains("a broker that may have it does not answer"), "{}", ran.stderr);
    own.end();
}

#[test]
fn a_name_of_a_thousand_letters_or_with_escapes_is_a_name_like_any_other() {
    let own = stage(&[5], &[Some(2)]);
    let long = "x".repeat(1_000);
    for name in [long.as_str(), "evil\u{1b}[31m\u{202e}\n,\"'; $(x)"] {
        own.cluster.commit(name, "t", 0, 1, "\u{1b}[2J").unwrap();
        let rows = run(&own, &["groups", "show", name, "--json"]).objects();
        assert_eq!((&rows[0]["group"], &rows[0]["lag"]), (&json!(name), &json!(4)));
        let shown = run(&own, &["groups", "show", name, "--expect", "lag<1"]);
        assert_eq!(shown.code, 1);
        for text in [shown.text(), &shown.stderr] {
            assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text:?}");
        }
        let planned = run(&own, &["groups", "reset", name, "--topic", "t", "--to-latest", "--export"]);
        assert_eq!((planned.code, planned.text()), (0, "t,0,5\n"), "{}", planned.stderr);
        let deleted = run(&own, &["groups", "delete", name, "--yes", "--json"]).objects();
        assert_eq!(deleted, [json!({"group": name, "deleted": true})]);
    }
    assert_eq!(own.run("groups --json").objects().len(), 1);
    own.end();
}
