//! The numbers of the demo's fixed part for seed 1, with a rate of 0: the one table that README, snapshots and the tests of
//! other crates quote.

pub struct Topic {
    pub name: &'static str,
    /// Of every partition.
    pub start: i64,
    pub ends: &'static [i64],
    /// The last stable offsets.
    pub stable: &'static [i64],
}

const fn topic(name: &'static str, start: i64, ends: &'static [i64]) -> Topic {
    Topic { name, start, ends, stable: ends }
}

pub const TOPICS: [Topic; 20] = [
    topic("orders", 0, &[162, 201, 242, 218, 206, 171]),
    topic("orders.dlq", 0, &[15]),
    Topic { name: "payments", start: 0, ends: &[132, 132, 137], stable: &[132, 132, 132] },
    topic("customers", 0, &[25_000, 25_000, 25_000, 25_000]),
    topic("tweets", 0, &[25, 25, 25, 25, 25, 25, 25, 25]),
    topic("tripdata", 0, &[780, 0, 0, 0, 0, 0, 0, 220]),
    topic("test", 0, &[13, 13, 13, 13, 12, 12, 12, 12]),
    topic("mytopic", 0, &[2, 0, 0]),
    topic("languages", 0, &[11, 13]),
    topic("nulls", 0, &[27]),
    topic("hostile", 0, &[24]),
    topic("binary", 0, &[20]),
    topic("wordcounts", 0, &[60]),
    topic("big", 0, &[6]),
    topic("clock", 0, &[8, 8]),
    topic("clock-append", 0, &[10]),
    topic("retained", 700, &[1_000]),
    topic("drained", 50, &[50]),
    topic("empty", 0, &[0]),
    topic("fast", 0, &[0, 0, 0, 0, 0, 0]),
];

pub struct Group {
    pub name: &'static str,
    pub state: &'static str,
    /// Client ids of the members.
    pub members: &'static [&'static str],
    pub topic: &'static str,
    /// By partition; -1 is no commit.
    pub committed: &'static [i64],
    /// Of the whole group; `None` for one that never committed.
    pub lag: Option<i64>,
}

/// Its name colours a terminal and turns the reading direction around.
pub const EVIL: &str = "evil\u{1b}[31m\u{202e}group\u{2066}";

const NOTHING_OF_TWEETS: &[i64] = &[-1; 8];

/// By name.
pub const GROUPS: [Group; 17] = [
    Group {
        name: "analytics",
        state: "Stable",
        members: &["analytics-0"],
        topic: "orders",
        committed: &[122, 154, 176, 172, 151, 125],
        lag: Some(300),
    },
    Group {
        name: "assign-reader",
        state: "Empty",
        members: &[],
        topic: "customers",
        committed: &[5_000, 5_000, 5_000, 5_000],
        lag: Some(80_000),
    },
    Group {
        name: "billing",
        state: "Stable",
        members: &["billing-0", "billing-1"],
        topic: "orders",
        committed: &[162, 201, 242, 218, 206, 171],
        lag: Some(0),
    },
    Group {
        name: "catching-up",
        state: "Stable",
        members: &["catching-up-0"],
        topic: "orders",
        committed: &[36, 49, 60, 60, 45, 50],
        lag: Some(900),
    },
    Group {
        name: "connect-orders-sink",
        state: "Stable",
        members: &["connector-consumer-orders-sink-0"],
        topic: "orders",
        committed: &[162, 201, 242, 218, 206, 171],
        lag: Some(0),
    },
    Group {
        name: "console-consumer-41237",
        state: "Empty",
        members: &[],
        topic: "mytopic",
        committed: &[2, 0, 0],
        lag: Some(0),
    },
    Group { name: EVIL, state: "Empty", members: &[], topic: "mytopic", committed: &[1, -1, -1], lag: Some(1) },
    Group {
        name: "fresh",
        state: "Stable",
        members: &["fresh-0"],
        topic: "tweets",
        committed: NOTHING_OF_TWEETS,
        lag: None,
    },
    // 40 offsets ahead.
    Group { name: "ghost", state: "Empty", members: &[], topic: "drained", committed: &[90], lag: Some(0) },
    Group { name: "idle", state: "Empty", members: &[], topic: "empty", committed: &[-1], lag: None },
    // 500 offsets lost.
    Group { name: "late-reader", state: "Empty", members: &[], topic: "retained", committed: &[200], lag: Some(300) },
    // On every partition a marker, on the last also the five records of an open transaction.
    Group {
        name: "mailer",
        state: "Stable",
        members: &["mailer-0"],
        topic: "payments",
        committed: &[131, 131, 131],
        lag: Some(8),
    },
    Group {
        name: "new-partitions",
        state: "Empty",
        members: &[],
        topic: "fast",
        committed: &[0, 0, 0, 0, -1, -1],
        lag: Some(0),
    },
    Group {
        name: "rebalancer",
        state: "Stable",
        members: &["rebalancer-0", "rebalancer-1"],
        topic: "test",
        committed: &[13, 13, 13, 13, 12, 12, 12, 12],
        lag: Some(0),
    },
    Group {
        name: "stopped",
        state: "Empty",
        members: &[],
        topic: "orders",
        committed: &[64, 80, 96, 87, 82, 68],
        lag: Some(723),
    },
    Group {
        name: "stuck-parser",
        state: "Stable",
        members: &["stuck-parser-0"],
        topic: "orders.dlq",
        committed: &[7],
        lag: Some(8),
    },
    Group {
        name: "test1",
        state: "Stable",
        members: &["spark-executor-test1"],
        topic: "tweets",
        committed: NOTHING_OF_TWEETS,
        lag: None,
    },
];
