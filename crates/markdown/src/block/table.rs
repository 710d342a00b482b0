//! Tables with pipes.

use super::Block;
use crate::normalize::lines;

/// A table; every row has as many cells as there are alignments.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) alignments: Vec<Option<Alignment>>,
    pub(crate) header: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

/// How a column is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Alignment {
    Left,
    Center,
    Right,
}

/// Cells that a table may have; short rows are filled up, so without a bound a small text could make a huge table.
const MAX_CELLS: usize = 20_000;

/// A chunk whose first line has cells and whose second separates them from the rest.
pub(super) fn table(text: &str, parent: &mut Vec<Block>) -> bool {
    let mut lines = lines(text).map(|line| line.trim_matches(' '));
    let (Some(first), Some(second)) = (lines.next(), lines.next()) else {
        return false;
    };
    if !second
        .bytes()
        .all(|b| matches!(b, b'|' | b':' | b'-' | b' '))
    {
        return false;
    }
    let bordered = first.starts_with('|') || end_border(first).is_some();
    let header = cells(first, bordered);
    let is_table = match header.len() {
        1 => {
            let has_pipe = |line: &str| line.starts_with('|') || end_border(line).is_some();
            bordered && has_pipe(second) && lines.clone().all(has_pipe)
        }
        _ => true,
    };
    let separator = cells(second, bordered);
    if !is_table || separator.len() != header.len() {
        return false;
    }
    let rows: Vec<Vec<String>> = lines
        .map(|line| row(&cells(line, bordered), header.len()))
        .collect();
    if header.len() * (rows.len() + 1) > MAX_CELLS {
        return false;
    }
    let rows = if rows.is_empty() {
        vec![row(&[], header.len())]
    } else {
        rows
    };
    let alignments = separator
        .iter()
        .map(|cell| alignment(cell.trim_matches(' ')))
        .collect();
    parent.push(Block::Table(Table {
        alignments,
        header: row(&header, header.len()),
        rows,
    }));
    true
}

fn row(cells: &[&str], columns: usize) -> Vec<String> {
    (0..columns)
        .map(|i| {
            cells
                .get(i)
                .map(|cell| cell.trim_matches(' '))
                .unwrap_or_default()
                .to_owned()
        })
        .collect()
}

fn alignment(cell: &str) -> Option<Alignment> {
    match (cell.starts_with(':'), cell.ends_with(':')) {
        (true, true) => Some(Alignment::Center),
        (true, false) => Some(Alignment::Left),
        (false, true) => Some(Alignment::Right),
        (false, false) => None,
    }
}

/// The line without the unescaped pipe at its end.
fn end_border(line: &str) -> Option<&str> {
    let body = line.strip_suffix('|')?;
    let slashes = body.len() - body.trim_end_matches('\\').len();
    (slashes % 2 == 0).then_some(body)
}

/// Splits at pipes that are neither escaped nor in inline code.
fn cells(line: &str, bordered: bool) -> Vec<&str> {
    let line = if bordered {
        line.strip_prefix('|').unwrap_or(line)
    } else {
        line
    };
    let line = if bordered {
        end_border(line).unwrap_or(line)
    } else {
        line
    };
    let (pipes, ticks) = scan(line);
    let code = code_regions(&ticks);
    let mut regions = code.iter().peekable();
    let mut cells = Vec::new();
    let mut start = 0;
    for pipe in pipes {
        while regions.next_if(|(_, end)| *end <= pipe).is_some() {}
        if regions.peek().is_some_and(|(begin, _)| *begin <= pipe) {
            continue;
        }
        cells.push(line.get(start..pipe).unwrap_or_default());
        start = pipe + 1;
    }
    cells.push(line.get(start..).unwrap_or_default());
    cells
}

/// A run of backticks: where it begins and ends, and its length as an opening and as a closing run.
struct Ticks {
    start: usize,
    end: usize,
    opens: usize,
    closes: usize,
}

fn scan(line: &str) -> (Vec<usize>, Vec<Ticks>) {
    let (mut pipes, mut ticks) = (Vec::new(), Vec::new());
    let bytes = line.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let run = |from: usize| {
            bytes
                .get(from..)
                .unwrap_or_default()
                .iter()
                .take_while(|b| **b == b'`')
                .count()
        };
        match (byte, bytes.get(at + 1)) {
            (b'\\', Some(b'\\' | b'|')) => at += 2,
            (b'\\', Some(b'`')) => {
                let length = run(at + 1);
                ticks.push(Ticks {
                    start: at,
                    end: at + 1 + length,
                    opens: length - 1,
                    closes: length,
                });
                at += 1 + length;
            }
            (b'`', _) => {
                let length = run(at);
                ticks.push(Ticks {
                    start: at,
                    end: at + length,
                    opens: length,
                    closes: length,
                });
                at += length;
            }
            (b'|', _) => {
                pipes.push(at);
                at += 1;
            }
            _ => at += 1,
        }
    }
    (pipes, ticks)
}

/// Pairs each run of backticks with the next one of its length.
fn code_regions(ticks: &[Ticks]) -> Vec<(usize, usize)> {
    let mut next: std::collections::HashMap<usize, Vec<usize>> = std::collections::HashMap::new();
    for (i, tick) in ticks.iter().enumerate().rev() {
        next.entry(tick.closes).or_default().push(i);
    }
    let mut regions = Vec::new();
    let mut at = 0;
    while let Some(open) = ticks.get(at) {
        let later = next.get_mut(&open.opens).filter(|_| open.opens > 0);
        let close = later.and_then(|positions| {
            while positions.last().is_some_and(|i| *i <= at) {
                positions.pop();
            }
            positions.last().copied()
        });
        match close.and_then(|i| ticks.get(i).map(|tick| (i, tick))) {
            Some((i, tick)) => {
                regions.push((open.start, tick.end));
                at = i + 1;
            }
            None => at += 1,
        }
    }
    regions
}
