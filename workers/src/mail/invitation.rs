//! The mail of an invitation.

use askama::Template;
use lettre::Message as Mail;
use lettre::message::MultiPart;
use narrows_actions::invitations::InvitationMail;
use narrows_runtime::config::MailConfig;

use crate::jobs::JobError;
use crate::mail::{fail, host};

#[derive(Template)]
#[template(path = "emails/invitation/subject.txt")]
struct Subject<'a> {
    inviter: Option<&'a str>,
    realm_name: &'a str,
}

#[derive(Template)]
#[template(path = "emails/invitation/body.txt")]
struct Text<'a> {
    inviter: Option<&'a str>,
    realm_name: &'a str,
    realm_url: &'a str,
    link: &'a str,
}

#[derive(Template)]
#[template(path = "emails/invitation/body.html")]
struct Html<'a> {
    inviter: Option<&'a str>,
    realm_name: &'a str,
    realm_url: &'a str,
    link: &'a str,
}

/// The mail. Its Message-ID follows from the invitation and when it was made or renewed: a mail that is sent twice is
/// shown once.
pub(crate) fn mail(config: &MailConfig, invited: &InvitationMail) -> Result<Mail, JobError> {
    let (inviter, realm_name) = (invited.inviter.as_deref(), invited.realm_name.as_str());
    let (realm_url, link) = (invited.realm_url.as_str(), invited.link.as_str());
    let subject = Subject {
        inviter,
        realm_name,
    };
    let text = Text {
        inviter,
        realm_name,
        realm_url,
        link,
    };
    let html = Html {
        inviter,
        realm_name,
        realm_url,
        link,
    };
    let (id, sent, host) = (invited.id, invited.sent, host(config));
    Mail::builder()
        .from(config.from.parse().map_err(fail)?)
        .to(invited.to.parse().map_err(fail)?)
        .subject(subject.render().map_err(fail)?.trim())
        .message_id(Some(format!("<invitation.{id}.{sent}@{host}>")))
        .multipart(MultiPart::alternative_plain_html(
            text.render().map_err(fail)?,
            html.render().map_err(fail)?,
        ))
        .map_err(fail)
}
