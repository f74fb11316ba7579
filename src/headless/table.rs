//! Columns that line up.
use crate::text::Safe;

/// Between columns.
const GAP: &str = "  ";

/// Heads that begin with `>` are above numbers, which stand at the right of their column.
#[derive(Debug)]
pub struct Table {
    heads: Vec<&'static str>,
    rows: Vec<Vec<Safe>>,
}

impl Table {
    pub fn new(heads: &[&'static str]) -> Self {
        Self { heads: heads.to_vec(), rows: Vec::new() }
    }

    pub fn row(&mut self, cells: impl IntoIterator<Item = Safe>) {
        self.rows.push(cells.into_iter().collect());
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The heads and then the rows, without blanks at the end.
    pub fn lines(&self) -> impl Iterator<Item = Safe> {
        let heads: Vec<Safe> = self.heads.iter().map(|head| Safe::literal(head.trim_start_matches('>'))).collect();
        let widths: Vec<usize> = heads.iter().enumerate().map(|(at, head)| self.width(at).max(head.width())).collect();
        let heads = self.write(&heads, &widths);
        let rows = self.rows.iter().map(move |row| self.write(row, &widths));
        std::iter::once(heads).chain(rows)
    }

    fn width(&self, column: usize) -> usize {
        self.rows.iter().filter_map(|row| row.get(column)).map(Safe::width).max().unwrap_or(0)
    }

    fn write(&self, cells: &[Safe], widths: &[usize]) -> Safe {
        let mut line = String::new();
        for ((cell, width), head) in cells.iter().zip(widths).zip(&self.heads) {
            let blanks = " ".repeat(width.saturating_sub(cell.width()));
            let (before, after) = if head.starts_with('>') { (&*blanks, "") } else { ("", &*blanks) };
            line.extend([before, cell.as_str(), after, GAP]);
        }
        Safe::from(line.trim_end().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_left_and_numbers_right_and_wide_letters_count_twice() {
        let mut table = Table::new(&["NAME", ">LAG", "STATE"]);
        table.row(["消息", "7", "ok"].map(Safe::text));
        table.row(["a", "1200", ""].map(Safe::text));
        let lines: Vec<_> = table.lines().map(|line| line.to_string()).collect();
        assert_eq!(lines, ["NAME   LAG  STATE", "消息     7  ok", "a     1200"]);
    }
}
