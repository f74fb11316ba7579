//! The cases of the lag rules as tables, and films of readers and writers that run on a made-up clock.
mod explained;
mod film;
mod memory;
mod t11_transactions;
mod t20_groups;
mod t21_states;
mod t22_burrow;
mod t22_clocks;
mod t22_live;
mod t22_outlook;
mod t22_turns;
mod t23_behind;
mod t35_series;

use super::{Account, PartitionLag};

pub fn partition(start: Option<i64>, end: Option<i64>, committed: Option<i64>) -> PartitionLag {
    PartitionLag {
        topic: "orders".into(),
        partition: 0,
        start,
        end,
        stable_end: None,
        committed,
        account: Account::Committed,
        commit_epoch: None,
        metadata: String::new(),
        owner: None,
        rebalancing: false,
        error: None,
    }
}

pub fn at(start: i64, end: i64, committed: i64) -> PartitionLag {
    partition(Some(start), Some(end), Some(committed))
}
