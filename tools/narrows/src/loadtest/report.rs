//! Printing: a table for people, JSON lines for scripts.

use std::{
    fmt::Write as _,
    io::{self, Write as _},
};

use anyhow::bail;
use serde_json::{Map, Value, json};

use super::target::Target;

/// What one run measured, in the order in which it is shown.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    values: Vec<(&'static str, f64)>,
    /// What the first failure said.
    pub first_error: Option<String>,
}

impl Figures {
    /// A figure.
    pub fn add(&mut self, name: &'static str, value: f64) {
        self.values.push((name, value));
    }

    /// A figure that may be unknown, as the median of nothing is.
    pub fn add_known(&mut self, name: &'static str, value: Option<f64>) {
        self.values.extend(value.map(|value| (name, value)));
    }

    /// The figure of this name.
    pub fn get(&self, name: &str) -> Option<f64> {
        let (_, value) = self.values.iter().find(|(known, _)| *known == name)?;
        Some(*value)
    }

    fn to_json(&self) -> Map<String, Value> {
        let mut object: Map<String, Value> = self
            .values
            .iter()
            .map(|(name, value)| ((*name).to_owned(), json!(rounded(*value))))
            .collect();
        if let Some(error) = &self.first_error {
            object.insert("first_error".to_owned(), json!(error));
        }
        object
    }
}

/// The runs of a load.
pub struct Report {
    load: String,
    json: bool,
    runs: Vec<Figures>,
}

impl Report {
    /// No run yet.
    pub fn new(load: &str, json: bool) -> Self {
        Self {
            load: load.to_owned(),
            json,
            runs: Vec::new(),
        }
    }

    /// A run is over. With JSON it is printed at once.
    pub fn add(&mut self, figures: Figures) -> anyhow::Result<()> {
        if self.json {
            let mut line = figures.to_json();
            line.insert("run".to_owned(), json!(self.runs.len()));
            print(&format!("{}\n", Value::Object(line)))?;
        }
        self.runs.push(figures);
        Ok(())
    }

    /// Print the rest. Fails if requests did.
    pub fn finish(self) -> anyhow::Result<()> {
        let medians = medians(&self.runs);
        if self.json {
            let mut line = medians.to_json();
            line.remove("first_error");
            line.insert("cmd".to_owned(), json!(self.load));
            line.insert("median_of".to_owned(), json!(self.runs.len()));
            print(&format!("{}\n", Value::Object(line)))?;
        } else {
            print(&table(&self.runs, &medians))?;
        }
        let failed: f64 = self.runs.iter().filter_map(|run| run.get("errors")).sum();
        match medians.first_error {
            Some(error) => bail!("{failed} failed, the first with: {error}"),
            None => Ok(()),
        }
    }
}

/// Print what was measured once.
pub fn print_once(target: &Target, figures: Figures) -> anyhow::Result<()> {
    let mut report = Report::new("idle-queues", target.json);
    report.add(figures)?;
    report.finish()
}

/// Of each figure the median over the runs that have it; of the errors the first.
pub fn medians(runs: &[Figures]) -> Figures {
    let mut medians = Figures::default();
    let names = runs
        .iter()
        .flat_map(|run| &run.values)
        .map(|(name, _)| name);
    for name in names {
        if medians.get(name).is_none() {
            let values = runs.iter().filter_map(|run| run.get(name)).collect();
            medians.add_known(name, median(values));
        }
    }
    medians.first_error = runs.iter().find_map(|run| run.first_error.clone());
    medians
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let upper = *values.get(values.len() / 2)?;
    if values.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = *values.get(values.len() / 2 - 1)?;
    Some((lower + upper) / 2.0)
}

/// One line a figure, one column a run, and the median if there is more than one.
pub fn table(runs: &[Figures], medians: &Figures) -> String {
    let mut text = format!("{:<16}", "");
    for number in 1..=runs.len() {
        let _ = write!(text, "{:>12}", format!("run {number}"));
    }
    let columns: Vec<&Figures> = match runs.len() {
        1 => runs.iter().collect(),
        _ => {
            text.push_str("      median");
            runs.iter().chain([medians]).collect()
        }
    };
    text.push('\n');
    for (name, _) in &medians.values {
        let _ = write!(text, "{name:<16}");
        for column in &columns {
            let value = column.get(name).map_or("-".to_owned(), shown);
            let _ = write!(text, "{value:>12}");
        }
        text.push('\n');
    }
    text
}

fn shown(value: f64) -> String {
    match value {
        whole if whole.fract() == 0.0 => format!("{whole:.0}"),
        large if large.abs() >= 1000.0 => format!("{large:.0}"),
        large if large.abs() >= 100.0 => format!("{large:.1}"),
        small => format!("{small:.3}"),
    }
}

fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

/// A reader who has gone is no reason to panic.
fn print(text: &str) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}
