//! What a person does, on the whole program but the terminal: the same stories on the demo broker (fast) and, by
//! `tests/kafka/run`, on a real Apache Kafka (truth).
mod common;
#[path = "real/days.rs"]
mod days;
#[path = "real/groups.rs"]
mod groups;
#[path = "real/lag.rs"]
mod lag;
#[path = "real/strangers.rs"]
mod strangers;
use common::{live::Live, stage::Stage, start};
use kafscope::app::Start;
use std::collections::HashSet;

fn row<'a>(screen: &'a str, name: &str) -> &'a str {
    screen.lines().find(|line| line.contains(name)).unwrap_or_default()
}

#[tokio::test]
async fn a_topic_is_opened_with_its_last_records_and_followed() {
    let stage = Stage::set().await;
    let topic = stage.topic("orders", 3).await;
    stage.send(&topic, "old", 0..100).await;
    let mut live = Live::open(&stage.bootstrap(), Some(&topic));
    live.until_shown("● live").await;
    live.until_shown("old-99").await;
    live.until_shown("following").await;
    stage.send(&topic, "new", 0..50).await;
    live.until_shown("new-49").await;
    live.until("its count", |screen| row(screen, "● orders").contains("150")).await;
    live.until("nothing behind", |screen| screen.contains("0 behind")).await;
    let shown: HashSet<_> = live.records.iter().map(|(p, o, _)| (*p, *o)).collect();
    assert_eq!(shown.len(), live.records.len(), "no record arrives twice");
    assert_eq!(live.records.iter().filter(|(.., value)| value.starts_with("new")).count(), 50);
}

#[tokio::test]
async fn a_record_sent_from_the_box_is_acknowledged_and_marked_where_it_arrives() {
    let stage = Stage::set().await;
    let topic = stage.topic("orders", 3).await;
    let mut live = Live::open(&stage.bootstrap(), Some(&topic));
    live.until_shown("has no records").await;
    live.press("p hello,kafka <enter>");
    live.until_shown("in tail after").await;
    let screen = live.until_shown("◂ sent here").await;
    assert!(row(&screen, "◂ sent here").contains("hello,kafka"), "{screen}");
    assert_eq!(live.records.len(), 1);
}

#[tokio::test]
async fn null_empty_and_the_word_null_arrive_as_three_things_t12() {
    let stage = Stage::set().await;
    let topic = stage.topic("nulls", 1).await;
    let mut live = Live::open(&stage.bootstrap(), Some(&topic));
    live.until_shown("has no records").await;
    live.press("p null <enter>");
    live.until_shown("✓ p0 @ 0").await;
    live.press("<ctrl-n> <enter>");
    live.until_shown("✓ p0 @ 1").await;
    let screen = live.until("both", |screen| screen.matches("◂ sent here").count() == 2).await;
    let values: Vec<_> = screen.lines().filter(|line| line.contains("◂ sent here")).collect();
    assert!(values[0].contains("null") && values[1].contains('␀'), "{screen}");
}

#[tokio::test]
async fn lag_rises_while_the_consumer_is_stopped_and_falls_when_it_returns() {
    let stage = Stage::set().await;
    let topic = stage.topic("orders", 3).await;
    stage.send(&topic, "a", 0..30).await;
    let group = stage.name("billing");
    let short = group[..12].to_owned();
    let reader = stage.reader(&group, &topic);
    let mut live = Live::open(&stage.bootstrap(), Some(&topic));
    let is = |screen: &str, words: &[&str]| {
        let row = row(screen, &short).split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        words.iter().all(|word| row.iter().any(|cell| cell == word))
    };
    live.until("a stable group that is caught up", |screen| is(screen, &["stable", "1", "0"])).await;
    reader.stop().await;
    stage.send(&topic, "b", 0..40).await;
    live.until("an empty group 40 behind", |screen| is(screen, &["empty", "40"])).await;
    let reader = stage.reader(&group, &topic);
    live.until("a group that caught up again", |screen| is(screen, &["stable", "1", "0"])).await;
    live.press("3 <enter>");
    live.until("its partitions and member", |screen| screen.contains("COMMITTED") && screen.contains("-client")).await;
    reader.stop().await;
}

#[tokio::test]
async fn a_broker_that_dies_is_said_and_nothing_is_lost_or_doubled_when_it_returns_t6() {
    let stage = Stage::set().await;
    let topic = stage.topic("orders", 6).await;
    stage.send(&topic, "before", 0..60).await;
    let from_start = Start { topic: Some(topic.as_str().into()), ..start() };
    let mut live = Live::with(&stage.bootstrap(), from_start);
    live.until_shown("following").await;
    stage.kill(2).await;
    live.until("the notice that a broker is gone", |screen| screen.contains("partition") && screen.contains("! "))
        .await;
    stage.revive(2).await;
    stage.send(&topic, "after", 0..600).await;
    let after = |live: &Live| live.records.iter().filter(|(.., value)| value.starts_with("after")).count();
    let wanted = live.records.len() + 600 - after(&live);
    live.until_records(wanted).await;
    let places: HashSet<_> = live.records.iter().map(|(p, o, _)| (*p, *o)).collect();
    assert_eq!(places.len(), live.records.len(), "a record arrived twice");
    assert_eq!(after(&live), 600, "a record is missing");
    live.until("all partitions well", |screen| screen.contains("0 behind") && !screen.contains("cannot be read")).await;
}

#[tokio::test]
async fn a_topic_made_or_deleted_elsewhere_appears_and_goes() {
    let stage = Stage::set().await;
    let stays = stage.topic("aaa-stays", 1).await;
    let mut live = Live::open(&stage.bootstrap(), Some(&stays));
    live.until_shown("● aaa-stays").await;
    let comes = stage.topic("aaa-comes", 2).await;
    live.until_shown("aaa-comes").await;
    stage.delete(&comes).await;
    live.until("its end", |screen| !screen.contains("aaa-comes")).await;
}

#[tokio::test]
async fn an_unknown_topic_is_said_in_tail_and_is_not_created() {
    let stage = Stage::set().await;
    let name = stage.name("nobody-has-this");
    let mut live = Live::open(&stage.bootstrap(), Some(&name));
    live.until("that it is unknown", |screen| screen.contains("does not exist") || screen.contains("no topic")).await;
    live.press("<ctrl-r>");
    live.until_shown("● live").await;
    let mut other = Live::open(&stage.bootstrap(), None);
    other.until_shown("● live").await;
    assert!(!other.screen().contains(&name[..20]), "looking created a topic");
}

#[tokio::test]
async fn read_only_refuses_below_the_screen_t26() {
    use kafscope::bus::{Command, Draft, Event, bus};
    let stage = Stage::set().await;
    let topic = stage.topic("orders", 1).await;
    let (mut desk, dock) = bus();
    let wire = kafscope::kafka::wire::Settings {
        bootstrap: stage.bootstrap().split(',').map(Into::into).collect(),
        ..Default::default()
    };
    let settings = kafscope::kafka::Settings { wire, read_only: true, committed: false };
    tokio::spawn(kafscope::kafka::serve(dock, settings));
    let draft = Draft { value: Some(b"no".to_vec()), ..Draft::default() };
    let command = Command::Produce { id: 1, topic: topic.as_str().into(), draft };
    desk.commands.send(command.clone()).await.expect("a street");
    loop {
        match desk.news.recv().await.expect("an answer") {
            Event::Failed { doing, why } => {
                assert_eq!(doing, command);
                assert!(why.to_string().contains("read-only"), "{why}");
                break;
            }
            Event::Produced { .. } => panic!("a read-only session wrote"),
            _ => {}
        }
    }
}
