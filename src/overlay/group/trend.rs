//! The chart of a group: its lag over time, and offsets a second in and out, of the time that is chosen.
use crate::{
    lag::{Bin, Series, Window},
    text::Safe,
    theme::Role,
    widgets::{
        Pen, Word,
        chart::{self, BOUND, Bar, Span},
        format,
    },
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use ratatui::layout::Rect;

const REBALANCED: char = '┆';
const REWOUND: char = '«';
/// Columns of a scale: `1.21M ┤` and a blank before it.
const SCALE: u16 = 10;
/// With so many columns the rates stand beside the lag, with so many rows below it.
const BESIDE: u16 = 110;
const BELOW: u16 = 13;

/// As the chart's head says it, and what the key turns to.
fn name(window: Window) -> &'static str {
    match window {
        Window::FiveMinutes => "5 min",
        Window::Hour => "1 h",
        Window::Session => "since start",
    }
}

pub fn next(window: Window) -> Window {
    match window {
        Window::FiveMinutes => Window::Hour,
        Window::Hour => Window::Session,
        Window::Session => Window::FiveMinutes,
    }
}

/// What is drawn, cut to the time of the window.
pub struct Chart<'a> {
    bins: Vec<Bin>,
    span: Span,
    window: Window,
    zone: &'a TimeZone,
}

/// One number of the bins over its area.
struct Line {
    name: Word,
    bars: fn(&Bin) -> Bar,
    words: fn(f64) -> String,
    /// What the upper edge stands for.
    top: f64,
    times: bool,
}

impl<'a> Chart<'a> {
    pub fn of(series: &Series, window: Window, now: Timestamp, zone: &'a TimeZone) -> Self {
        let bins = series.bins(window, now);
        Self { span: span(&bins, window, now), bins, window, zone }
    }

    /// Rates stand beside the lag, or below it, or have no room.
    pub fn draw(&self, pen: &mut Pen, area: Rect) {
        if area.width <= SCALE || area.height < 4 {
            return;
        }
        if area.width >= BESIDE {
            let left = Rect { width: area.width * 3 / 5, ..area };
            let right = Rect { x: left.right() + 2, width: area.width - left.width - 2, ..area };
            let upper = Rect { height: (area.height - 2) / 2, ..right };
            self.lag(pen, left);
            self.rates(pen, [upper, Rect { y: upper.bottom(), height: area.height - upper.height, ..right }]);
        } else if area.height >= BELOW {
            let each = (area.height - 2) / 4;
            let out = Rect { y: area.bottom() - each - 2, height: each + 2, ..area };
            let arriving = Rect { y: out.y - each, height: each, ..area };
            self.lag_and(pen, Rect { height: arriving.y - area.y, ..area }, false);
            self.rates(pen, [arriving, out]);
        } else {
            self.lag(pen, area);
        }
    }

    fn lag(&self, pen: &mut Pen, area: Rect) {
        self.lag_and(pen, area, true);
    }

    fn lag_and(&self, pen: &mut Pen, area: Rect, times: bool) {
        let theme = pen.theme;
        let most = self.bins.iter().filter_map(|bin| bin.lag).max().unwrap_or(0);
        let name = (Safe::from(format!("lag in offsets, {}", name(self.window))), theme.title);
        let words = |value: f64| format::short(value.round() as i64);
        self.line(pen, area, &Line { name, bars: lag_bar, words, top: chart::top(most as f64), times });
        self.legend(pen, area);
    }

