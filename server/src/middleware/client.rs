//! Which program a request comes from, and from where.

use actix_web::HttpRequest;
use actix_web::http::header::USER_AGENT;

/// The longest name that is kept.
const MAX_NAME: usize = 30;

/// The client's name, as messages show it: `website`, `ZulipPython`, `ZulipMobile` …
pub fn name(request: &HttpRequest) -> String {
    let agent = request
        .headers()
        .get(USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    let name = of_user_agent(agent);
    if name == "Mozilla" {
        "website".to_owned()
    } else {
        name.chars().take(MAX_NAME).collect()
    }
}

fn of_user_agent(agent: &str) -> &str {
    let end = agent.find(['/', ' ', '(']).unwrap_or(agent.len());
    match agent.get(..end) {
        Some(name) if !name.is_empty() => name,
        _ => "Unspecified",
    }
}

/// The address of the client. What a proxy says counts only if the proxy is on this machine.
pub fn address(request: &HttpRequest) -> String {
    let Some(peer) = request.peer_addr() else {
        return String::new();
    };
    let forwarded = request
        .headers()
        .get("x-forwarded-for")
        .and_then(|value| value.to_str().ok());
    match forwarded.and_then(|list| list.rsplit(',').next()) {
        Some(last) if peer.ip().is_loopback() => last.trim().to_owned(),
        _ => peer.ip().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_clients() {
        for (agent, name) in [
            ("ZulipPython/0.9.1 (Linux; 6.1)", "ZulipPython"),
            ("ZulipMobile/30.0.1 (Android 14)", "ZulipMobile"),
            ("curl/8", "curl"),
            ("", "Unspecified"),
            ("/", "Unspecified"),
        ] {
            assert_eq!(of_user_agent(agent), name);
        }
    }
}
