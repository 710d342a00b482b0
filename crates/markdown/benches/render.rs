//! Rendering the recorded messages, a typical message, and hostile texts of 100 KB.

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use narrows_markdown::{Options, Resolved, ResolvedUser, parse};

/// The allocator of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const TYPICAL: &str = "Hi @**Iago**, I had a look at the **deployment** of https://chat.example.com/status and it is fine :tada: now.\n\
    The `retry` helper still waits too long; shall we meet tomorrow and change it together?";

fn render(text: &str, resolved: &Resolved, options: &Options) -> usize {
    parse(text, options).render(resolved, options).html.len()
}

fn messages(criterion: &mut Criterion) {
    let recordings: serde_json::Value =
        serde_json::from_str(include_str!("../tests/fixtures/recordings.json")).unwrap_or_default();
    let inputs: Vec<String> = ["regular", "linkify"]
        .iter()
        .filter_map(|kind| recordings.get(kind)?.as_array())
        .flatten()
        .filter_map(|case| Some(case.get("input")?.as_str()?.to_owned()))
        .collect();
    let options = Options::default();
    let resolved = Resolved {
        users: vec![ResolvedUser {
            id: 11,
            full_name: "Iago".to_owned(),
        }],
        ..Resolved::default()
    };
    // Highlighting and formulas are measured apart.
    let (slow, fast): (Vec<String>, Vec<String>) = inputs
        .into_iter()
        .partition(|text| parse(text, &options).is_slow());
    let mut group = criterion.benchmark_group("messages");
    for (name, texts) in [
        ("recorded", fast),
        ("recorded code and formulas", slow),
        ("typical", vec![TYPICAL.to_owned()]),
    ] {
        group.throughput(Throughput::Bytes(
            texts.iter().map(|t| t.len() as u64).sum(),
        ));
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                texts
                    .iter()
                    .map(|text| render(black_box(text), &resolved, &options))
                    .sum::<usize>()
            });
        });
    }
    group.finish();
}

fn hostile(criterion: &mut Criterion) {
    let options = Options::default();
    let resolved = Resolved::default();
    let mut group = criterion.benchmark_group("100 KB of");
    group
        .sample_size(10)
        .warm_up_time(Duration::from_millis(50))
        .measurement_time(Duration::from_millis(200));
    for unit in include_str!("hostile.txt").lines() {
        let unit = unit.replace("\\n", "\n");
        let text = unit.repeat(100_000 / unit.len());
        group.bench_function(unit.escape_debug().to_string(), |bencher| {
            bencher.iter(|| render(black_box(&text), &resolved, &options));
        });
    }
    group.finish();
}

criterion_group!(benches, messages, hostile);
criterion_main!(benches);
