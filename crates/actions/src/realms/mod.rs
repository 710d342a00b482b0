//! Organisations: their address, settings and policies.

mod change;
mod create;
mod deactivate;
pub mod domains;
mod policy;
mod rights;
mod settings;

use narrows_markdown::{Options, Resolved};
use narrows_store::models::Realm;

use crate::ctx::Ctx;

pub use change::{Told, change};
pub use create::{NewOrganization, create, delete, set_subdomain};
pub use deactivate::{deactivate, reactivate};
pub use policy::Policy;
pub(crate) use rights::NUMBERED;
pub use rights::{Permitted, Range, Right};
pub use settings::{Change, Settings};

/// Where a realm is served, without a trailing slash: `https://chat.example.com`, or `https://sub.chat.example.com`.
pub fn url(ctx: &Ctx, realm: &Realm) -> String {
    let server = &ctx.config.server;
    let scheme = if server.https() { "https" } else { "http" };
    let root = server.root_subdomain.as_deref().unwrap_or("");
    match realm.subdomain.as_str() {
        subdomain if subdomain == root => format!("{scheme}://{}", server.external_host),
        subdomain => format!("{scheme}://{subdomain}.{}", server.external_host),
    }
}

/// The host name of a realm, without a port.
pub fn host(ctx: &Ctx, realm: &Realm) -> String {
    let url = url(ctx, realm);
    let host = url.split_once("://").map_or(url.as_str(), |(_, host)| host);
    host.split(':').next().unwrap_or_default().to_owned()
}

/// The domain of addresses that nobody reads: the realm's host, if mail knows such hosts.
pub fn email_domain(ctx: &Ctx, realm: &Realm) -> String {
    let fake = ctx.config.server.fake_email_domain.as_deref();
    domain_of(host(ctx, realm), fake)
}

fn domain_of(host: String, fake: Option<&str>) -> String {
    let top = host.rsplit_once('.').map(|(_, top)| top);
    let is_domain = top.is_some_and(|top| top.chars().all(|c| c.is_ascii_alphabetic()));
    match fake {
        Some(domain) if !is_domain => domain.to_owned(),
        _ => host,
    }
}

/// The realm's description as HTML. Names in it mean nothing to who is not a member, so they stay text.
pub fn rendered_description(ctx: &Ctx, realm: &Realm) -> String {
    let options = Options {
        realm_url: url(ctx, realm),
        ..Options::default()
    };
    narrows_markdown::parse(&realm.description, &options)
        .render(&Resolved::default(), &options)
        .html
}

#[cfg(test)]
mod tests {
    use super::domain_of;

    #[test]
    fn mail_knows_neither_localhost_nor_addresses_of_machines() {
        for (host, domain) in [
            ("localhost", "fake.example"),
            ("127.0.0.1", "fake.example"),
            ("chat.example.com", "chat.example.com"),
        ] {
            assert_eq!(domain_of(host.to_owned(), Some("fake.example")), domain);
            assert_eq!(domain_of(host.to_owned(), None), host);
        }
    }
}
