//! Which rows two sides share: Myers' greedy comparison, given up where the sides have too little in common, because its
//! time grows with the square of what differs and nobody reads such a comparison anyway.
use std::{collections::HashMap, hash::Hash};

/// Rows to take out and put in that are looked for; with more the middle counts as changed as a whole.
const MOST_EDITS: usize = 1_000;

/// One step from the first side to the second; indexes into the sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Same(usize, usize),
    Removed(usize),
    Added(usize),
}

/// The steps in order. `None` beside them: found with as few changes as there are; else they are more than need be.
pub fn compare<T: Eq + Hash>(a: &[T], b: &[T]) -> (Vec<Step>, Option<TooDifferent>) {
    let (a, b) = numbered(a, b);
    let before = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let (rest_a, rest_b) = (a.get(before..).unwrap_or_default(), b.get(before..).unwrap_or_default());
    let after = rest_a.iter().rev().zip(rest_b.iter().rev()).take_while(|(a, b)| a == b).count();
    let (middle_a, middle_b) = (middle(rest_a, after), middle(rest_b, after));
    let found = edits(middle_a, middle_b);
    let rough = found.is_none().then_some(TooDifferent);
    let middle = found.unwrap_or_else(|| changed(middle_a.len(), middle_b.len()));
    let (end_a, end_b) = (before + middle_a.len(), before + middle_b.len());
    let steps = (0..before).map(|i| Step::Same(i, i));
    let steps = steps.chain(middle.into_iter().map(|step| step.moved(before)));
    (steps.chain((0..after).map(|i| Step::Same(end_a + i, end_b + i))).collect(), rough)
}

/// The rows in the middle were not matched one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooDifferent;

impl Step {
    fn moved(self, by: usize) -> Self {
        match self {
            Self::Same(a, b) => Self::Same(a + by, b + by),
            Self::Removed(a) => Self::Removed(a + by),
            Self::Added(b) => Self::Added(b + by),
        }
    }
}

/// Equal rows have equal numbers, so that comparing two costs nothing.
fn numbered<T: Eq + Hash>(a: &[T], b: &[T]) -> (Vec<usize>, Vec<usize>) {
    let mut numbers = HashMap::new();
    let mut number = |row| {
        let next = numbers.len();
        *numbers.entry(row).or_insert(next)
    };
    let a = a.iter().map(&mut number).collect();
    (a, b.iter().map(&mut number).collect())
}

fn middle(rows: &[usize], after: usize) -> &[usize] {
    rows.get(..rows.len() - after).unwrap_or_default()
}

fn changed(a: usize, b: usize) -> Vec<Step> {
    (0..a).map(Step::Removed).chain((0..b).map(Step::Added)).collect()
}

/// How far along the first side each diagonal reached; diagonal `k` (first minus second) is at `k + edits + 1`.
type Reach = Vec<usize>;

/// Eugene W. Myers, An O(ND) Difference Algorithm and Its Variations (1986), the greedy form with its trace.
fn edits(a: &[usize], b: &[usize]) -> Option<Vec<Step>> {
    let mut trace: Vec<Reach> = vec![];
    for d in 0..=(a.len() + b.len()).min(MOST_EDITS) {
        let mut reach = vec![0; 2 * d + 3];
        for k in (0..=d).map(|i| 2 * i as isize - d as isize) {
            let x = from(trace.last(), d, k).0;
            let mut y = x.saturating_add_signed(-k);
            let mut x = x;
            while x < a.len() && y < b.len() && a.get(x) == b.get(y) {
                (x, y) = (x + 1, y + 1);
            }
            if let Some(slot) = slot(d, k).and_then(|slot| reach.get_mut(slot)) {
                *slot = x;
            }
            if x >= a.len() && y >= b.len() {
                return Some(walk_back(&trace, d, a.len(), b.len()));
            }
        }
        trace.push(reach);
    }
    None
}

fn slot(d: usize, k: isize) -> Option<usize> {
    (d as isize + 1).checked_add(k).and_then(|slot| usize::try_from(slot).ok())
}

/// Where diagonal `k` begins its edit number `d`, and whether that edit puts a row in.
fn from(before: Option<&Reach>, d: usize, k: isize) -> (usize, bool) {
    let Some(before) = before else { return (0, false) };
    let reach = |k| slot(d - 1, k).and_then(|slot| before.get(slot)).copied().unwrap_or(0);
    let (least, most) = (-(d as isize), d as isize);
    if k == least || k != most && reach(k - 1) < reach(k + 1) {
        (reach(k + 1), true)
    } else {
        (reach(k - 1) + 1, false)
    }
}

fn walk_back(trace: &[Reach], edits: usize, mut x: usize, mut y: usize) -> Vec<Step> {
    let mut steps = vec![];
    for d in (1..=edits).rev() {
        let k = x as isize - y as isize;
        let (begin, adds) = from(trace.get(d - 1), d, k);
        while x > begin && y > 0 {
            (x, y) = (x - 1, y - 1);
            steps.push(Step::Same(x, y));
        }
        match adds {
            true => {
                y = y.saturating_sub(1);
                steps.push(Step::Added(y));
            }
            false => {
                x = x.saturating_sub(1);
                steps.push(Step::Removed(x));
            }
        }
    }
    while x > 0 && y > 0 {
        (x, y) = (x - 1, y - 1);
        steps.push(Step::Same(x, y));
    }
    steps.reverse();
    steps
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn signs(a: &str, b: &str) -> String {
        let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
        let sign = |step| match step {
            Step::Same(i, _) => format!(" {}", a[i]),
            Step::Removed(i) => format!("-{}", a[i]),
            Step::Added(i) => format!("+{}", b[i]),
        };
        compare(&a, &b).0.into_iter().map(sign).collect()
    }

    #[test]
    fn as_few_rows_as_can_be_are_taken_out_and_put_in() {
        assert_eq!(signs("abcd", "abxd"), " a b-c+x d");
        assert_eq!(signs("abc", "abc"), " a b c");
        assert_eq!(signs("", "ab"), "+a+b");
        assert_eq!(signs("abcabba", "cbabac").matches(['+', '-']).count(), 5, "Myers' own example");
    }

    #[test]
    fn sides_with_nothing_in_common_are_given_up_and_said() {
        let (a, b): (Vec<usize>, Vec<usize>) = ((0..20_000).collect(), (20_000..40_000).collect());
        let (steps, rough) = compare(&a, &b);
        assert_eq!((steps.len(), rough), (40_000, Some(TooDifferent)));
    }

    proptest! {
        #[test]
        fn steps_lead_from_the_first_side_to_the_second(a in "[abc]{0,30}", b in "[abc]{0,30}") {
            let (x, y): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
            let (steps, _) = compare(&x, &y);
            let first: String = steps.iter().filter_map(|s| match s { Step::Same(i, _) | Step::Removed(i) => Some(x[*i]), Step::Added(_) => None }).collect();
            let second: String = steps.iter().filter_map(|s| match s { Step::Same(_, i) | Step::Added(i) => Some(y[*i]), Step::Removed(_) => None }).collect();
            prop_assert_eq!((first, second), (a, b));
            let same = |s: &Step| match s { Step::Same(i, j) => x[*i] == y[*j], _ => true };
            prop_assert!(steps.iter().all(same));
        }
    }
}
