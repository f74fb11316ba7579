//! What happened, each event to the panel it is for: one arm, one line.
use super::{App, overlays::tell};
use crate::{
    bus::{Command, Event},
    failure::Failure,
    panels::{Cx, Panels, Wish},
};

impl App {
    /// Is this what the screen shows already? Asked of what comes all the time on a quiet cluster, so that nothing is drawn
    /// when nothing changed.
    pub fn is_old_news(&self, event: &Event) -> bool {
        let Panels { tail, topics: listed, .. } = &self.panels;
        matches!(event, Event::TailBehind { generation, behind } if tail.knows(*generation, *behind))
            || matches!(event, Event::TopicsListed { topics, .. } if listed.knows(topics))
    }

    /// `true` when something may look different now.
    pub fn on_event(&mut self, event: Event) -> bool {
        let mut news = true;
        let Self { panels, session, outbox, wishes, header, overlays, notices, .. } = self;
        let mut cx = Cx { session, outbox, wishes };
        let cx = &mut cx;
        match event {
            Event::Connected { brokers, kafka } => {
                cx.session.unreachable = false;
                header.on_connected(&brokers, kafka);
                panels.topics.on_connected();
            }
            Event::ConnectionFailed { failure } => {
                cx.session.unreachable = true;
                header.on_failed(cx.session.now);
                panels.topics.on_connection_failed(failure.clone());
                notices.push(failure, cx.session.now);
            }
            Event::TopicsListed { topics, at } => {
                panels.topics.on_listed(topics, at);
                cx.session.partitions = cx.session.topic.as_deref().and_then(|topic| panels.topics.partitions(topic));
            }
            Event::OffsetsRead { topics, at } => panels.topics.on_offsets(topics, at),
            Event::GroupsListed { groups, missing, at: _ } => {
                overlays.iter_mut().for_each(|overlay| overlay.on_groups(&groups, missing.is_empty()));
                news = panels.lag.on_groups(groups, missing, cx) || !overlays.is_empty();
            }
            Event::LagRead { groups, at } => {
                news = panels.lag.on_lag(&groups, at, cx.session.now) | tell(overlays, &panels.lag)
            }
            Event::GroupRead { generation, group, at } => {
                panels.lag.on_lag(std::slice::from_ref(&group), at, cx.session.now);
                tell(overlays, &panels.lag);
                overlays.iter_mut().for_each(|overlay| overlay.on_group(generation, &group, at));
            }
            Event::UnreadRead { reads, at } => {
                news = panels.lag.on_unread(&reads, at, cx.session.now) | tell(overlays, &panels.lag)
            }
            Event::ResetPlanned { generation, plan } => self.on_planned(generation, *plan),
            Event::ResetEnded { generation, done } => self.on_reset(generation, *done),
            Event::OffsetsForgotten { generation, group, partitions } => {
                self.on_forgotten(generation, &group, &partitions);
            }
            Event::GroupDeleted { generation, group } => self.on_deleted(generation, &group),
            Event::TailOpened { generation, topic, partitions } => {
                panels.tail.on_opened(generation, &topic, &partitions, cx)
            }
            Event::RecordsArrived { generation, batch } => panels.tail.on_records(generation, batch, cx),
            Event::TailBegan { generation, from } => panels.tail.on_began(generation, from, cx),
            Event::TailRead { generation, records, failures } => panels.tail.on_read(generation, records, failures),
            Event::FilterFailed { generation, partition, offset, why } => {
                panels.tail.on_filter_failed(generation, (partition, offset), &why, cx);
            }
            Event::Searching { generation, searched } => panels.tail.on_searching(generation, searched, cx),
            Event::OlderRead { generation, batches, from, start, stopped } => {
                panels.tail.on_older(generation, batches, &from, (start, stopped), cx);
            }
            Event::FindEnded { generation, found, to, stopped } => {
                panels.tail.on_found(generation, found, to, stopped, cx);
            }
            Event::ExportGoesOn { id, searched } => panels.tail.on_export(id, searched),
            Event::ExportEnded { id, file, records, bytes, next, why } => {
                panels.tail.on_exported(id, (&file, records, bytes), &next, why, cx);
            }
            Event::TailBehind { generation, behind } => panels.tail.on_behind(generation, behind, cx),
            Event::PlaceMoved { generation, moved } => panels.tail.on_place_moved(generation, &moved, cx),
            Event::PartitionFailed { generation, partition, failure } => {
                panels.tail.on_partition_failed(generation, partition, failure, cx);
            }
            Event::PartitionRecovered { generation, partition } => panels.tail.on_recovered(generation, partition),
            Event::BatchesUnreadable { generation, partition, batches, failure } => {
                panels.tail.on_unreadable(generation, partition, batches, failure, cx);
            }
            Event::PageCut { generation, records } => panels.tail.on_page_cut(generation, records, cx),
            Event::TopicRecreated { generation, partitions } => panels.tail.on_recreated(generation, partitions, cx),
            Event::StartMoved { generation, partition, from, to } => {
                panels.tail.on_start_moved(generation, partition, from, to, cx);
            }
            Event::Produced { id, partition, offset, took } => {
                panels.produce.on_produced(id, partition, offset, took, cx);
                panels.tail.on_produced(cx);
            }
            Event::ProduceFailed { id, failure, maybe_written } => {
                panels.produce.on_failed(id, failure, maybe_written, cx);
            }
            Event::Failed { doing, why } => self.on_failed(doing, why),
        }
        self.open_first();
        self.settle();
        news
    }

    /// A command that could not be done is said in the panel it came from, and in full in the notices.
    fn on_failed(&mut self, doing: Command, why: Failure) {
        // Produce notes its own failures, whichever way they come.
        if !matches!(doing, Command::Produce { .. }) {
            self.notices.push(why.clone(), self.session.now);
        }
        let mut cx = Cx { session: &mut self.session, outbox: &mut self.outbox, wishes: &mut self.wishes };
        match doing {
            Command::OpenTail { generation, .. }
            | Command::GoOnTail { generation, .. }
            | Command::PauseTail { generation }
            | Command::ResumeTail { generation } => self.panels.tail.on_failed(generation, why, &mut cx),
            Command::ReadOlder { generation, .. }
            | Command::Find { generation, .. }
            | Command::StopLooking { generation } => self.panels.tail.on_search_failed(generation, &why, &mut cx),
            Command::Export { id, .. } | Command::StopExport { id } => {
                self.panels.tail.on_export_failed(id, &why, &mut cx);
            }
            Command::Produce { id, .. } => self.panels.produce.on_failed(id, why, false, &mut cx),
            Command::OpenGroup { generation, .. } => {
                self.overlays.iter_mut().for_each(|overlay| overlay.on_group_failed(generation, &why));
            }
            Command::PlanReset { generation, .. }
            | Command::PlanUndo { generation, .. }
            | Command::Reset { generation, .. }
            | Command::ForgetOffsets { generation, .. }
            | Command::DeleteGroup { generation, .. } => {
                self.overlays.iter_mut().for_each(|overlay| overlay.on_offsets_failed(generation, &why));
            }
            Command::Refresh
            | Command::CloseTail
            | Command::OpenProducer { .. }
            | Command::CloseGroup
            | Command::WatchGroups { .. } => {}
        }
    }

    /// Without `--topic`: the last topic used, if it is still there; else the first with records.
    fn open_first(&mut self) {
        if self.session.topic.is_some() {
            return;
        }
        if let Some(topic) = self.panels.topics.first(self.start.last_topic.as_deref()) {
            self.wishes.push(Wish::Open(topic));
        }
    }
}
