//! When a partition's end was where: the program's own samples, to estimate when an offset was written.

/// Points kept of a partition. On overflow the one that tells least goes, so that a steady flow keeps its oldest point.
const POINTS: usize = 15;

/// (end, milliseconds since 1970), both rising; an end that stays is kept as its first and its last sight.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Ends {
    points: Vec<(i64, i64)>,
}

impl Ends {
    pub fn restart(&mut self) {
        self.points = Vec::new();
    }

    pub fn push(&mut self, end: i64, at: i64) {
        if let Some(&(last, seen)) = self.points.last() {
            if at <= seen {
                return;
            }
            if end < last {
                self.restart();
            } else if self.is_flat_at(end) {
                self.points.pop();
            }
        }
        self.points.push((end, at));
        if self.points.len() > POINTS {
            self.drop_the_dullest();
        }
    }

    fn is_flat_at(&self, end: i64) -> bool {
        matches!(*self.points, [.., (before, _), (last, _)] if before == end && last == end)
    }

    /// The point that its two neighbours tell best without it.
    fn drop_the_dullest(&mut self) {
        let told = |triple: &[(i64, i64)]| between(triple[0], triple[2], triple[1].0).abs_diff(triple[1].1);
        let dullest = self.points.windows(3).enumerate().min_by_key(|(_, triple)| told(triple));
        if let Some((before, _)) = dullest {
            self.points.remove(before + 1);
        }
    }

    /// When the record at this offset was written, about. Only between two own samples, never beyond them.
    pub fn written(&self, offset: i64) -> Option<i64> {
        let after = self.points.partition_point(|(end, _)| *end <= offset);
        let (from, to) = (self.points.get(after.checked_sub(1)?)?, self.points.get(after)?);
        Some(between(*from, *to, offset))
    }

    #[cfg(test)]
    pub fn bytes(&self) -> usize {
        self.points.capacity() * size_of::<(i64, i64)>()
    }

    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.points.len()
    }
}

/// The time at which a straight line between two points passes an offset; the later one where it is flat. Where the
/// product would not fit, the line is a little coarser.
fn between(from: (i64, i64), to: (i64, i64), offset: i64) -> i64 {
    let (rise, run) = (i128::from(to.0) - i128::from(from.0), i128::from(to.1) - i128::from(from.1));
    if rise <= 0 {
        return to.1;
    }
    let part = (i128::from(offset) - i128::from(from.0)).clamp(0, rise);
    let way = part.checked_mul(run).map_or(run / rise * part, |product| product / rise);
    i64::try_from(i128::from(from.1) + way).unwrap_or(to.1)
}
