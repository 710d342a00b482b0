//! GitHub: the header `X-GitHub-Event` names what happened.

use super::payload::Payload;
use super::wording::{commits_of, counted, ended, is_nothing, pushed, quoted, ref_name, short};
use super::{Fault, Integration, Told};
use crate::extract::Delivery;

/// GitHub.
pub(super) const GITHUB: Integration = Integration {
    path: "github",
    name: "GitHub",
    read,
};

const EVENT: &str = "X-GitHub-Event";

fn read(delivery: &Delivery) -> Result<Told, Fault> {
    let sent = delivery.json()?;
    let event = delivery.header(EVENT).ok_or(Fault::NoHeader(EVENT))?;
    if !sent.is_object() {
        return Err(Fault::Anomalous);
    }
    let sent = Payload(&sent);
    let content = match event {
        "ping" => ping(sent)?,
        "push" => return push(event, sent),
        "create" | "delete" => made_or_gone(event, sent)?,
        "issues" => return issue(event, sent),
        "issue_comment" => return issue_comment(event, sent),
        "pull_request" => return pull_request(event, sent),
        "pull_request_review" => return review(event, sent),
        "pull_request_review_comment" => return review_comment(event, sent),
        "commit_comment" => commit_comment(sent)?,
        "release" => return release(event, sent),
        "fork" => fork(sent)?,
        "watch" | "star" => return star(event, sent),
        "public" => format!("{} made {} public.", sender(sent)?, repository(sent)?),
        "workflow_run" => return workflow_run(event, sent),
        other => return Err(Fault::Unsupported(other.to_owned())),
    };
    let topic = match sent.maybe("/repository") {
        Some(repository) => repository.text("/name")?,
        None => sent.text("/organization/login")?,
    };
    Ok(Told::one(event, topic, content))
}

fn sender(sent: Payload<'_>) -> Result<String, Fault> {
    sent.text("/sender/login")
}

/// With a link.
fn repository(sent: Payload<'_>) -> Result<String, Fault> {
    let (name, url) = (
        sent.text("/repository/full_name")?,
        sent.text("/repository/html_url")?,
    );
    Ok(format!("[{name}]({url})"))
}

/// `repository / issue #1 title`.
fn topic(sent: Payload<'_>, kind: &str, thing: Payload<'_>) -> Result<String, Fault> {
    let (number, title) = (thing.text("/number")?, thing.text("/title")?);
    Ok(format!(
        "{} / {kind} #{number} {title}",
        sent.text("/repository/name")?
    ))
}

fn ping(sent: Payload<'_>) -> Result<String, Fault> {
    let place = match sent.maybe("/repository") {
        Some(_) => repository(sent)?,
        None => sent.text("/organization/login")?,
    };
    let by = sent.maybe_text("/sender/login");
    let by = by.map_or_else(String::new, |login| format!(" by {login}"));
    Ok(format!(
        "GitHub webhook has been successfully configured for {place}{by}."
    ))
}

fn push(event: &str, sent: Payload<'_>) -> Result<Told, Fault> {
    let reference = sent.text("/ref")?;
    let (name, user) = (ref_name(&reference), sent.text("/pusher/name")?);
    let (repository, after) = (sent.text("/repository/name")?, sent.text("/after")?);
    if reference.starts_with("refs/tags/") {
        let verb = if is_nothing(&after) {
            "removed"
        } else {
            "pushed"
        };
        let topic = format!("{repository} / tags");
        return Ok(Told::one(
            event,
            topic,
            format!("{user} {verb} tag {name}."),
        ));
    }
    let topic = format!("{repository} / {name}");
    if is_nothing(&after) {
        let content = format!("{user} deleted the branch {name}.");
        return Ok(Told::one(event, topic, content));
    }
    let commits = commits_of(sent)?;
    let what = match (sent.is("/forced"), commits.len()) {
        (true, _) => format!(
            "force pushed to branch {name}. Head is now {}",
            short(&after)
        ),
        (false, 0) => format!("pushed the branch {name}"),
        (false, count) => {
            let counted = counted(count, "commit");
            format!(
                "[pushed]({}) {counted} to branch {name}",
                sent.text("/compare")?
            )
        }
    };
    let content = pushed(&format!("{user} {what}."), &commits);
    Ok(Told::one(event, topic, content))
}

