//! How much memory processes of this machine use.

use std::fs;

use anyhow::Context;

/// Proportional set size of a process, in bytes: its own pages, and its share of those that it shares.
pub fn pss(pid: u32) -> anyhow::Result<u64> {
    let path = format!("/proc/{pid}/smaps_rollup");
    let text = fs::read_to_string(&path).with_context(|| format!("reading {path}"))?;
    parse_pss(&text).with_context(|| format!("{path} names no Pss"))
}

/// From the text of `smaps_rollup`.
pub fn parse_pss(text: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kilobytes.checked_mul(1024)
}
