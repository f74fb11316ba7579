//! How far a scan is on its way through the partitions.
use super::ranges::FIRST_END;
use crate::kafka::{offsets::Spot, whereabouts::Extent};
use std::collections::BTreeMap;

#[derive(Debug, Default)]
pub struct Way {
    extents: BTreeMap<Spot, Extent>,
    pub backwards: bool,
    /// Where reading is, which may be far ahead of what was handed over.
    pub at: BTreeMap<Spot, i64>,
}

impl Way {
    pub fn new(extents: &BTreeMap<Spot, Extent>, backwards: bool) -> Self {
        Self { extents: extents.clone(), backwards, at: BTreeMap::new() }
    }

    /// The end of a partition that was not known; the first that is told counts.
    pub fn ends(&mut self, spot: &Spot, end: i64) {
        if let Some(extent) = self.extents.get_mut(spot).filter(|extent| extent.end == FIRST_END) {
            extent.end = end.max(extent.start);
        }
    }

    /// Of the offsets whose ends are known.
    pub fn share(&self) -> Option<f64> {
        let (mut read, mut all) = (0u64, 0u64);
        for (spot, Extent { start, end }) in self.extents.iter().filter(|(_, extent)| extent.end != FIRST_END) {
            let begin = if self.backwards { *end } else { *start };
            let at = self.at.get(spot).map_or(begin, |at| (*at).clamp(*start, (*end).max(*start)));
            let way = if self.backwards { end.abs_diff(at) } else { at.abs_diff(*start) };
            (read, all) = (read.saturating_add(way), all.saturating_add(end.abs_diff(*start)));
        }
        (all > 0).then(|| read as f64 / all as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_is_of_what_is_known_and_goes_up_in_both_directions() {
        let spot = |id| ("t".into(), id);
        let extent = |start, end| Extent { start, end };
        let extents = BTreeMap::from([(spot(0), extent(100, 200)), (spot(1), extent(0, FIRST_END))]);
        let mut way = Way::new(&extents, false);
        way.at = BTreeMap::from([(spot(0), 150), (spot(1), 0)]);
        assert_eq!(way.share(), Some(0.5));
        way.ends(&spot(1), 100);
        way.ends(&spot(1), 900);
        assert_eq!(way.share(), Some(0.25));
        assert_eq!(Way { backwards: true, ..way }.share(), Some(0.75));
        assert_eq!(Way::new(&BTreeMap::from([(spot(0), extent(100, 200))]), true).share(), Some(0.0));
        assert_eq!(Way::default().share(), None);
    }
}
