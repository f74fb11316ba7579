//! What the stream of a tail says, and what becomes of it: records are handed over, positions move, troubles are told once.
use super::{Following, Go, next, order, said};
use crate::{
    bus::Event,
    failure::Failure,
    kafka::fetch::{
        news::{News, Progress},
        stream::Stream,
    },
    record::Batch,
};

/// Records and bytes of one answer up to which they are put into the order of time.
const MOST_RECORDS: usize = 1000;
const MOST_BYTES: usize = 1 << 20;

impl Following {
    /// What one answer brings is taken together, so that its partitions stand in the order of time. Much goes on as it
    /// comes, and so does what a filter lets through, as the end of its answer may be far.
    pub async fn hear_answer(&mut self, news: News, stream: &mut Option<Stream>) -> Go<bool> {
        let (mut gathered, mut news, mut records, mut bytes) = (vec![], Some(news), 0, 0);
        let much = |records, bytes| records >= MOST_RECORDS || bytes >= MOST_BYTES;
        while let Some(News::Records(batch)) = news.take_if(|news| matches!(news, News::Records(_))) {
            if self.suspect && self.is_another().await? {
                return Ok(true);
            }
            (records, bytes) = (records + batch.len(), bytes + batch.bytes());
            gathered.push(batch);
            if much(records, bytes) || self.reading.filter.is_some() {
                break;
            }
            news = next(stream).await;
        }
        for batch in if much(records, bytes) { gathered } else { order::in_order(gathered) } {
            self.arrived(batch).await?;
        }
        match news {
            Some(news) => self.hear(news).await,
            None => Ok(false),
        }
    }

    /// True = the stream must be opened anew.
    async fn hear(&mut self, news: News) -> Go<bool> {
        match news {
            News::Records(batch) => self.arrived(batch).await?,
            News::Read(progress) => self.reached(progress).await?,
            News::Unreadable(unreadable) => self.say(said::unreadable(self.generation, unreadable)).await?,
            News::Failed { partition, failure, gone, .. } => {
                self.suspect |= gone;
                self.failed(partition, failure).await?;
            }
            News::Undecided(undecided) => self.undecided(undecided).await?,
            News::StartMoved { partition, from, to, .. } => return self.start_moved(partition, from, to).await,
        }
        Ok(false)
    }

    async fn arrived(&mut self, batch: Batch) -> Go {
        for head in batch.last_heads() {
            self.next.insert(head.partition, head.offset.saturating_add(1));
        }
        self.say(Event::RecordsArrived { generation: self.generation, batch }).await
    }

    async fn reached(&mut self, progress: Vec<Progress>) -> Go {
        for Progress { partition, next, end, records, .. } in progress {
            self.judged.add(records, 0);
            self.next.insert(partition, next);
            self.ends.insert(partition, end);
            if self.failing.remove(&partition).is_some() {
                self.say(Event::PartitionRecovered { generation: self.generation, partition }).await?;
            }
        }
        self.tell_judged().await
    }

    /// Said once for each new reason.
    pub async fn failed(&mut self, partition: i32, failure: Failure) -> Go {
        if self.failing.get(&partition) == Some(&failure) {
            return Ok(());
        }
        self.failing.insert(partition, failure.clone());
        self.say(Event::PartitionFailed { generation: self.generation, partition, failure }).await
    }

    async fn start_moved(&mut self, partition: i32, from: i64, to: i64) -> Go<bool> {
        if to < from && self.is_another().await? {
            return Ok(true);
        }
        self.next.insert(partition, to);
        self.say(Event::StartMoved { generation: self.generation, partition, from, to }).await?;
        Ok(false)
    }
}
