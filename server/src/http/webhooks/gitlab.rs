//! GitLab: the header `X-Gitlab-Event` names what happened.

use super::payload::{Payload, object};
use super::wording::{commits_of, counted, ended, is_nothing, pushed, quoted, ref_name, short};
use super::{Fault, Integration, Told};
use crate::extract::Delivery;

/// GitLab.
pub(super) const GITLAB: Integration = Integration {
    path: "gitlab",
    name: "GitLab",
    read,
};

const EVENT: &str = "X-Gitlab-Event";

fn read(delivery: &Delivery) -> Result<Told, Fault> {
    let sent = object(delivery)?;
    let event = delivery.header(EVENT).ok_or(Fault::NoHeader(EVENT))?;
    let sent = Payload(&sent);
    match event {
        "Push Hook" => push(event, sent),
        "Tag Push Hook" => tag_push(event, sent),
        "Issue Hook" | "Confidential Issue Hook" => issue(event, sent),
        "Note Hook" | "Confidential Note Hook" => note(event, sent),
        "Merge Request Hook" => merge_request(event, sent),
        "Pipeline Hook" => pipeline(event, sent),
        "Job Hook" | "Build Hook" => job(event, sent),
        "Release Hook" => release(event, sent),
        other => Err(Fault::Unsupported(other.to_owned())),
    }
}

fn project(sent: Payload<'_>) -> Result<String, Fault> {
    sent.text("/project/name")
}

fn topic(sent: Payload<'_>, kind: &str, thing: Payload<'_>) -> Result<String, Fault> {
    let (number, title) = (thing.text("/iid")?, thing.text("/title")?);
    Ok(format!("{} / {kind}{number} {title}", project(sent)?))
}

/// `open` happened: it was opened.
fn done(action: &str) -> &str {
    match action {
        "open" => "opened",
        "close" => "closed",
        "reopen" => "reopened",
        "update" => "updated",
        "merge" => "merged",
        "approved" | "approval" => "approved",
        "unapproved" | "unapproval" => "unapproved",
        other => other,
    }
}

fn push(event: &str, sent: Payload<'_>) -> Result<Told, Fault> {
    let reference = sent.text("/ref")?;
    let (branch, user) = (ref_name(&reference), sent.text("/user_name")?);
    let topic = format!("{} / {branch}", project(sent)?);
    let (before, after) = (sent.text("/before")?, sent.text("/after")?);
    if is_nothing(&after) {
        let content = format!("{user} deleted the branch {branch}.");
        return Ok(Told::one(event, topic, content));
    }
    let commits = commits_of(sent)?;
    let what = match (is_nothing(&before), commits.len()) {
        (_, 0) => format!("pushed the branch {branch}"),
        (true, count) => format!(
            "pushed the branch {branch} with {}",
            counted(count, "commit")
        ),
        (false, count) => {
            let url = format!(
                "{}/compare/{before}...{after}",
                sent.text("/project/web_url")?
            );
            format!(
                "[pushed]({url}) {} to branch {branch}",
                counted(count, "commit")
            )
        }
    };
    let content = pushed(&format!("{user} {what}."), &commits);
    Ok(Told::one(event, topic, content))
}

fn tag_push(event: &str, sent: Payload<'_>) -> Result<Told, Fault> {
    let (reference, after) = (sent.text("/ref")?, sent.text("/after")?);
    let verb = if is_nothing(&after) {
        "removed"
    } else {
        "pushed"
    };
    let content = format!(
        "{} {verb} tag {}.",
        sent.text("/user_name")?,
        ref_name(&reference)
    );
    Ok(Told::one(
        event,
        format!("{} / tags", project(sent)?),
        content,
    ))
}

fn issue(event: &str, sent: Payload<'_>) -> Result<Told, Fault> {
    let issue = sent.part("/object_attributes")?;
    let action = issue
        .maybe_text("/action")
        .unwrap_or_else(|| "update".to_owned());
    let link = format!("[issue #{}]({})", issue.text("/iid")?, issue.text("/url")?);
    let sentence = format!("{} {} {link}", sent.text("/user/name")?, done(&action));
    let description = issue
        .maybe_text("/description")
        .filter(|_| action == "open");
    Ok(Told::one(
        event,
        topic(sent, "issue #", issue)?,
        ended(sentence, description),
    ))
}

