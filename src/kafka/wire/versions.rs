//! What one broker said it knows: which calls in which versions, and which Kafka that makes it.
use super::{calls::Call, error::Cause};
use crate::bus::KafkaVersion;
use kafka_protocol::{messages::ApiVersionsResponse, protocol::VersionRange};
use std::collections::HashMap;

/// The version table of one connection; clusters are mixed during upgrades, so there is no table of a cluster.
#[derive(Debug, Default, Clone)]
pub struct Versions {
    calls: HashMap<i16, (i16, i16)>,
    /// The highest level of the feature `metadata.version` the broker's software supports (KRaft, Kafka 3.0 and newer).
    metadata_level: Option<i16>,
}

impl Versions {
    pub fn of(reply: &ApiVersionsResponse) -> Self {
        let calls = reply.api_keys.iter().map(|key| (key.api_key, (key.min_version, key.max_version))).collect();
        let level = reply.supported_features.iter().find(|f| &*f.name == "metadata.version").map(|f| f.max_version);
        Self { calls, metadata_level: level }
    }

    /// Lowest and highest version the broker knows.
    pub fn range<R: Call>(&self) -> Option<(i16, i16)> {
        self.calls.get(&R::KEY).copied()
    }

    pub fn knows<R: Call>(&self) -> bool {
        self.calls.contains_key(&R::KEY)
    }

    /// The highest version both sides know.
    pub fn pick<R: Call>(&self) -> Result<i16, Cause> {
        let Some((min, max)) = self.range::<R>() else {
            return Err(Cause::Lacks { call: R::NAME, since: R::SINCE });
        };
        let common = VersionRange { min, max }.intersect(&R::RANGE);
        if common.is_empty() {
            let ours = (R::RANGE.min, R::RANGE.max);
            return Err(Cause::NoVersion { call: R::NAME, broker: (min, max), ours });
        }
        Ok(common.max)
    }

    /// `4.1` when the supported feature level names one release, else `≥ 2.4` by the newest call known.
    pub fn kafka(&self) -> KafkaVersion {
        let text = match self.metadata_level.and_then(release) {
            Some((exact, true)) => exact.to_owned(),
            Some((least, false)) => format!("≥ {least}"),
            None => self.at_least().map(|least| format!("≥ {least}")).unwrap_or_default(),
        };
        KafkaVersion { text }
    }

    fn at_least(&self) -> Option<&'static str> {
        let has = |&&(key, version, _): &&(i16, i16, &str)| self.calls.get(&key).is_some_and(|r| r.1 >= version);
        NEWEST.iter().find(has).map(|(_, _, kafka)| *kafka)
    }
}

/// The highest level each release supports (Kafka's `MetadataVersion`, latest production).
const LEVELS: [(i16, &str); 14] = [
    (1, "3.0"),
    (2, "3.1"),
    (3, "3.2"),
    (7, "3.3"),
    (8, "3.4"),
    (11, "3.5"),
    (14, "3.6"),
    (19, "3.7"),
    (20, "3.8"),
    (21, "3.9"),
    (25, "4.0"),
    (27, "4.1"),
    (29, "4.2"),
    (30, "4.3"),
];

/// The release whose highest level this is, or the one below it, and whether that is sure.
fn release(level: i16) -> Option<(&'static str, bool)> {
    let (at, kafka) = *LEVELS.iter().rfind(|(at, _)| *at <= level)?;
    Some((kafka, at == level))
}

/// Call, version, and the release that brought it; newest first (the message definitions of the Kafka source).
const NEWEST: [(i16, i16, &str); 18] = [
    (1, 18, "4.1"),
    (1, 17, "3.9"),
    (1, 16, "3.7"),
    (1, 15, "3.5"),
    (1, 13, "3.1"),
    (9, 8, "3.0"),
    (60, 0, "2.8"),
    (1, 12, "2.7"),
    (16, 4, "2.6"),
    (48, 0, "2.6"),
    (18, 3, "2.4"),
    (1, 11, "2.3"),
    (1, 10, "2.1"),
    (1, 8, "2.0"),
    (1, 7, "1.1"),
    (1, 6, "1.0"),
    (1, 5, "0.11"),
    (1, 2, "0.10"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use kafka_protocol::messages::{FetchRequest, OffsetFetchRequest, api_versions_response::*};

    fn broker(keys: &[(i16, i16, i16)], level: Option<i16>) -> Versions {
        let key = |&(key, min, max): &(i16, i16, i16)| {
            ApiVersion::default().with_api_key(key).with_min_version(min).with_max_version(max)
        };
        let feature = |max| SupportedFeatureKey::default().with_name("metadata.version".into()).with_max_version(max);
        let reply = ApiVersionsResponse::default()
            .with_api_keys(keys.iter().map(key).collect())
            .with_supported_features(level.map(feature).into_iter().collect());
        Versions::of(&reply)
    }

    #[test]
    fn the_highest_version_both_know_is_spoken() {
        assert_eq!(broker(&[(9, 0, 3)], None).pick::<OffsetFetchRequest>(), Ok(3));
        assert_eq!(broker(&[(9, 0, 99)], None).pick::<OffsetFetchRequest>(), Ok(OffsetFetchRequest::RANGE.max));
    }

    #[test]
    fn a_call_without_a_common_version_is_refused_with_both_ranges() {
        let old = broker(&[(1, 0, 3)], None).pick::<FetchRequest>();
        assert!(matches!(old, Err(Cause::NoVersion { broker: (0, 3), ours: (4, _), .. })), "{old:?}");
        assert!(matches!(broker(&[], None).pick::<FetchRequest>(), Err(Cause::Lacks { since: "0.8", .. })));
    }

    #[test]
    fn kafkas_version_is_exact_only_when_sure() {
        let said = |keys: &[_], level| broker(keys, level).kafka().text;
        assert_eq!(said(&[(1, 4, 18)], Some(27)), "4.1");
        assert_eq!(said(&[(1, 4, 18)], Some(26)), "≥ 4.0", "a level between two releases is some early build");
        assert_eq!(said(&[(1, 0, 11), (18, 0, 3)], None), "≥ 2.4");
        assert_eq!(said(&[(1, 0, 3), (18, 0, 0)], None), "≥ 0.10");
        assert_eq!(said(&[], None), "");
    }
}
