//! `T[:0,1,…]` as it is typed, several of them together.
use crate::{
    cli::read::partitions,
    headless::{Ended, wanted::wrong},
    mistake::Mistake,
    reset::Scope,
    topic::TopicName,
};
use std::collections::{BTreeMap, BTreeSet};

/// Partitions named for the same topic come together; a topic without partitions is all of it.
///
/// # Errors
/// The option, and where it is wrong.
pub fn read(topics: &[String]) -> Result<Scope, Ended> {
    let mut scope = BTreeMap::<TopicName, Option<BTreeSet<i32>>>::new();
    for text in topics {
        let (topic, only) = one(text).map_err(|mistake| wrong("--topic", text, &mistake))?;
        let known = scope.entry(topic).or_insert_with(|| Some(BTreeSet::new()));
        *known = known.take().zip(only).map(|(known, more)| known.into_iter().chain(more).collect());
    }
    Ok(Scope::Topics(scope.into_iter().collect()))
}

fn one(text: &str) -> Result<(TopicName, Option<BTreeSet<i32>>), Mistake> {
    // A topic's name has no colon (Kafka's `Topic.LEGAL_CHARS`).
    let (topic, only) = text.split_once(':').map_or((text, None), |(topic, only)| (topic, Some(only)));
    if topic.is_empty() {
        return Err(Mistake::at(text, 0, "which topic? write TOPIC or TOPIC:0,1"));
    }
    let only =
        only.map(|only| partitions(only).map_err(|mistake| mistake.within(text, topic.len() + 1))).transpose()?;
    Ok((topic.into(), only))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(topics: &[&str]) -> Vec<(String, Option<Vec<i32>>)> {
        let topics: Vec<_> = topics.iter().map(|topic| (*topic).to_owned()).collect();
        let Scope::Topics(topics) = read(&topics).unwrap() else { panic!() };
        topics
            .into_iter()
            .map(|(topic, only)| (topic.to_string(), only.map(|only| only.into_iter().collect())))
            .collect()
    }

    #[test]
    fn partitions_of_one_topic_come_together_and_all_of_it_is_all_of_it() {
        assert_eq!(scope(&["t:2,0-1", "u"]), [("t".into(), Some(vec![0, 1, 2])), ("u".into(), None)]);
        assert_eq!(scope(&["t:0", "t:3"]), [("t".into(), Some(vec![0, 3]))]);
        for topics in [["t", "t:3"], ["t:3", "t"]] {
            assert_eq!(scope(&topics), [("t".into(), None)], "{topics:?}");
        }
    }

    #[test]
    fn a_mistake_is_marked_in_the_whole_option() {
        for (text, column) in [("", 0), (":1", 0), ("t:", 2), ("t:0,x", 4), ("äö:x", 3)] {
            assert_eq!(one(text).unwrap_err().column, column, "{text}");
        }
    }
}
