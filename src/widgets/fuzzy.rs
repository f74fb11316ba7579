//! Fuzzy matching as in helix and fzf: the letters in order, the best match first.
use nucleo_matcher::{
    Config, Matcher, Utf32Str,
    pattern::{CaseMatching, Normalization, Pattern},
};

/// Indexes of the items that match, the best first; all of them in their own order for an empty needle.
pub fn rank<'a>(needle: &str, items: impl Iterator<Item = &'a str>) -> Vec<usize> {
    if needle.is_empty() {
        return (0..items.count()).collect();
    }
    let pattern = Pattern::parse(needle, CaseMatching::Smart, Normalization::Smart);
    let mut matcher = Matcher::new(Config::DEFAULT);
    let mut letters = vec![];
    let mut found: Vec<(u32, usize, usize)> = items
        .enumerate()
        .filter_map(|(i, item)| Some((pattern.score(Utf32Str::new(item, &mut letters), &mut matcher)?, item.len(), i)))
        .collect();
    // Of two that match alike, the shorter is nearer to what was typed.
    found.sort_by_key(|(score, length, i)| (std::cmp::Reverse(*score), *length, *i));
    found.into_iter().map(|(.., i)| i).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_match_comes_first_and_nothing_else_stays() {
        let names = ["payments", "orders.dlq", "orders", "mytopic"];
        assert_eq!(rank("ord", names.into_iter()), [2, 1]);
        assert_eq!(rank("", names.into_iter()), [0, 1, 2, 3]);
        assert!(rank("xyz", names.into_iter()).is_empty());
    }
}
