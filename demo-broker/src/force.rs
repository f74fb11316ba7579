//! Answers forced on demand, so that a test or a demo can show a fault that a healthy cluster does not have.

use crate::call::Call;
use kafka_protocol::messages::ApiKey;
use std::time::Duration;

/// What happens to a request instead of, or before, its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Fault {
    Error(i16),
    Delay(Duration),
    Hang,
    Cut,
    CutAfter(usize),
    Tear(usize),
    Hide,
    Cap(i16),
}

/// A fault to force on one API: made by one of the constructors, narrowed by the rest, given to `Cluster::force`.
///
/// Without `times` it lasts until `Cluster::unforce`. One request counts once, however many of its rows it touches.
/// `topic`, `partition` and `group` narrow errors and `tear` only: the other faults are decided before the request is
/// read.
#[derive(Debug, Clone)]
pub struct Force {
    api: ApiKey,
    fault: Fault,
    broker: Option<i32>,
    topic: Option<String>,
    partition: Option<i32>,
    group: Option<String>,
    left: Option<u32>,
    counted: Option<u64>,
}

impl Force {
    fn new(api: ApiKey, fault: Fault) -> Self {
        Self { api, fault, broker: None, topic: None, partition: None, group: None, left: None, counted: None }
    }

    /// Answers carry this error code, any number, also one that Kafka does not know; nothing is done.
    pub fn error(api: ApiKey, code: i16) -> Self {
        Self::new(api, Fault::Error(code))
    }

    /// The request waits so long before it is looked at.
    pub fn delay(api: ApiKey, by: Duration) -> Self {
        Self::new(api, Fault::Delay(by))
    }

    /// The request is never answered; the connection stays open.
    pub fn hang(api: ApiKey) -> Self {
        Self::new(api, Fault::Hang)
    }

    /// The connection is closed instead of an answer.
    pub fn cut(api: ApiKey) -> Self {
        Self::new(api, Fault::Cut)
    }

    /// The connection is closed after so many bytes of the answer, its length field counted.
    pub fn cut_after(api: ApiKey, bytes: usize) -> Self {
        Self::new(api, Fault::CutAfter(bytes))
    }

    /// The records of a partition in a Fetch answer lack so many bytes at their end, as brokers cut a batch that does not
    /// fit; a batch that is alone is cut too.
    pub fn tear(bytes: usize) -> Self {
        Self::new(ApiKey::Fetch, Fault::Tear(bytes))
    }

    /// ApiVersions does not list the API, and a request for it ends the connection, as on a broker that lacks it.
    pub fn hide(api: ApiKey) -> Self {
        Self::new(api, Fault::Hide)
    }

    /// ApiVersions lists the API up to this version only, as on an older broker.
    pub fn cap(api: ApiKey, highest: i16) -> Self {
        Self::new(api, Fault::Cap(highest))
    }

    /// Only at this broker.
    pub fn at(mut self, broker: i32) -> Self {
        self.broker = Some(broker);
        self
    }

    /// Only rows of this topic.
    pub fn topic(mut self, name: impl Into<String>) -> Self {
        self.topic = Some(name.into());
        self
    }

    /// Only rows of this partition.
    pub fn partition(mut self, partition: i32) -> Self {
        self.partition = Some(partition);
        self
    }

    /// Only this group.
    pub fn group(mut self, group: impl Into<String>) -> Self {
        self.group = Some(group.into());
        self
    }

    /// Only for the next `n` requests.
    pub fn times(mut self, n: u32) -> Self {
        self.left = Some(n);
        self
    }

    fn concerns(&self, api: ApiKey, broker: i32) -> bool {
        self.api == api && self.broker.is_none_or(|b| b == broker)
    }

    /// Counts the request once; false when all of its times are used up.
    fn spend(&mut self, number: u64) -> bool {
        if self.counted == Some(number) {
            return true;
        }
        match &mut self.left {
            Some(0) => return false,
            Some(left) => *left -= 1,
            None => {}
        }
        self.counted = Some(number);
        true
    }
}

/// What a row of an answer is about.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct About<'a> {
    pub(crate) topic: Option<&'a str>,
    pub(crate) partition: Option<i32>,
    pub(crate) group: Option<&'a str>,
}

impl About<'_> {
    fn within(&self, force: &Force) -> bool {
        force.topic.as_deref().is_none_or(|t| Some(t) == self.topic)
            && force.partition.is_none_or(|p| Some(p) == self.partition)
            && force.group.as_deref().is_none_or(|g| Some(g) == self.group)
    }
}

/// What to do with a request before it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Prelude {
    Delay(Duration),
    Hang,
    Cut,
    CutAfter(usize),
}

#[derive(Debug, Default)]
pub(crate) struct Forces {
    all: Vec<Force>,
}

impl Forces {
    pub(crate) fn add(&mut self, force: Force) {
        self.all.push(force);
    }

    pub(crate) fn clear(&mut self) {
        self.all.clear();
    }

    /// The error that is forced on one row of the answer.
    pub(crate) fn error(&mut self, call: &Call, about: About<'_>) -> Option<i16> {
        self.row(call, about, |fault| if let Fault::Error(code) = fault { Some(*code) } else { None })
    }

    /// The bytes that one row of a Fetch answer loses.
    pub(crate) fn torn(&mut self, call: &Call, about: About<'_>) -> Option<usize> {
        self.row(call, about, |fault| if let Fault::Tear(bytes) = fault { Some(*bytes) } else { None })
    }

    fn row<T>(&mut self, call: &Call, about: About<'_>, wanted: fn(&Fault) -> Option<T>) -> Option<T> {
        let forces = self.all.iter_mut().filter(|f| f.concerns(call.api, call.broker) && about.within(f));
        forces.filter_map(|f| Some((wanted(&f.fault)?, f))).find_map(|(found, f)| f.spend(call.number).then_some(found))
    }

    pub(crate) fn prelude(&mut self, call: &Call) -> Option<Prelude> {
        self.all.iter_mut().filter(|f| f.concerns(call.api, call.broker)).find_map(|force| {
            let prelude = match force.fault {
                Fault::Delay(by) => Prelude::Delay(by),
                Fault::Hang => Prelude::Hang,
                Fault::Cut => Prelude::Cut,
                Fault::CutAfter(bytes) => Prelude::CutAfter(bytes),
                Fault::Error(_) | Fault::Tear(_) | Fault::Hide | Fault::Cap(_) => return None,
            };
            force.spend(call.number).then_some(prelude)
        })
    }

    /// The highest version that this broker admits to; `None` when it hides the API.
    pub(crate) fn highest(&self, api: ApiKey, broker: i32, known: i16) -> Option<i16> {
        self.all.iter().filter(|f| f.concerns(api, broker)).try_fold(known, |highest, force| match force.fault {
            Fault::Hide => None,
            Fault::Cap(cap) => Some(highest.min(cap)),
            _ => Some(highest),
        })
    }
}
