use super::*;
use crate::reset::undo;
use proptest::prelude::*;

fn target(topic: &str, partition: i32, offset: i64) -> Target {
    Target { topic: topic.into(), partition, offset: Some(offset) }
}

fn one() -> Vec<GroupName> {
    vec!["billing".into()]
}

fn two() -> Vec<GroupName> {
    vec!["billing".into(), "fraud".into()]
}

fn held(groups: &[(&str, &[Target])]) -> Groups {
    groups.iter().map(|(group, targets)| ((*group).into(), targets.to_vec())).collect()
}

#[test]
fn t24_both_forms_of_kafkas_tool_are_read() {
    let short = "orders,0,5\norders,1,7\n";
    let orders = [target("orders", 0, 5), target("orders", 1, 7)];
    assert_eq!(read(short, &one()), Ok(held(&[("billing", &orders)])));
    let long = "billing,orders,0,5\nfraud,orders,0,9\nbilling,orders,1,7\n";
    let both = held(&[("billing", &orders), ("fraud", &[target("orders", 0, 9)])]);
    assert_eq!(read(long, &two()), Ok(both.clone()));
    assert_eq!(read(long, &one()), Ok(both), "one group may have a file of several");
}

/// Kafka's tool (Jackson's writer) quotes names of more than 24 letters although nothing in them needs it.
#[test]
fn t24_what_the_tool_quotes_is_read() {
    let long = "\"orders-of-the-whole-northern-region\",3,41\n";
    assert_eq!(read(long, &one()).unwrap()["billing"], [target("orders-of-the-whole-northern-region", 3, 41)]);
    let quotes = "\"com,ma\"\"quote\",orders,0,0\r\n\"two\nlines\",orders,0,1";
    let read = read(quotes, &two()).unwrap();
    assert_eq!(read.keys().map(|group| &**group).collect::<Vec<_>>(), ["com,ma\"quote", "two\nlines"]);
}

#[test]
fn only_what_needs_quotes_gets_them() {
    let line = |form, group: &str| line(form, group, &target("orders-of-the-whole-northern-region", 3, 41)).unwrap();
    assert_eq!(line(Form::Short, ""), "orders-of-the-whole-northern-region,3,41\n");
    assert_eq!(line(Form::Long, "a b"), "a b,orders-of-the-whole-northern-region,3,41\n");
    assert_eq!(line(Form::Long, "a,\"b"), "\"a,\"\"b\",orders-of-the-whole-northern-region,3,41\n");
}

#[test]
fn t24_a_mistake_is_told_with_its_line_and_column() {
    let table = [
        ("orders,0,5\norders,x1,7", 2, 8, "\"x1\" is no partition, expected a number from 0"),
        ("orders,0,-5", 1, 10, "\"-5\" is no offset, expected a number from 0"),
        ("orders,0,", 1, 10, "\"\" is no offset, expected a number from 0"),
        ("orders,0,5 ", 1, 10, "\"5 \" is no offset, expected a number from 0"),
        ("orders,2147483648,5", 1, 8, "\"2147483648\" is no partition, expected a number from 0"),
        ("orders,0,9223372036854775808", 1, 10, "\"9223372036854775808\" is no offset, expected a number from 0"),
        (",0,5", 1, 1, "no topic, expected its name"),
        (",orders,0,5", 1, 1, "no group, expected its name"),
        ("orders,0,5\norders,1", 2, 1, "2 fields, expected topic,partition,offset"),
        ("orders,0,5\n\norders,1,7", 2, 1, "an empty line, expected offsets"),
        ("orders", 1, 1, "one field, expected group,topic,partition,offset"),
        ("billing,orders,0,5,9", 1, 1, "5 fields, expected group,topic,partition,offset"),
        ("orders,0,5\norders,1,7\norders,0,6", 3, 1, "partition 0 of topic orders again, expected each once"),
        ("orders,0,5\n\"orders,1,7\n", 2, 1, "an open quote, expected a closing one"),
        ("\"orders\"x,0,5", 1, 9, "text after a closing quote, expected a comma or the end of the line"),
        ("\"a\nb\",0,5\norders,y,1", 3, 8, "\"y\" is no partition, expected a number from 0"),
    ];
    for (text, line, column, why) in table {
        assert_eq!(read(text, &one()), Err(Mistake { line, column, why: why.into() }), "{text:?}");
    }
}

