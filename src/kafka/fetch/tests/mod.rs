//! The reading engine without a broker, over batches and answers written here.
mod count;
mod days;
mod end;
mod hostile;
mod legacy;
mod records;
mod sessions;
mod sift;

use super::{
    decoder::{Decoder, Load, Style, Want},
    fetcher::{Fetcher, Manner, Outcome, Part, Slice, Stop},
    news::{News, Progress},
    testing,
};
use crate::topic::TopicName;
use bytes::Bytes;
use std::{sync::Arc, time::Duration};

fn topics() -> Arc<[TopicName]> {
    ["t".into()].into()
}

/// A fetcher that scans partitions from their positions.
fn fetcher(parts: &[(i32, i64)]) -> Fetcher {
    fetcher_to(parts, Stop::FirstEnd, false)
}

fn fetcher_to(parts: &[(i32, i64)], stop: Stop, committed: bool) -> Fetcher {
    let manner = Manner { committed, max_wait: Duration::ZERO, start: 2 << 20, budget: 32 << 20 };
    let mut fetcher = Fetcher::new(topics(), manner);
    fetcher.speak(4);
    fetcher.add(parts.iter().map(|(id, position)| Part::new(0, *id, *position, stop)));
    fetcher
}

fn answered(fetcher: &mut Fetcher, parts: &[testing::Part]) -> Outcome {
    fetcher.answer(&testing::answer(0, parts), Duration::ZERO).unwrap()
}

/// Everything a decoder says about one partition's bytes.
fn decoded(bytes: &[u8], from: i64, stop: i64, style: Style) -> Vec<News> {
    let records = 0..bytes.len();
    let slice = Slice { topic: 0, partition: 3, from, stop, next: stop, end: stop, aborted: vec![], records };
    decoded_slice(bytes, slice, style)
}

fn decoded_slice(bytes: &[u8], slice: Slice, style: Style) -> Vec<News> {
    let mut said = vec![];
    let load = Load { topics: topics(), body: Bytes::copy_from_slice(bytes), slices: vec![slice] };
    Decoder::new(style).decode(&load, &mut |news| {
        said.push(news);
        true
    });
    said
}

fn offsets(news: &[News]) -> Vec<i64> {
    let batches = news.iter().filter_map(|news| if let News::Records(batch) = news { Some(batch) } else { None });
    batches.flat_map(|batch| batch.heads.iter().map(|head| head.offset)).collect()
}

fn unreadable(news: &[News]) -> Vec<(i64, i64, String)> {
    let failures = news.iter().filter_map(|news| if let News::Unreadable(what) = news { Some(what) } else { None });
    failures.map(|what| (what.first, what.last, what.why.clone())).collect()
}

/// What an answer told last: how far it leads and what was looked at on the way.
fn told(news: &[News]) -> Progress {
    let read = news.iter().rev().find_map(|news| if let News::Read(read) = news { Some(read) } else { None });
    read.unwrap()[0].clone()
}