fn made_or_gone(event: &str, sent: Payload<'_>) -> Result<String, Fault> {
    let verb = if event == "create" {
        "created"
    } else {
        "deleted"
    };
    let (kind, name) = (sent.text("/ref_type")?, sent.text("/ref")?);
    Ok(format!("{} {verb} {kind} {name}.", sender(sent)?))
}

/// `event:action`, as the URL chooses events.
fn named(event: &str, action: &str) -> String {
    format!("{event}:{action}")
}

fn issue(event: &str, sent: Payload<'_>) -> Result<Told, Fault> {
    let (issue, action) = (sent.part("/issue")?, sent.text("/action")?);
    let link = format!(
        "[issue #{}]({})",
        issue.text("/number")?,
        issue.text("/html_url")?
    );
    let user = sender(sent)?;
    let content = match action.as_str() {
        "opened" | "edited" => {
            let sentence = format!("{user} {action} {link}");
            ended(sentence, issue.maybe_text("/body"))
        }
        "assigned" | "unassigned" => {
            let whom = sent.text("/assignee/login")?;
            let way = if action == "assigned" { "to" } else { "from" };
            format!("{user} {action} {link} {way} {whom}.")
        }
        "labeled" | "unlabeled" => {
            let (label, verb) = (
                sent.text("/label/name")?,
                if action == "labeled" {
                    "added"
                } else {
                    "removed"
                },
            );
            let way = if action == "labeled" { "to" } else { "from" };
            format!("{user} {verb} the label `{label}` {way} {link}.")
        }
        action => format!("{user} {action} {link}."),
    };
    Ok(Told::one(
        &named(event, &action),
        topic(sent, "issue", issue)?,
        content,
    ))
}

fn issue_comment(event: &str, sent: Payload<'_>) -> Result<Told, Fault> {
    let (issue, comment, action) = (
        sent.part("/issue")?,
        sent.part("/comment")?,
        sent.text("/action")?,
    );
    let kind = if issue.maybe("/pull_request").is_some() {
        "PR"
    } else {
        "issue"
    };
    let link = format!(
        "{kind} [#{}]({})",
        issue.text("/number")?,
        issue.text("/html_url")?
    );
    let url = comment.text("/html_url")?;
    let (user, topic) = (sender(sent)?, topic(sent, kind, issue)?);
    let content = match action.as_str() {
        "created" => format!(
            "{user} [commented]({url}) on {link}{}",
            quoted(comment.maybe_text("/body"))
        ),
        "edited" => format!(
            "{user} edited a [comment]({url}) on {link}{}",
            quoted(comment.maybe_text("/body"))
        ),
        action => format!("{user} {action} a comment on {link}."),
    };
    Ok(Told::one(&named(event, &action), topic, content))
}

fn pull_request(event: &str, sent: Payload<'_>) -> Result<Told, Fault> {
    let (request, action) = (sent.part("/pull_request")?, sent.text("/action")?);
    let link = format!(
        "[PR #{}]({})",
        request.text("/number")?,
        request.text("/html_url")?
    );
    let (user, name) = (sender(sent)?, named(event, &action));
    let content = match action.as_str() {
        "opened" | "edited" => {
            let (from, to) = (request.text("/head/ref")?, request.text("/base/ref")?);
            let sentence = format!("{user} {action} {link} from `{from}` to `{to}`");
            ended(sentence, request.maybe_text("/body"))
        }
        "closed" if request.is("/merged") => format!("{user} merged {link}."),
        "closed" => format!("{user} closed {link} without merge."),
        "synchronize" => {
            let (before, after) = (sent.text("/before")?, sent.text("/after")?);
            format!(
                "{user} updated {link}: {} is now {}.",
                short(&before),
                short(&after)
            )
        }
        "assigned" => format!(
            "{user} assigned {} to {link}.",
            sent.text("/assignee/login")?
        ),
        "unassigned" => format!(
            "{user} unassigned {} from {link}.",
            sent.text("/assignee/login")?
        ),
        "review_requested" => {
            let whom = sent.maybe_text("/requested_reviewer/login");
            let whom = whom.map_or_else(|| sent.text("/requested_team/name"), Ok)?;
            format!("{user} requested {whom} for a review on {link}.")
        }
        "ready_for_review" => format!("{user} marked {link} as ready for review."),
        "converted_to_draft" => format!("{user} converted {link} to a draft."),
        "reopened" => format!("{user} reopened {link}."),
        // Said by other events, or of no interest.
        _ => return Ok(Told::nothing(&name)),
    };
    Ok(Told::one(&name, topic(sent, "PR", request)?, content))
}

