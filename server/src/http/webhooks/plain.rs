//! Services that send what somebody wrote for them.

use narrows_actions::Error;

use super::payload::{Payload, object};
use super::wording::fenced;
use super::{Fault, Integration, Told};
use crate::extract::Delivery;

/// Any JSON, shown as it is.
pub(super) const JSON: Integration = Integration {
    path: "json",
    name: "JSON",
    read: json,
};

/// The example of the API's documentation.
pub(super) const HELLO_WORLD: Integration = Integration {
    path: "helloworld",
    name: "HelloWorld",
    read: hello_world,
};

/// Topic and content, from Zapier.
pub(super) const ZAPIER: Integration = Integration {
    path: "zapier",
    name: "Zapier",
    read: zapier,
};

/// Topic and content, from IFTTT.
pub(super) const IFTTT: Integration = Integration {
    path: "ifttt",
    name: "IFTTT",
    read: written,
};

fn json(delivery: &Delivery) -> Result<Told, Fault> {
    let pretty = serde_json::to_string_pretty(&delivery.json()?).map_err(Error::from)?;
    let block = fenced("json", &pretty);
    Ok(Told::plain("JSON", block.trim_start()))
}

fn hello_world(delivery: &Delivery) -> Result<Told, Fault> {
    let sent = object(delivery)?;
    let sent = Payload(&sent);
    let content = format!(
        "Hello! I am happy to be here! :smile:\nThe Wikipedia featured article for today is **[{}]({})**",
        sent.text("/featured_title")?,
        sent.text("/featured_url")?
    );
    Ok(Told::plain("Hello World", content))
}

fn zapier(delivery: &Delivery) -> Result<Told, Fault> {
    let sent = object(delivery)?;
    match Payload(&sent).maybe_text("/type").as_deref() {
        // Zapier tries whether the key is right.
        Some("auth") => Ok(Told::default()),
        _ => written(delivery),
    }
}

fn written(delivery: &Delivery) -> Result<Told, Fault> {
    let sent = object(delivery)?;
    let text = |path: &str| sent.pointer(path).and_then(|text| text.as_str());
    let topic = text("/topic")
        .or_else(|| text("/subject"))
        .or(delivery.options.topic.as_deref());
    let empty = |what: &str| Error::bad_request(format!("{what} can't be empty"));
    let topic = topic.filter(|topic| !topic.is_empty());
    let content = text("/content").filter(|content| !content.is_empty());
    Ok(Told::plain(
        topic.ok_or_else(|| empty("Topic"))?,
        content.ok_or_else(|| empty("Content"))?,
    ))
}
