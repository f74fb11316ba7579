//! What stands in the box: four entries that come to one record, and a record that comes back into them unchanged.
use super::entry::{Content, Entry, Mark};
use crate::{bus::Draft, widgets::field::Field};

#[derive(Debug, Default, Clone)]
pub struct Form {
    pub key: Entry,
    pub headers: Entry,
    pub partition: Entry,
    pub value: Entry,
}

/// A field of the box.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Part {
    Key,
    Headers,
    Partition,
    #[default]
    Value,
}

impl Part {
    pub const ALL: [Self; 4] = [Self::Key, Self::Headers, Self::Partition, Self::Value];

    pub fn label(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Headers => "headers",
            Self::Partition => "partition",
            Self::Value => "value",
        }
    }

    /// Where whole words have no room.
    pub fn short(self) -> &'static str {
        match self {
            Self::Headers => "hdr",
            Self::Partition => "part",
            part => part.label(),
        }
    }

    pub fn step(self, by: usize) -> Self {
        Self::ALL[(self as usize + by) % 4]
    }
}

impl Form {
    pub fn of_draft(draft: &Draft) -> Self {
        Self {
            key: draft.key.as_deref().map_or_else(Entry::default, |key| Entry::of_bytes(key, false)),
            headers: Entry::of_headers(&draft.headers),
            partition: Entry::of_text(&draft.partition.map(|p| p.to_string()).unwrap_or_default()),
            value: draft
                .value
                .as_deref()
                .map_or_else(|| Entry::of_mark(Mark::Null), |value| Entry::of_bytes(value, true)),
        }
    }

    pub fn of(&self, part: Part) -> &Entry {
        match part {
            Part::Key => &self.key,
            Part::Headers => &self.headers,
            Part::Partition => &self.partition,
            Part::Value => &self.value,
        }
    }

    pub fn of_mut(&mut self, part: Part) -> &mut Entry {
        match part {
            Part::Key => &mut self.key,
            Part::Headers => &mut self.headers,
            Part::Partition => &mut self.partition,
            Part::Value => &mut self.value,
        }
    }

    /// The record as it stands here, or in words why it is none.
    pub fn draft(&self) -> Result<Draft, String> {
        let value = match self.value.content() {
            Content::Nothing => return Err("nothing to send: type a value".into()),
            Content::Null => None,
            Content::Bytes(bytes) => Some(bytes),
        };
        let key = match self.key.content() {
            Content::Bytes(bytes) => Some(bytes),
            Content::Nothing | Content::Null => None,
        };
        Ok(Draft { key, value, headers: self.headers.headers(), partition: self.partition()? })
    }

    /// `None`: whichever the key comes to.
    fn partition(&self) -> Result<Option<i32>, String> {
        let text = self.partition.text().map(Field::text).unwrap_or_default();
        match (text.trim(), text.trim().parse()) {
            ("", _) => Ok(None),
            (_, Ok(partition)) if partition >= 0 => Ok(Some(partition)),
            _ => Err("partition: a number, or nothing".into()),
        }
    }

    /// Can this partition be aimed at? `count`: how many the topic has, if that is known.
    pub fn check_partition(&self, topic: &str, count: Option<usize>) -> Result<(), String> {
        let Some(wanted) = self.partition()? else { return Ok(()) };
        match count {
            Some(count) if usize::try_from(wanted).is_ok_and(|wanted| wanted >= count) => Err(match count {
                1 => format!("{topic} has one partition, 0"),
                count => format!("{topic} has partitions 0 to {}", count - 1),
            }),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{collection::vec, option};

    proptest::proptest! {
        #[test]
        fn a_record_that_is_not_touched_comes_out_as_it_went_in(
            key in option::of(vec(0u8.., 0..12)),
            value in option::of(".*\n?.*"),
            names in vec((".*", option::of(vec(0u8.., 0..6))), 0..3),
            partition in option::of(0i32..),
        ) {
            let draft = Draft { key, value: value.map(String::into_bytes), headers: names, partition };
            proptest::prop_assert_eq!(Form::of_draft(&draft).draft(), Ok(draft));
        }
    }

    #[test]
    fn headers_that_are_text_are_shown_as_text() {
        let headers = vec![("trace".into(), Some(b"4f2".to_vec())), ("flag".into(), None)];
        let form = Form::of_draft(&Draft { headers, ..Draft::default() });
        assert_eq!(form.headers.text().map(Field::text), Some("trace=4f2 flag".into()));
    }
}
