//! Lines of the list that stand for what is not there, and what `enter` does on them.
use super::{Flow, Stage, Tail};
use crate::{
    panels::Cx,
    record::ring::{Gap, Row, Why},
    text::Safe,
    widgets::format,
};

impl Tail {
    /// Reads what was skipped; says why what is gone cannot be read.
    pub(super) fn open_gap(&mut self, cx: &mut Cx) {
        let at = self.view.cursor(&self.ring.positions());
        let Some(Row::Gap(gap)) = self.ring.row(at) else { return };
        match gap.why {
            Why::Skipped => self.read_gap(at, cx),
            Why::Deleted => self.say("Kafka deleted these records: they cannot be read any more".into(), false, cx),
            Why::Shortened => self.say("what stands above this line was cut off the log".into(), false, cx),
            Why::Recreated => self.say("what stands above is of the topic that was deleted".into(), false, cx),
            Why::Start => {}
        }
    }

    /// What follows the line leaves, and is read again after what the line stands for.
    fn read_gap(&mut self, at: u64, cx: &mut Cx) {
        if !matches!(self.stage, Stage::Open { .. }) {
            return;
        }
        self.stop_search(cx);
        self.view.stay(&self.ring.positions());
        self.ring.cut_from(at);
        self.flow = Flow::Running;
        self.go_on(cx);
    }

    pub(super) fn gap_words(&self, gap: &Gap) -> Safe {
        let topic = self.topic().map_or("", |topic| topic);
        let what = if self.is_filtered() { "offsets were not looked at" } else { "records skipped" };
        let offsets = format::grouped(i64::try_from(gap.offsets()).unwrap_or(i64::MAX));
        Safe::from(match gap.why {
            Why::Start => format!("┄ start of {topic} ┄"),
            Why::Skipped => format!("┄ {offsets} {what} · enter reads them ┄"),
            Why::Deleted => format!("┄ Kafka deleted {offsets} records before they were read ┄"),
            Why::Shortened => format!("┄ {} ┄", gap.to.iter().map(shortened).collect::<Vec<_>>().join(" · ")),
            Why::Recreated => format!("┄ {topic} was deleted and created again; its new records follow ┄"),
        })
    }
}

/// Where a partition goes on that became shorter.
pub(super) fn shortened((partition, to): (&i32, &i64)) -> String {
    format!("partition {partition} became shorter: it goes on at {}", format::grouped(*to))
}
