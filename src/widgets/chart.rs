//! A number over time as an area of eighth blocks, with its scale at the left and the time below. It knows columns and
//! heights; what they mean is its panel's.
use super::{Pen, Word, format};
use crate::{text::Safe, theme::Role};
use jiff::{Timestamp, tz::TimeZone};
use ratatui::layout::Rect;

/// Eighths of a cell, from nothing to all of it.
const EIGHTHS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// A column that is a lower bound: its end is not sharp.
pub const BOUND: char = '▒';
/// The tops a scale may have, in powers of ten: close above the highest number, and round in its half.
const ROUND: [f64; 8] = [1.0, 1.6, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0];
/// Seconds between two times that are written below; the last ones are days.
const STEPS: [i64; 17] =
    [5, 10, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800];

/// One column of the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Bar {
    /// `None`: not known, a gap.
    pub value: Option<f64>,
    /// The value is a lower bound.
    pub bound: bool,
    /// Something happened then: drawn from the top down to the area.
    pub mark: Option<char>,
}

/// The time that the columns of an area stand for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    pub from: Timestamp,
    pub to: Timestamp,
}

impl Span {
    fn seconds(self) -> f64 {
        self.to.duration_since(self.from).as_secs_f64()
    }

    /// The column in which a time lies, of so many; `None` outside.
    pub fn column(self, at: Timestamp, columns: u16) -> Option<u16> {
        let part = at.duration_since(self.from).as_secs_f64() / self.seconds();
        (part.is_finite() && (0.0..1.0).contains(&part)).then(|| (part * f64::from(columns)) as u16)
    }

    /// When a column begins.
    pub fn begin(self, column: u16, columns: u16) -> Timestamp {
        let seconds = self.seconds() * f64::from(column) / f64::from(columns.max(1));
        let ahead = jiff::SignedDuration::try_from_secs_f64(seconds).unwrap_or_default();
        self.from.checked_add(ahead).unwrap_or(self.to)
    }
}

/// The top of a scale that holds this number: round, and at least one.
pub fn top(most: f64) -> f64 {
    if !most.is_finite() || most <= 1.0 {
        return if most > 1.0 { f64::MAX } else { 1.0 };
    }
    let power = 10f64.powf(most.log10().floor());
    ROUND.into_iter().map(|round| round * power).find(|top| *top >= most).unwrap_or(10.0 * power)
}

/// Eighths of a cell that a value takes in so many rows. What is known never vanishes.
fn level(value: f64, top: f64, rows: u16) -> u16 {
    let most = rows * 8;
    let part = if top > 0.0 { value / top } else { 0.0 };
    // A cast from a float saturates, and takes NaN as 0.
    ((part * f64::from(most)).round() as u16).clamp(1, most.max(1))
}

impl Bar {
    /// The letter in a row, counted from the lowest, and whether it belongs to the mark.
    fn cell(self, row: u16, rows: u16, top: f64) -> (char, bool) {
        let filled = self.value.map_or(0, |value| level(value, top, rows).saturating_sub(row * 8).min(8));
        match self.mark {
            Some(mark) if filled == 0 || row + 1 == rows => (mark, true),
            _ if self.bound && filled > 0 => (BOUND, false),
            _ => (EIGHTHS[usize::from(filled)], false),
        }
    }
}

impl Pen<'_> {
    /// One column a bar, as many as fit, from the left edge on; `top` is the value that reaches the upper edge.
    pub fn bars(&mut self, area: Rect, bars: &[Bar], top: f64, role: Role) {
        let warn = self.theme.warn;
        for row in 0..area.height {
            let cells =
                bars.iter().take(usize::from(area.width)).map(|bar| (bar.cell(row, area.height, top), bar.bound));
            let cells: Vec<_> = cells.map(|((letter, mark), bound)| (letter, mark || bound)).collect();
            let words: Vec<Word> = cells
                .chunk_by(|a, b| a.1 == b.1)
                .map(|run| {
                    (Safe::from(run.iter().map(|cell| cell.0).collect::<String>()), if run[0].1 { warn } else { role })
                })
                .collect();
            self.line(area.x, area.bottom() - 1 - row, area.width, &words);
        }
    }

    /// The scale beside an area of bars, a line at its right edge: the top, the half where there is room, and nothing.
    pub fn scale(&mut self, area: Rect, top: f64, words: impl Fn(f64) -> String) {
        let muted = self.theme.muted;
        let Some(last) = area.height.checked_sub(1) else { return };
        for row in 0..area.height {
            let value = match row {
                0 => Some(top),
                row if row == last => Some(0.0),
                // Of an even number of rows none is the half.
                row if last >= 4 && row * 2 == last && words(top / 2.0) != words(top) => Some(top / 2.0),
                _ => None,
            };
            let line = if value.is_some() { "┤" } else { "│" };
            let y = area.y + row;
            self.put_right(area.x, y, area.width, &Safe::literal(line), muted);
            if let Some(value) = value {
                self.put_right(area.x, y, area.width.saturating_sub(2), &Safe::from(words(value)), muted);
            }
        }
    }

    /// A line with its times below it, two rows, under bars of this width.
    pub fn times(&mut self, area: Rect, span: Span, zone: &TimeZone) {
        let muted = self.theme.muted;
        let mut line: Vec<char> = vec!['─'; usize::from(area.width)];
        for (column, words) in ticks(span, area.width, zone) {
            line[usize::from(column)] = '┴';
            let words = Safe::from(words);
            let half = words.width() as u16 / 2;
            let x = column.saturating_sub(half).min(area.width.saturating_sub(words.width() as u16));
            if area.height > 1 {
                self.put(area.x + x, area.y + 1, area.width - x, &words, muted);
            }
        }
        self.put(area.x, area.y, area.width, &Safe::from(line.into_iter().collect::<String>()), muted);
    }
}

