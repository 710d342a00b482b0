//! Sentry: what an integration of one's own is told, of errors and of issues.

use super::payload::{Payload, object};
use super::wording::fenced;
use super::{Fault, Integration, Told};
use crate::extract::Delivery;

/// Sentry.
pub(super) const SENTRY: Integration = Integration {
    path: "sentry",
    name: "Sentry",
    read,
};

fn read(delivery: &Delivery) -> Result<Told, Fault> {
    let sent = object(delivery)?;
    let sent = Payload(&sent);
    let data = sent.part("/data")?;
    if let Some(event) = data.maybe("/event").or_else(|| data.maybe("/error")) {
        return error(event);
    }
    match data.maybe("/issue") {
        Some(found) => issue(sent, found),
        None => {
            let resource = delivery.header("Sentry-Hook-Resource");
            let unknown = resource.unwrap_or("unknown").to_owned();
            Err(Fault::Unsupported(unknown))
        }
    }
}

fn error(event: Payload<'_>) -> Result<Told, Fault> {
    let title = event.text("/title")?;
    let url = event.maybe_text("/web_url");
    let url = url.map_or_else(|| event.text("/url"), Ok)?;
    let level = event
        .maybe_text("/level")
        .unwrap_or_else(|| "error".to_owned());
    let mut content = format!("**New exception:** [{title}]({url})\n* **Level**: {level}");
    for (name, path) in [
        ("Platform", "/platform"),
        ("Release", "/release"),
        ("When", "/datetime"),
        ("Where", "/culprit"),
    ] {
        if let Some(text) = event.maybe_text(path) {
            content.push_str(&format!("\n* **{name}**: {text}"));
        }
    }
    if let Some(frame) = last_frame(event) {
        content.push_str(&frame);
    }
    Ok(Told::one("event", title, content))
}

/// The line that failed, with those around it.
fn last_frame(event: Payload<'_>) -> Option<String> {
    let exception = event.list("/exception/values").last()?;
    let frame = exception.list("/stacktrace/frames").last()?;
    let line = frame.maybe_text("/context_line")?;
    let around = |path: &str, mark: &str| -> String {
        let lines = frame.list(path).filter_map(|line| line.0.as_str());
        lines.map(|line| format!("{mark}{line}\n")).collect()
    };
    let code = format!(
        "{}---> {line}\n{}",
        around("/pre_context", "     "),
        around("/post_context", "     ")
    );
    let place = match (frame.maybe_text("/filename"), frame.maybe_text("/lineno")) {
        (Some(file), Some(number)) => format!("\n\n{file}, line {number}:"),
        _ => String::new(),
    };
    Some(format!("{place}{}", fenced("", &code)))
}

fn issue(sent: Payload<'_>, issue: Payload<'_>) -> Result<Told, Fault> {
    let (title, action) = (issue.text("/title")?, sent.text("/action")?);
    let url = ["/web_url", "/permalink", "/url"]
        .iter()
        .find_map(|path| issue.maybe_text(path));
    let link = match url {
        Some(url) => format!("[{title}]({url})"),
        None => title.clone(),
    };
    let by = sent.maybe_text("/actor/name");
    let by = by.map_or_else(String::new, |name| format!(" by {name}"));
    let whom = issue.maybe_text("/assignedTo/name");
    let content = match (action.as_str(), whom) {
        ("created", _) => {
            let level = issue
                .maybe_text("/level")
                .unwrap_or_else(|| "error".to_owned());
            format!("**New issue created:** {link}\n* **Level**: {level}")
        }
        ("assigned", Some(whom)) => format!("Issue {link} was assigned to {whom}{by}."),
        ("resolved" | "assigned" | "unresolved" | "archived" | "ignored", _) => {
            format!("Issue {link} was {action}{by}.")
        }
        (other, _) => return Err(Fault::Unsupported(format!("issue {other}"))),
    };
    Ok(Told::one("issue", title, content))
}
