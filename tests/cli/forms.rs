//! What is read in every form: to a pipe, to a file, in kcat's words and in those of Kafka's console consumer.
use crate::stage::{Ran, bootstrap, kafscope, program};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use std::fs;

/// Arguments as they are, blanks and all.
fn read(args: &[&str]) -> Ran {
    Ran::of(program().env("KAFSCOPE_BOOTSTRAP", bootstrap()).arg("read").args(args).spawn().unwrap())
}

fn lines(ran: &Ran) -> Vec<&str> {
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    ran.text().lines().collect()
}

#[test]
fn a_filter_finds_what_a_pipe_through_grep_would_and_says_how_many_there_were() {
    let all = kafscope("read orders --json").objects();
    let has = |record: &&Value, text: &str| record["value"].as_str().unwrap().contains(text);
    let with = all.iter().filter(|record| has(record, "Umbrella")).count();
    let found = kafscope("read orders --grep Umbrella --json");
    assert_eq!(found.objects().len(), with);
    assert!(found.stderr.starts_with(&format!("{with} of 1,200 records, ")), "{}", found.stderr);
    assert_eq!(kafscope("read orders --grep uMBRELLA -i --count").text(), format!("{with}\n"));
    assert_eq!(kafscope("read orders --grep Umbr.l+a --regex --count").text(), format!("{with}\n"));
    assert_eq!(kafscope("read orders --grep Umbrella --grep nowhere --count").text(), "0\n");
}

#[test]
fn all_of_a_filter_must_hold_and_the_expression_sees_the_decoded_record() {
    let all = kafscope("read orders --json").objects();
    let amount = |record: &Value| -> Value { serde_json::from_str(record["value"].as_str().unwrap()).unwrap() };
    let dear = |record: &&Value| amount(record)["amount"].as_f64().unwrap() > 300.0 && record["partition"] == 2;
    let wanted: Vec<_> = all.iter().filter(dear).map(|record| record["offset"].clone()).collect();
    assert!(!wanted.is_empty());
    let found = read(&["orders", "--where", ".value.amount > 300 and .partition == 2", "--json"]).objects();
    assert_eq!(found.iter().map(|record| record["offset"].clone()).collect::<Vec<_>>(), wanted);
    let key = kafscope("read orders --key user-7 --header tag=gift --json").objects();
    assert!(!key.is_empty() && key.iter().all(|record| record["key"] == "user-7"));
}

#[test]
fn a_tail_with_a_filter_begins_with_the_last_that_match_of_one_topic_and_of_several() {
    for topics in ["orders", "orders mytopic"] {
        let mut command = program();
        command.env("KAFSCOPE_BOOTSTRAP", bootstrap()).arg("tail").args(topics.split(' '));
        let ran = Ran::of(command.args(["--grep", "Umbrella", "-n", "3", "--json"]).spawn().unwrap());
        let objects = ran.objects();
        assert_eq!(objects.len(), 3, "{topics}");
        assert!(objects.iter().all(|record| record["value"].as_str().unwrap().contains("Umbrella")), "{topics}");
    }
}

#[test]
fn a_filter_that_fails_on_records_says_so_with_the_first() {
    let ran = read(&["mytopic", "--where", ".value.id > 1"]);
    assert_eq!(ran.text(), "");
    assert!(ran.stderr.contains("the filter failed on 2 records; the first: mytopic 0/0: "), "{}", ran.stderr);
}