    /// Both have one scale, so that they can be compared.
    fn rates(&self, pen: &mut Pen, [arriving, reading]: [Rect; 2]) {
        let theme = *pen.theme;
        let rates = self.bins.iter().flat_map(|bin| [bin.arriving, bin.reading]).flatten();
        let top = chart::top(rates.fold(0.0, f64::max));
        let line = |name: &'static str, bars, times| Line {
            name: (Safe::literal(name), theme.title),
            bars,
            words: format::short_rate,
            top,
            times,
        };
        self.line(pen, arriving, &line("in, offsets a second", |bin| rate_bar(bin, bin.arriving), false));
        self.line(pen, reading, &line("out, offsets a second", |bin| rate_bar(bin, bin.reading), true));
    }

    /// A name, a scale, bars, and the times below them.
    fn line(&self, pen: &mut Pen, area: Rect, line: &Line) {
        let below = if line.times { 2 } else { 0 };
        let plot = Rect {
            x: area.x + SCALE,
            y: area.y + 1,
            width: area.width - SCALE,
            height: area.height.saturating_sub(1 + below),
        };
        let role: Role = pen.theme.text;
        pen.line(area.x + 1, area.y, area.width - 1, std::slice::from_ref(&line.name));
        pen.scale(Rect { x: area.x, width: SCALE, ..plot }, line.top, line.words);
        pen.bars(plot, &columns(&self.bins, self.span, plot.width, line.bars), line.top, role);
        if line.times {
            pen.times(Rect { y: plot.bottom(), height: below, ..plot }, self.span, self.zone);
        }
    }

    /// What the letters mean, of those that are there.
    fn legend(&self, pen: &mut Pen, area: Rect) {
        let theme = *pen.theme;
        let any = |is: fn(&Bin) -> bool| self.bins.iter().any(is);
        let mut words: Vec<Word> = vec![];
        let mut say = |applies: bool, letter: char, meaning: &str| {
            if applies {
                words.push((Safe::from(format!("  {letter}")), theme.warn));
                words.push((Safe::from(format!(" {meaning}")), theme.muted));
            }
        };
        say(any(|bin| bin.rebalanced), REBALANCED, "rebalance");
        say(any(|bin| bin.rewound), REWOUND, "moved back");
        say(any(|bin| bin.lag.is_some() && !bin.exact), BOUND, "≥, not all known");
        pen.line_right(area.x, area.y, area.width, &words);
    }
}

fn lag_bar(bin: &Bin) -> Bar {
    let mark = if bin.rewound { Some(REWOUND) } else { bin.rebalanced.then_some(REBALANCED) };
    Bar { value: bin.lag.map(|lag| lag as f64), bound: !bin.exact, mark }
}

/// Marks stand in the lag; here they are only seen, not read.
fn rate_bar(bin: &Bin, value: Option<f64>) -> Bar {
    Bar { value, bound: false, mark: bin.rebalanced.then_some(REBALANCED) }
}

/// The whole window to the end of the newest bin; of the session what there is, a minute at least.
fn span(bins: &[Bin], window: Window, now: Timestamp) -> Span {
    let end = |bin: &Bin| SignedDuration::try_from(bin.width).ok().and_then(|width| bin.at.checked_add(width).ok());
    let to = bins.last().and_then(end).unwrap_or(now);
    let back = |seconds| to.checked_sub(SignedDuration::from_secs(seconds)).unwrap_or(to);
    let first = bins.first().map_or(to, |bin| bin.at);
    let from = match window {
        Window::FiveMinutes => back(300),
        Window::Hour => back(3_600),
        Window::Session => first.min(back(60)),
    };
    Span { from, to }
}

/// A bar for each column: the highest of the bins in it. A mark stands only where its bin begins.
fn columns(bins: &[Bin], span: Span, width: u16, bar: fn(&Bin) -> Bar) -> Vec<Bar> {
    let mut columns = vec![Bar::default(); usize::from(width)];
    for bin in bins {
        let bar = bar(bin);
        let end = SignedDuration::try_from(bin.width)
            .ok()
            .and_then(|width| bin.at.checked_add(width).ok())
            .unwrap_or(span.to);
        let Some(first) = span.column(bin.at, width) else { continue };
        let last = (first..width).take_while(|column| *column == first || span.begin(*column, width) < end);
        for column in last.map(usize::from) {
            columns[column] = higher(columns[column], bar);
        }
        if let Some(column) = columns.get_mut(usize::from(first)) {
            column.mark = bar.mark.or(column.mark);
        }
    }
    columns
}

fn higher(a: Bar, b: Bar) -> Bar {
    let highest = if b.value > a.value { b } else { a };
    Bar { mark: a.mark, ..highest }
}
