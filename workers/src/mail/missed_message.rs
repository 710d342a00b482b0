//! The mail about a missed message.

use askama::Template;
use askama::filters::Safe;
use lettre::Message as Mail;
use lettre::message::MultiPart;
use narrows_actions::notifications::{MissedMessage, Place};
use narrows_runtime::config::MailConfig;
use narrows_wire::jobs::NotificationTrigger;

use crate::jobs::JobError;
use crate::mail::{fail, host};

#[derive(Template)]
#[template(path = "emails/missed_message/subject.txt")]
struct Subject<'a> {
    place: &'a Place,
    /// In which organisation, if that is to be said.
    realm_name: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "emails/missed_message/body.txt")]
struct Text<'a> {
    sender: &'a str,
    realm_name: &'a str,
    content: Option<&'a str>,
    reason: &'a str,
    message_url: &'a str,
    settings_url: &'a str,
}

#[derive(Template)]
#[template(path = "emails/missed_message/body.html")]
struct Html<'a> {
    sender: &'a str,
    realm_name: &'a str,
    /// Made by our renderer, which allows no script.
    html: Option<Safe<&'a str>>,
    reason: &'a str,
    message_url: &'a str,
    settings_url: &'a str,
}

/// The mail. Its Message-ID follows from message and user: a mail that is sent twice is shown once.
pub(crate) fn mail(
    config: &MailConfig,
    missed: &MissedMessage,
    trigger: NotificationTrigger,
) -> Result<Mail, JobError> {
    let (sender, realm_name, reason) = (&missed.sender_name, &missed.realm_name, reason(trigger));
    let (message_url, settings_url) = (&missed.message_url, &missed.settings_url);
    let subject = Subject {
        place: &missed.place,
        realm_name: missed.realm_in_subject.then_some(realm_name),
    }
    .render()
    .map_err(fail)?;
    let text = Text {
        sender,
        realm_name,
        content: missed.content.as_ref().map(|says| says.text.as_str()),
        reason,
        message_url,
        settings_url,
    };
    let html = Html {
        sender,
        realm_name,
        html: missed.content.as_ref().map(|says| Safe(says.html.as_str())),
        reason,
        message_url,
        settings_url,
    };
    let host = host(config);
    Mail::builder()
        .from(config.from.parse().map_err(fail)?)
        .to(format!(
            "{} <{}>",
            quoted(&missed.user.full_name),
            missed.user.delivery_email
        )
        .parse()
        .map_err(fail)?)
        .subject(subject.trim())
        .message_id(Some(format!(
            "<missed.{}.{}@{host}>",
            missed.message_id,
            missed.user.id()
        )))
        .multipart(MultiPart::alternative_plain_html(
            text.render().map_err(fail)?,
            html.render().map_err(fail)?,
        ))
        .map_err(fail)
}

/// A display name as RFC 5322 wants it.
fn quoted(name: &str) -> String {
    let bare: String = name
        .chars()
        .filter(|c| !c.is_control() && *c != '"' && *c != '\\')
        .collect();
    format!("\"{bare}\"")
}

fn reason(trigger: NotificationTrigger) -> &'static str {
    match trigger {
        NotificationTrigger::DirectMessage => "You get this because it is a direct message to you.",
        NotificationTrigger::Mention => "You get this because you were mentioned.",
        NotificationTrigger::GroupMention => "You get this because a group of yours was mentioned.",
        NotificationTrigger::TopicWildcardMention => {
            "You get this because all in the topic were mentioned."
        }
        NotificationTrigger::StreamWildcardMention => {
            "You get this because everyone was mentioned."
        }
        NotificationTrigger::StreamEmail => {
            "You get this because you asked for e-mails of this channel."
        }
        NotificationTrigger::FollowedTopic => "You get this because you follow the topic.",
    }
}