fn note(event: &str, sent: Payload<'_>) -> Result<Told, Fault> {
    let note = sent.part("/object_attributes")?;
    let (topic, on) = match note.text("/noteable_type")?.as_str() {
        "Issue" => {
            let issue = sent.part("/issue")?;
            (
                topic(sent, "issue #", issue)?,
                format!("issue #{}", issue.text("/iid")?),
            )
        }
        "MergeRequest" => {
            let request = sent.part("/merge_request")?;
            (
                topic(sent, "MR !", request)?,
                format!("MR !{}", request.text("/iid")?),
            )
        }
        "Snippet" => {
            let title = sent.text("/snippet/title")?;
            (
                format!("{} / snippet {title}", project(sent)?),
                format!("snippet {title}"),
            )
        }
        "Commit" => {
            let (id, url) = (sent.text("/commit/id")?, sent.text("/commit/url")?);
            (project(sent)?, format!("[{}]({url})", short(&id)))
        }
        other => return Err(Fault::Unsupported(format!("{event} {other}"))),
    };
    let said = quoted(note.maybe_text("/note"));
    let (user, url) = (sent.text("/user/name")?, note.text("/url")?);
    Ok(Told::one(
        event,
        topic,
        format!("{user} [commented]({url}) on {on}{said}"),
    ))
}

fn merge_request(event: &str, sent: Payload<'_>) -> Result<Told, Fault> {
    let request = sent.part("/object_attributes")?;
    let action = request
        .maybe_text("/action")
        .unwrap_or_else(|| "update".to_owned());
    let link = format!("[MR !{}]({})", request.text("/iid")?, request.text("/url")?);
    let user = sent.text("/user/name")?;
    let content = match action.as_str() {
        "open" => {
            let (from, to) = (
                request.text("/source_branch")?,
                request.text("/target_branch")?,
            );
            let sentence = format!("{user} opened {link} from `{from}` to `{to}`");
            ended(sentence, request.maybe_text("/description"))
        }
        // Pushed commits, if there are any: else somebody changed its title or its labels.
        "update" if request.maybe("/oldrev").is_some() => {
            format!("{user} added commits to {link}.")
        }
        action => format!("{user} {} {link}.", done(action)),
    };
    Ok(Told::one(event, topic(sent, "MR !", request)?, content))
}

/// The status of a pipeline or job, and its picture; `None` while it goes on.
fn ended_as(status: &str) -> Option<(&'static str, &str)> {
    match status {
        "success" => Some((":check: ", "succeeded")),
        "failed" => Some((":cross_mark: ", "failed")),
        "canceled" => Some(("", "was canceled")),
        _ => None,
    }
}

fn pipeline(event: &str, sent: Payload<'_>) -> Result<Told, Fault> {
    let pipeline = sent.part("/object_attributes")?;
    let (id, status) = (pipeline.text("/id")?, pipeline.text("/status")?);
    let branch = pipeline.text("/ref")?;
    let Some((picture, outcome)) = ended_as(&status) else {
        return Ok(Told::nothing(event));
    };
    let url = format!("{}/-/pipelines/{id}", sent.text("/project/web_url")?);
    let mut content = format!("{picture}[Pipeline {id}]({url}) {outcome} on {branch}.");
    for job in sent
        .list("/builds")
        .filter(|job| job.maybe_text("/status").as_deref() == Some("failed"))
    {
        content.push_str(&format!("\n* {} failed", job.text("/name")?));
    }
    Ok(Told::one(
        event,
        format!("{} / {branch}", project(sent)?),
        content,
    ))
}

fn job(event: &str, sent: Payload<'_>) -> Result<Told, Fault> {
    let (status, name) = (sent.text("/build_status")?, sent.text("/build_name")?);
    let branch = sent.text("/ref")?;
    let Some((picture, outcome)) = ended_as(&status) else {
        return Ok(Told::nothing(event));
    };
    let content = format!("{picture}Job {name} {outcome} on {branch}.");
    let project = sent.maybe_text("/project/name");
    let project = project.map_or_else(|| sent.text("/repository/name"), Ok)?;
    Ok(Told::one(event, format!("{project} / {branch}"), content))
}

fn release(event: &str, sent: Payload<'_>) -> Result<Told, Fault> {
    let (name, url, tag) = (sent.text("/name")?, sent.text("/url")?, sent.text("/tag")?);
    let verb = match sent.text("/action")?.as_str() {
        "create" => "created",
        "update" => "updated",
        _ => "removed",
    };
    let content = format!("Release [{name}]({url}) for tag {tag} was {verb}.");
    Ok(Told::one(event, project(sent)?, content))
}