/// The undo of one group was that of another: the letter at the beginning of its name was taken for the file's mark.
#[test]
fn a_name_that_begins_with_a_byte_order_mark_keeps_it_and_the_files_own_is_dropped() {
    let line = line(Form::Long, "\u{feff}bomgroup", &target("orders", 0, 5)).unwrap();
    assert_eq!(line, "\"\u{feff}bomgroup\",orders,0,5\n");
    for text in [line.clone(), format!("\u{feff}{line}"), "\u{feff}\u{feff}bomgroup,orders,0,5".into()] {
        assert_eq!(undo::read(&text).unwrap().keys().map(|group| &**group).collect::<Vec<_>>(), ["\u{feff}bomgroup"]);
    }
    assert!(undo::read("\u{feff}billing,orders,0,5").unwrap().contains_key("billing"));
}

#[test]
fn a_mistake_in_a_file_names_it_as_compilers_do() {
    let mistake = Mistake { line: 2, column: 8, why: "\"x\" is no partition, expected a number from 0".into() };
    assert!(mistake.of(Path::new("plan.csv")).answered.starts_with("plan.csv:2:8: \"x\" is no partition"));
}

#[test]
fn a_group_that_the_file_does_not_name_is_an_error_of_that_group() {
    let read = read("billing,orders,0,5", &two()).unwrap();
    assert_eq!(of(&read, &"billing".into(), Path::new("f.csv")), Ok(vec![target("orders", 0, 5)]));
    let why = of(&read, &"fraud".into(), Path::new("f.csv")).unwrap_err();
    assert_eq!(
        why.to_string().split(';').next(),
        Some("looking for group fraud in f.csv: the file has no line of this group")
    );
}

/// Anything a group may be called; never empty.
fn name() -> impl Strategy<Value = String> {
    prop_oneof!["[a,\"\r\n#; é\u{feff}]{1,6}", "\\PC{1,40}", "# no commit before: [a-z,\"]{1,9}"]
}

fn lines() -> impl Strategy<Value = Groups> {
    let offsets = proptest::collection::btree_map((name(), 0..i32::MAX), 0..i64::MAX, 1..6);
    let targets = offsets.prop_map(|offsets| {
        offsets.into_iter().map(|((topic, partition), offset)| target(&topic, partition, offset)).collect::<Vec<_>>()
    });
    proptest::collection::btree_map(name().prop_map(GroupName::from), targets, 1..4)
}

proptest! {
    #[test]
    fn t24_what_is_written_is_read_back_whatever_the_names(groups in lines()) {
        let text: String = groups.iter().flat_map(|(group, targets)| {
            targets.iter().filter_map(|target| line(Form::Long, group, target))
        }).collect();
        prop_assert_eq!(&read(&text, &two()), &Ok(groups.clone()));
        prop_assert_eq!(undo::read(&text), Ok(groups));
    }

    #[test]
    fn t24_the_short_form_too(groups in lines()) {
        let (group, targets) = groups.into_iter().next().unwrap();
        let text: String = targets.iter().filter_map(|target| line(Form::Short, &group, target)).collect();
        let read = read(&text, std::slice::from_ref(&group)).unwrap();
        prop_assert_eq!(&read[&group], &targets);
    }

    /// Another reader of the same format agrees.
    #[test]
    fn what_is_written_is_what_any_reader_of_csv_reads(groups in lines()) {
        for (group, targets) in &groups {
            for target in targets {
                let line = line(Form::Long, group, target).unwrap();
                let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(line.as_bytes());
                let fields = reader.records().next().unwrap().unwrap();
                let fields: Vec<_> = fields.iter().collect();
                let numbers = (target.partition.to_string(), target.offset.unwrap().to_string());
                prop_assert_eq!(fields, vec![&**group, &*target.topic, &numbers.0, &numbers.1]);
            }
        }
    }

    #[test]
    fn any_text_is_survived(text: String) {
        let _ = (read(&text, &one()), read(&text, &two()), undo::read(&text));
    }
}
