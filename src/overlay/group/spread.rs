//! How a group's lag is spread over its partitions: which holds most, and how few hold nearly all.
use crate::{lag::PartitionLag, widgets::format};

/// What the fewest partitions hold together before they are worth a word, in hundredths.
const NEARLY_ALL: u128 = 90;

/// `3 of 8 partitions behind`, `1 of 8 partitions holds 93 % of the lag`, `most 251 in orders/2`, as far as they say more
/// than what stands before them.
pub fn words(partitions: &[PartitionLag]) -> Vec<String> {
    let mut lags: Vec<i64> = partitions.iter().filter_map(PartitionLag::lag).filter(|lag| *lag > 0).collect();
    lags.sort_unstable_by(|a, b| b.cmp(a));
    let skew = skew(&lags, partitions.len());
    let mut words = vec![];
    if skew.as_ref().is_none_or(|(few, _)| *few < lags.len()) {
        words.push(format!("{} of {} partitions behind", lags.len(), partitions.len()));
    }
    words.extend(skew.map(|(_, words)| words));
    // Of equals the first.
    let worst = partitions.iter().rev().filter(|p| p.lag().is_some_and(|lag| lag > 0)).max_by_key(|p| p.lag());
    if let Some((worst, most)) = worst.zip(lags.first()) {
        words.push(format!("most {} in {}/{}", format::grouped(*most), worst.topic, worst.partition));
    }
    words
}

/// How few they are, and in words. `lags`: those above 0, the largest first. Nothing where more than half of the partitions share them.
fn skew(lags: &[i64], of: usize) -> Option<(usize, String)> {
    let all: u128 = lags.iter().map(|lag| u128::from(lag.unsigned_abs())).sum();
    let mut held = 0;
    let few = lags.iter().position(|lag| {
        held += u128::from(lag.unsigned_abs());
        held * 100 >= all * NEARLY_ALL
    })? + 1;
    let verb = if few == 1 { "holds" } else { "hold" };
    (few * 2 <= of).then(|| (few, format!("{few} of {of} partitions {verb} {} % of the lag", held * 100 / all)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_partitions_that_hold_nearly_all_are_told() {
        let table: [(&[i64], usize, Option<&str>); 8] = [
            (&[40, 60], 8, Some("2 of 8 partitions hold 100 % of the lag")),
            (&[1, 93, 6], 8, Some("1 of 8 partitions holds 93 % of the lag")),
            (&[999, 1], 2, Some("1 of 2 partitions holds 99 % of the lag")),
            (&[5, 5, 5, 5], 4, None),
            (&[7], 1, None),
            (&[], 4, None),
            (&[i64::MAX, i64::MAX], 4, Some("2 of 4 partitions hold 100 % of the lag")),
            (&[50, 50, 50], 5, None),
        ];
        for (lags, of, expected) in table {
            let mut lags = lags.to_vec();
            lags.sort_unstable_by(|a, b| b.cmp(a));
            assert_eq!(skew(&lags, of).map(|(_, words)| words).as_deref(), expected, "{lags:?}");
        }
    }
}