/// Columns with the times that are written there, round ones of the zone, far enough apart to be read.
fn ticks(span: Span, columns: u16, zone: &TimeZone) -> Vec<(u16, String)> {
    let seconds = span.seconds();
    if seconds.is_nan() || seconds <= 0.0 || columns == 0 {
        return vec![];
    }
    // `14:03:05` and three blanks.
    let apart = (seconds * 11.0 / f64::from(columns)).ceil() as i64;
    let step = STEPS.into_iter().find(|step| *step >= apart).unwrap_or(apart.max(1));
    let offset = i64::from(zone.to_offset(span.from).seconds());
    let first = (span.from.as_second() + offset).div_euclid(step) * step - offset;
    let times = (0..=i64::from(columns)).filter_map(|i| Timestamp::from_second(first.checked_add(i * step)?).ok());
    let words = |at: Timestamp| match step {
        ..60 => format::clock(at, zone),
        60..86_400 => at.to_zoned(zone.clone()).strftime("%H:%M").to_string(),
        _ => at.to_zoned(zone.clone()).strftime("%b %-d").to_string(),
    };
    times.filter_map(|at| Some((span.column(at, columns)?, words(at)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme::Theme;
    use jiff::ToSpan;
    use ratatui::buffer::Buffer;

    fn drawn(width: u16, height: u16, draw: impl FnOnce(&mut Pen, Rect)) -> Vec<String> {
        let theme = Theme::builtin("mono").unwrap();
        let area = Rect::new(0, 0, width, height);
        let mut buffer = Buffer::empty(area);
        draw(&mut Pen::new(&mut buffer, &theme), area);
        (0..height).map(|y| (0..width).map(|x| buffer[(x, y)].symbol()).collect()).collect()
    }

    fn bars(values: &[f64]) -> Vec<Bar> {
        values.iter().map(|value| Bar { value: Some(*value), ..Bar::default() }).collect()
    }

    fn span(seconds: i64) -> Span {
        let from: Timestamp = "2026-11-20T13:58:22Z".parse().unwrap();
        Span { from, to: from + seconds.seconds() }
    }

    #[test]
    fn each_value_has_its_eighths_and_nothing_known_vanishes() {
        let rows =
            drawn(6, 2, |pen, area| pen.bars(area, &bars(&[0.0, 1.0, 4.0, 8.0, 12.0, 16.0]), 16.0, pen.theme.text));
        assert_eq!(rows, ["    ▄█", "▁▁▄███"]);
    }

    #[test]
    fn what_is_not_known_is_a_gap_and_a_bound_is_not_sharp() {
        let gap = Bar::default();
        let bound = Bar { value: Some(6.0), bound: true, mark: None };
        let rows = drawn(3, 2, |pen, area| pen.bars(area, &[bars(&[16.0])[0], gap, bound], 16.0, pen.theme.text));
        assert_eq!(rows, ["█  ", "█ ▒"]);
    }

    #[test]
    fn a_mark_hangs_from_the_top_and_is_seen_over_a_full_column_too() {
        let marked = |value| Bar { value, bound: false, mark: Some('┆') };
        let rows = drawn(3, 3, |pen, area| {
            pen.bars(area, &[marked(Some(8.0)), marked(None), marked(Some(24.0))], 24.0, pen.theme.text)
        });
        assert_eq!(rows, ["┆┆┆", "┆┆█", "█┆█"]);
    }

    #[test]
    fn the_top_is_round_and_never_below_the_number() {
        assert_eq!([0.0, 1.0, 7.0, 11.0, 229.0, 88_012.0, 1e6].map(top), [1.0, 1.0, 8.0, 16.0, 300.0, 100_000.0, 1e6]);
    }

    #[test]
    fn the_scale_names_its_top_its_half_and_nothing() {
        let rows = drawn(7, 5, |pen, area| pen.scale(area, 300.0, |value| format!("{value}")));
        assert_eq!(rows, ["  300 ┤", "      │", "  150 ┤", "      │", "    0 ┤"]);
        assert_eq!(drawn(7, 2, |pen, area| pen.scale(area, 300.0, |value| format!("{value}"))), ["  300 ┤", "    0 ┤"]);
    }

    #[test]
    fn times_below_are_round_and_stand_where_they_belong() {
        let rows = drawn(60, 2, |pen, area| pen.times(area, span(300), &TimeZone::UTC));
        assert_eq!(rows[0], "───────┴───────────┴───────────┴───────────┴───────────┴────");
        assert_eq!(rows[1].trim_end(), "     13:59       14:00       14:01       14:02       14:03");
    }

    #[test]
    fn times_of_a_zone_with_a_half_hour_are_round_there() {
        let zone = TimeZone::fixed(jiff::tz::Offset::from_seconds(19_800).unwrap());
        let rows = drawn(60, 2, |pen, area| pen.times(area, span(86_400), &zone));
        assert!(rows[1].contains("00:00") && rows[1].contains("06:00"), "{rows:?}");
    }

    proptest::proptest! {
        #[test]
        fn no_number_no_size_and_no_time_breaks_it(value: f64, seconds in -10i64..1 << 40, width in 0u16..200, height in 0u16..30) {
            let span = span(seconds.min(1 << 36));
            let bars = vec![Bar { value: Some(value), bound: false, mark: None }; usize::from(width)];
            drawn(width.max(1), height.max(1), |pen, _| {
                let area = Rect::new(0, 0, width, height);
                pen.bars(area, &bars, top(value), pen.theme.text);
                pen.scale(area, top(value), format::rate);
                pen.times(area, span, &TimeZone::UTC);
            });
            proptest::prop_assert!(value.is_nan() || top(value) >= value);
        }
    }
}