#[test]
fn the_partition_that_a_key_goes_to_is_the_only_one_read() {
    let everywhere = kafscope("read orders --key user-42 --count").text().to_owned();
    let there = kafscope("read orders --key user-42 --key-partitioned --count");
    assert_eq!(there.text(), everywhere);
    let seen: u64 = there.stderr.split(" of ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    assert_eq!(kafscope("read orders -p 4 --count").text(), format!("{seen}\n"), "Java puts user-42 of 6 there");
    let ran = kafscope("read orders mytopic --key a --key-partitioned");
    assert!(ran.code == 2 && ran.stderr.contains("different numbers of partitions"), "{}", ran.stderr);
}

#[test]
fn a_read_is_bounded_by_places_of_every_kind() {
    let offsets = |line: &str| -> Vec<i64> {
        kafscope(line).objects().iter().map(|record| record["offset"].as_i64().unwrap()).collect()
    };
    assert_eq!(offsets("read retained --from offset:998 --json"), [998, 999]);
    assert_eq!(offsets("read retained --from 0:705 --to 0:708 --json"), [705, 706, 707]);
    assert_eq!(offsets("read retained -o -2 --json"), [998, 999]);
    assert_eq!(offsets("read retained --newest-first -n 3 --json"), [999, 998, 997]);
    assert_eq!(kafscope("read orders -o -2 --count").text(), "12\n", "kcat counts for each partition");
    let minute = kafscope("read orders --from @2026-11-20T09:30:00Z --to @2026-11-20T09:31:00Z --json --ordered");
    let minute: Vec<i64> = minute.objects().iter().map(|record| record["timestamp"].as_i64().unwrap()).collect();
    assert_eq!(minute.len(), 20, "an order every three seconds");
    assert!(minute.is_sorted());
}

#[test]
fn a_place_that_is_not_there_is_said_with_the_nearest() {
    let ran = kafscope("read retained --from offset:5 -n 1 --json");
    assert_eq!(ran.objects()[0]["offset"], 700);
    assert!(ran.stderr.contains("partition 0 has no offset 5 any more; its first is 700"), "{}", ran.stderr);
    let ran = kafscope("read orders -p 6");
    assert!(ran.code == 1 && ran.stderr.contains("there is no partition 6 in orders; the last is 5"), "{}", ran.stderr);
}

/// Only the partitions that had been met were named, and whoever pasted it never saw the others.
#[test]
fn what_ends_early_goes_on_where_it_was_told_to_without_a_hole() {
    let first = kafscope("read orders -n 500 --json");
    let place = first.stderr.split("go on with --from ").nth(1).unwrap().trim().to_owned();
    assert_eq!(place.split(',').count(), 6, "{place}");
    let rest = kafscope(&format!("read orders --from {place} --json"));
    let all: std::collections::BTreeSet<String> =
        first.objects().iter().chain(&rest.objects()).map(|r| format!("{}/{}", r["partition"], r["offset"])).collect();
    assert_eq!((first.objects().len(), rest.objects().len(), all.len()), (500, 700, 1200));
}

#[test]
fn kcats_format_is_written_as_kcat_writes_it() {
    let ran = read(&["retained", "-n", "2", "-f", r"%t/%p/%o %K %T %%\n"]);
    let first: Vec<_> = lines(&ran).iter().map(|line| line.split(' ').next().unwrap()).collect();
    assert_eq!(first, ["retained/0/700", "retained/0/701"]);
    assert_eq!(read(&["mytopic", "-n", "1", "--format", "%s|"]).text(), "This is a message|", "no newline is added");
    let keyed = read(&["orders", "-n", "1", "-K", ":"]);
    assert!(keyed.text().starts_with("user-") && keyed.text().contains(":{\""), "{}", keyed.text());
    assert_eq!(read(&["orders", "-C", "-J", "-e", "-q", "-n", "1"]).objects().len(), 1);
}

#[test]
fn columns_are_comma_separated_for_programs_and_aligned_for_people() {
    let all = kafscope("read orders -p 3 --json").objects();
    let wanted = |record: &Value| -> Vec<String> {
        let value: Value = serde_json::from_str(record["value"].as_str().unwrap()).unwrap();
        vec![record["offset"].to_string(), value["id"].to_string(), value["user"].as_str().unwrap().to_owned()]
    };
    let ran = kafscope("read orders -p 3 --csv --columns offset,id,user");
    let mut csv = csv::Reader::from_reader(&ran.stdout[..]);
    assert_eq!(csv.headers().unwrap(), vec!["offset", "id", "user"]);
    let rows: Vec<Vec<String>> = csv.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    assert_eq!(rows, all.iter().map(wanted).collect::<Vec<_>>());
    let ran = kafscope("read orders -n 2 -p 3 --columns id,user,items[0].quantity");
    let lines = lines(&ran);
    assert_eq!(lines.len(), 3);
    let end = |line: &str| line.find("user").unwrap() - 2;
    assert!(lines[0].ends_with("user     items[0].quantity"), "{lines:?}");
    assert!(lines.iter().all(|line| end(line) == end(lines[0])), "numbers stand at the right: {lines:?}");
}

#[test]
fn the_formatter_of_the_console_consumer_is_understood() {
    let print = |properties: &[&str]| {
        let mut args = vec!["nulls", "-n", "1"];
        properties.iter().for_each(|property| args.extend(["--property", property]));
        read(&args).text().to_owned()
    };
    let all = ["timestamp", "partition", "offset", "headers", "key"].map(|name| format!("print.{name}=true"));
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let line = print(&all);
    let parts: Vec<_> = line.trim_end().split('\t').collect();
    assert!(parts[0].starts_with("CreateTime:") && parts[1] == "Partition:0" && parts[2] == "Offset:0", "{line:?}");
    assert_eq!(parts.len(), 6, "{line:?}");
    let line = print(&["print.key=true", "key.separator=|", "null.literal=NIL", "line.separator=;"]);
    assert_eq!((line.matches('|').count(), line.matches(';').count()), (1, 1), "{line:?}");
}

#[test]
fn null_and_empty_and_the_word_null_differ_in_every_form_that_can_say_so_t12() {
    let different = |args: &[&str]| {
        let ran = read(&[&["nulls"], args].concat());
        let lines: std::collections::BTreeSet<_> = lines(&ran).into_iter().map(str::to_owned).collect();
        assert!(lines.len() >= 9, "{args:?}: only {} of the nine keys and values differ", lines.len());
    };
    different(&["--format", r"%K %k %S %s\n"]);
    different(&["--json"]);
    different(&[]);
}

/// What no form of text could hold is in the objects byte for byte.
#[test]
fn the_objects_of_hostile_records_lead_back_to_their_bytes_t13() {
    let objects = kafscope("read hostile --json").objects();
    let mut exact = &read(&["hostile", "--format", "%R%s"]).stdout[..];
    for object in objects {
        let (length, rest) = exact.split_first_chunk::<4>().unwrap();
        let length = i32::from_be_bytes(*length);
        let text = object["value"].as_str();
        let bytes = match object["value_encoding"].as_str() {
            Some("base64") => STANDARD.decode(text.unwrap()).unwrap(),
            _ => text.unwrap_or_default().as_bytes().to_vec(),
        };
        assert_eq!((length < 0, bytes.len() as i32), (text.is_none(), length.max(0)), "{}", object["offset"]);
        let (value, rest) = rest.split_at(bytes.len());
        assert_eq!(value, bytes, "{}", object["offset"]);
        exact = rest;
    }
    assert!(exact.is_empty());
}

#[test]
fn keys_and_values_are_decoded_as_they_are_said_to_be() {
    let object = kafscope("read orders -n 1 --json --decode json --decode-key text").objects().remove(0);
    assert_eq!(object["decoded_key"], object["key"]);
    assert_eq!(object["decoded_value"]["id"].as_i64(), Some(object["decoded_value"]["id"].as_i64().unwrap()));
    let ran = kafscope("read mytopic --json --decode org.apache.kafka.common.serialization.LongDeserializer");
    assert_eq!(ran.objects()[0]["decoded_value_error"], json!("17 bytes, an int64 has 8"));
    assert!(ran.stderr.contains("2 times; the first: the value of mytopic 0/0 as int64"), "{}", ran.stderr);
}

#[test]
fn a_file_holds_what_a_pipe_would_get() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("orders.jsonl");
    fs::write(&path, "what stood there before").unwrap();
    let ran = read(&["orders", "-p", "0", "--json", "--output", path.to_str().unwrap()]);
    assert_eq!((ran.code, ran.text()), (0, ""));
    assert_eq!(fs::read(&path).unwrap(), kafscope("read orders -p 0 --json").stdout);
    let ran = read(&["orders", "--output", directory.path().join("no/such/place").to_str().unwrap()]);
    assert!(ran.code == 2 && ran.stderr.contains("No such file"), "{}", ran.stderr);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_said_with_the_place_to_go_on() {
    let ran = read(&["retained", "--json", "--output", "/dev/full"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("writing /dev/full: No space left on device"), "{}", ran.stderr);
    assert!(ran.stderr.contains("go on with --from 0:700"), "{}", ran.stderr);
}

#[test]
fn what_is_wrong_in_a_line_is_marked_under_the_letter_where_it_is() {
    for (args, marked) in [
        (["--from", "last:x"], "  last:x\n       ^"),
        (["--to", "yesterday"], "  yesterday\n  ^"),
        (["-o", "12x"], "  12x\n    ^"),
        (["-p", "0,2-x"], "  0,2-x\n    ^"),
        (["--format", "%t %q"], "  %t %q\n     ^"),
        (["--property", "print.key=maybe"], "  print.key=maybe\n            ^"),
        (["--header", "=v"], "  =v\n  ^"),
        (["--columns", "id,,user"], "  id,,user\n     ^"),
    ] {
        let ran = read(&[&["orders"], &args[..]].concat());
        assert_eq!((ran.code, ran.text()), (2, ""), "{args:?}: {}", ran.stderr);
        assert!(ran.stderr.starts_with(&format!("kafscope: {}", long(args[0]))), "{args:?}: {}", ran.stderr);
        assert!(ran.stderr.contains(marked), "{args:?}: {}", ran.stderr);
    }
    for (option, text) in [("--where", ".value.id =="), ("--grep", "a(b")] {
        let regex: &[&str] = if option == "--grep" { &["--regex"] } else { &[] };
        let ran = read(&[&["orders", option, text], regex].concat());
        assert!(ran.code == 2 && ran.stderr.contains(&format!("  {text}\n  ")), "{}", ran.stderr);
        assert!(ran.stderr.trim_end().ends_with('^'), "{}", ran.stderr);
    }
}

fn long(option: &str) -> &str {
    match option {
        "-o" => "--offset: ",
        "-p" => "--partition: ",
        other => other,
    }
}

#[test]
fn what_has_no_meaning_here_is_answered_with_a_sentence() {
    for (args, words) in [
        (&["read", "t", "--group", "g"][..], "--from group:NAME begins where a group is"),
        (&["read", "--include", "or.*", "t"], "a glob as in 'orders.*'"),
        (&["read", "t", "-Z"], "null and empty are told apart"),
        (&["read", "t", "--formatter", "kafka.tools.LoggingMessageFormatter"], "formatters are Java classes"),
        (&["tail", "t", "--newest-first"], "`kafscope read` has it"),
        (&["tail", "t", "--to", "end"], "`kafscope read` has it"),
        (&["read", "t", "--decode", "itn64"], "did you mean int64?"),
        (&["read", "t", "--count", "--raw"], "cannot be used with"),
        (&["read", "t", "--regex"], "--grep"),
    ] {
        let ran = Ran::of(program().args(args).spawn().unwrap());
        assert_eq!((ran.code, ran.text()), (2, ""), "{args:?}: {}", ran.stderr);
        assert!(ran.stderr.contains(words), "{args:?}: {}", ran.stderr);
    }
}