fn review(event: &str, sent: Payload<'_>) -> Result<Told, Fault> {
    let (request, review, action) = (
        sent.part("/pull_request")?,
        sent.part("/review")?,
        sent.text("/action")?,
    );
    let name = named(event, &action);
    if action != "submitted" {
        return Ok(Told::nothing(&name));
    }
    let verdict = match review.text("/state")?.to_lowercase().as_str() {
        "approved" => "approved",
        "changes_requested" => "requested changes on",
        _ => "reviewed",
    };
    let link = format!(
        "[PR #{}]({})",
        request.text("/number")?,
        review.text("/html_url")?
    );
    let sentence = format!("{} {verdict} {link}", sender(sent)?);
    let content = ended(sentence, review.maybe_text("/body"));
    Ok(Told::one(&name, topic(sent, "PR", request)?, content))
}

fn review_comment(event: &str, sent: Payload<'_>) -> Result<Told, Fault> {
    let (request, comment, action) = (
        sent.part("/pull_request")?,
        sent.part("/comment")?,
        sent.text("/action")?,
    );
    let link = format!(
        "[PR #{}]({})",
        request.text("/number")?,
        request.text("/html_url")?
    );
    let verb = match action.as_str() {
        "created" => "commented",
        other => other,
    };
    let said = quoted(comment.maybe_text("/body"));
    let content = format!(
        "{} [{verb}]({}) on {link}{said}",
        sender(sent)?,
        comment.text("/html_url")?
    );
    Ok(Told::one(
        &named(event, &action),
        topic(sent, "PR", request)?,
        content,
    ))
}

fn commit_comment(sent: Payload<'_>) -> Result<String, Fault> {
    let comment = sent.part("/comment")?;
    let (url, id) = (comment.text("/html_url")?, comment.text("/commit_id")?);
    let commit = format!("{}/commit/{id}", sent.text("/repository/html_url")?);
    let said = quoted(comment.maybe_text("/body"));
    Ok(format!(
        "{} [commented]({url}) on [{}]({commit}){said}",
        sender(sent)?,
        short(&id)
    ))
}

fn release(event: &str, sent: Payload<'_>) -> Result<Told, Fault> {
    let (release, action) = (sent.part("/release")?, sent.text("/action")?);
    let tag = release.text("/tag_name")?;
    let name = release.maybe_text("/name").unwrap_or_else(|| tag.clone());
    let content = format!(
        "{} {action} release [{name}]({}) for tag {tag}.",
        sender(sent)?,
        release.text("/html_url")?
    );
    Ok(Told::one(
        &named(event, &action),
        sent.text("/repository/name")?,
        content,
    ))
}

fn fork(sent: Payload<'_>) -> Result<String, Fault> {
    let (name, url) = (
        sent.text("/forkee/full_name")?,
        sent.text("/forkee/html_url")?,
    );
    Ok(format!("{} forked [{name}]({url}).", sender(sent)?))
}

fn star(event: &str, sent: Payload<'_>) -> Result<Told, Fault> {
    let verb = match sent.maybe_text("/action").as_deref() {
        Some("deleted") => "unstarred",
        _ => "starred",
    };
    let content = format!("{} {verb} {}.", sender(sent)?, repository(sent)?);
    Ok(Told::one(event, sent.text("/repository/name")?, content))
}

fn workflow_run(event: &str, sent: Payload<'_>) -> Result<Told, Fault> {
    let (run, action) = (sent.part("/workflow_run")?, sent.text("/action")?);
    let name = named(event, &action);
    if action != "completed" {
        return Ok(Told::nothing(&name));
    }
    let (workflow, url) = (run.text("/name")?, run.text("/html_url")?);
    let (branch, commit) = (run.text("/head_branch")?, run.text("/head_sha")?);
    let content = match run.text("/conclusion")?.as_str() {
        "success" => format!(
            ":check: [{workflow}]({url}) succeeded on {branch} at {}.",
            short(&commit)
        ),
        "failure" => format!(
            ":cross_mark: [{workflow}]({url}) failed on {branch} at {}.",
            short(&commit)
        ),
        other => format!(
            "[{workflow}]({url}) ended as {} on {branch} at {}.",
            other.replace('_', " "),
            short(&commit)
        ),
    };
    let topic = format!("{} / {branch}", sent.text("/repository/name")?);
    Ok(Told::one(&name, topic, content))
}
