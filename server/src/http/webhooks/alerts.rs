//! Services that tell when something is wrong, and when it is right again.

use std::collections::BTreeMap;

use narrows_actions::webhooks::Notice;

use super::payload::{Payload, object};
use super::{Fault, Integration, Told};
use crate::extract::Delivery;

/// Prometheus' Alertmanager. `name` and `desc` in the URL say which labels the topic and the lines are made of.
pub(super) const ALERTMANAGER: Integration = Integration {
    path: "alertmanager",
    name: "AlertManager",
    read: alertmanager,
};

/// Grafana, with alerts of either kind.
pub(super) const GRAFANA: Integration = Integration {
    path: "grafana",
    name: "Grafana",
    read: grafana,
};

const FIRING: &str = ":alert: **FIRING**";
const RESOLVED: &str = ":squared_ok: **Resolved**";

/// Lines of what is wrong, and of what no longer is.
#[derive(Default)]
struct Lines {
    firing: Vec<String>,
    resolved: Vec<String>,
}

impl Lines {
    fn of(title: &str, lines: &[String]) -> Option<String> {
        match lines {
            [] => None,
            [one] => Some(format!("{title} {one}")),
            many => Some(format!("{title}\n* {}", many.join("\n* "))),
        }
    }

    fn content(&self) -> String {
        let firing = Lines::of(FIRING, &self.firing);
        let resolved = Lines::of(RESOLVED, &self.resolved);
        let all: Vec<String> = firing.into_iter().chain(resolved).collect();
        all.join("\n\n")
    }
}

fn alertmanager(delivery: &Delivery) -> Result<Told, Fault> {
    let sent = object(delivery)?;
    let name = delivery.parameter("name").unwrap_or("instance");
    let about = delivery.parameter("desc").unwrap_or("alertname");
    let mut topics: BTreeMap<String, Lines> = BTreeMap::new();
    for alert in Payload(&sent).list("/alerts") {
        let said = |key: &str| {
            let found = ["annotations", "labels"]
                .iter()
                .find_map(|place| alert.maybe_text(&format!("/{place}/{}", escaped(key))));
            found.unwrap_or_else(|| format!("<missing field: {key}>"))
        };
        let source = alert.maybe_text("/generatorURL");
        let source = source.map_or_else(String::new, |url| format!(" ([source]({url}))"));
        let line = format!("{}{source}", said(about));
        let lines = topics.entry(said(name)).or_default();
        match alert.text("/status")?.as_str() {
            "resolved" => lines.resolved.push(line),
            _ => lines.firing.push(line),
        }
    }
    let notices = topics.into_iter().map(|(topic, lines)| Notice {
        topic,
        content: lines.content(),
    });
    Ok(Told {
        notices: notices.collect(),
        ..Told::default()
    })
}

/// A key in a JSON pointer.
fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn grafana(delivery: &Delivery) -> Result<Told, Fault> {
    let sent = object(delivery)?;
    let sent = Payload(&sent);
    match sent.maybe("/alerts") {
        Some(_) => unified(sent),
        None => legacy(sent),
    }
}

/// As Grafana tells since its version 9.
fn unified(sent: Payload<'_>) -> Result<Told, Fault> {
    let mut notices = Vec::new();
    for alert in sent.list("/alerts") {
        let status = match alert.text("/status")?.as_str() {
            "resolved" => RESOLVED,
            _ => FIRING,
        };
        let name = alert.maybe_text("/labels/alertname");
        let name = name.map_or_else(|| sent.text("/title"), Ok)?;
        let mut content = match alert.maybe_text("/generatorURL") {
            Some(url) => format!("{status} [{name}]({url})"),
            None => format!("{status} {name}"),
        };
        for key in ["summary", "description"] {
            if let Some(text) = alert.maybe_text(&format!("/annotations/{key}")) {
                content.push_str(&format!("\n{text}"));
            }
        }
        if let Some(values) = alert.maybe_text("/valueString") {
            content.push_str(&format!("\nValues: {values}"));
        }
        let links = [
            ("Silence", "/silenceURL"),
            ("Dashboard", "/dashboardURL"),
            ("Panel", "/panelURL"),
        ];
        let links: Vec<String> = links
            .iter()
            .filter_map(|(name, path)| Some(format!("[{name}]({})", alert.maybe_text(path)?)))
            .collect();
        if !links.is_empty() {
            content.push_str(&format!("\n{}", links.join(" | ")));
        }
        notices.push(Notice {
            topic: name,
            content,
        });
    }
    Ok(Told {
        event: sent.maybe_text("/status"),
        notices,
        stream: None,
    })
}

/// As Grafana told before.
fn legacy(sent: Payload<'_>) -> Result<Told, Fault> {
    let (title, state) = (sent.text("/title")?, sent.maybe_text("/state"));
    let status = match state.as_deref() {
        Some("ok") => RESOLVED,
        Some("no_data") => ":shrug: **NO DATA**",
        Some("paused") => ":time_ticking: **PAUSED**",
        _ => FIRING,
    };
    let mut content = match sent.maybe_text("/ruleUrl") {
        Some(url) => format!("{status} [{}]({url})", sent.text("/ruleName")?),
        None => format!("{status} {title}"),
    };
    if let Some(message) = sent.maybe_text("/message") {
        content.push_str(&format!("\n\n{message}"));
    }
    for value in sent.list("/evalMatches") {
        let line = format!(
            "\n* **{}**: {}",
            value.text("/metric")?,
            value.text("/value")?
        );
        content.push_str(&line);
    }
    if let Some(url) = sent.maybe_text("/imageUrl") {
        content.push_str(&format!("\n\n[Image]({url})"));
    }
    let event = state.unwrap_or_else(|| "alerting".to_owned());
    Ok(Told::one(&event, title, content))
}
