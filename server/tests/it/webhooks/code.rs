//! GitHub and GitLab.

use serde_json::{Value, json};

use super::assert_told;

const HASH: &str = "0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c";
const NOTHING: &str = "0000000000000000000000000000000000000000";

/// A body of GitHub's with what all have.
fn github(more: Value) -> Value {
    let mut body = json!({
        "repository": { "name": "denmark", "full_name": "court/denmark", "html_url": "https://github.com/court/denmark" },
        "sender": { "login": "hamlet" },
    });
    body.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    body
}

fn commit(message: &str) -> Value {
    json!({ "id": HASH, "url": "https://example.com/c", "message": message })
}

fn pull(more: Value) -> Value {
    let mut request = json!({
        "number": 7, "title": "Revenge", "html_url": "https://github.com/p/7", "body": null,
        "head": { "ref": "plan" }, "base": { "ref": "main" }, "merged": false,
    });
    request
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    request
}

#[actix_web::test]
async fn github_tells_of_pushes_branches_and_tags() -> anyhow::Result<()> {
    const PUSH: &[(&str, &str)] = &[("X-GitHub-Event", "push")];
    let push = |reference: &str, after: &str, forced: bool, commits: Vec<Value>| {
        github(json!({
            "ref": reference, "after": after, "forced": forced, "compare": "https://example.com/compare",
            "pusher": { "name": "horatio" }, "commits": commits,
        }))
    };
    let many = vec![commit("Again"); 22];
    let lines = "\n* Again ([0d1a26e](https://example.com/c))".repeat(20);
    let listed = format!(
        "horatio [pushed](https://example.com/compare) 22 commits to branch main.\n{lines}\n* and 2 more commits"
    );
    assert_told("github", &[
        (PUSH, push("refs/heads/main", HASH, false, vec![commit("See a ghost\n\nOn the wall")]), "denmark / main",
            "horatio [pushed](https://example.com/compare) 1 commit to branch main.\n\n* See a ghost ([0d1a26e](https://example.com/c))"),
        (PUSH, push("refs/heads/main", HASH, false, many), "denmark / main", &listed),
        (PUSH, push("refs/heads/main", HASH, true, vec![]), "denmark / main", "horatio force pushed to branch main. Head is now 0d1a26e."),
        (PUSH, push("refs/heads/new", HASH, false, vec![]), "denmark / new", "horatio pushed the branch new."),
        (PUSH, push("refs/heads/old", NOTHING, false, vec![]), "denmark / old", "horatio deleted the branch old."),
        (PUSH, push("refs/tags/v1", HASH, false, vec![]), "denmark / tags", "horatio pushed tag v1."),
        (PUSH, push("refs/tags/v1", NOTHING, false, vec![]), "denmark / tags", "horatio removed tag v1."),
        (&[("X-GitHub-Event", "create")], github(json!({ "ref": "new", "ref_type": "branch" })), "denmark", "hamlet created branch new."),
        (&[("X-GitHub-Event", "delete")], github(json!({ "ref": "v1", "ref_type": "tag" })), "denmark", "hamlet deleted tag v1."),
    ])
    .await
}

#[actix_web::test]
async fn github_tells_of_issues() -> anyhow::Result<()> {
    const ISSUES: &[(&str, &str)] = &[("X-GitHub-Event", "issues")];
    const COMMENT: &[(&str, &str)] = &[("X-GitHub-Event", "issue_comment")];
    let issue = json!({ "number": 3, "title": "A ghost", "html_url": "https://github.com/i/3", "body": "It walks.\n```\nboo\n```" });
    let mut of_pull = issue.clone();
    of_pull["pull_request"] = json!({ "url": "x" });
    let comment = json!({ "html_url": "https://github.com/c/1", "body": "Swear!" });
    let told = |action: &str, more: Value| {
        let mut body = github(json!({ "action": action, "issue": issue }));
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        body
    };
    let topic = "denmark / issue #3 A ghost";
    let link = "[issue #3](https://github.com/i/3)";
    let opened = format!("hamlet opened {link}:\n\n```` quote\nIt walks.\n```\nboo\n```\n````");
    let commented = "hamlet [commented](https://github.com/c/1) on issue [#3](https://github.com/i/3):\n\n``` quote\nSwear!\n```";
    assert_told("github", &[
        (ISSUES, told("opened", json!({})), topic, &opened),
        (ISSUES, told("closed", json!({})), topic, &format!("hamlet closed {link}.")),
        (ISSUES, told("assigned", json!({ "assignee": { "login": "laertes" } })), topic, &format!("hamlet assigned {link} to laertes.")),
        (ISSUES, told("unassigned", json!({ "assignee": { "login": "laertes" } })), topic, &format!("hamlet unassigned {link} from laertes.")),
        (ISSUES, told("labeled", json!({ "label": { "name": "bug" } })), topic, &format!("hamlet added the label `bug` to {link}.")),
        (ISSUES, told("unlabeled", json!({ "label": { "name": "bug" } })), topic, &format!("hamlet removed the label `bug` from {link}.")),
        (COMMENT, told("created", json!({ "comment": comment })), topic, commented),
        (COMMENT, told("deleted", json!({ "comment": comment })), topic, "hamlet deleted a comment on issue [#3](https://github.com/i/3)."),
        (COMMENT, told("created", json!({ "comment": comment, "issue": of_pull })), "denmark / PR #3 A ghost",
            "hamlet [commented](https://github.com/c/1) on PR [#3](https://github.com/i/3):\n\n``` quote\nSwear!\n```"),
    ])
    .await
}

#[actix_web::test]
async fn github_tells_of_pull_requests() -> anyhow::Result<()> {
    const PULL: &[(&str, &str)] = &[("X-GitHub-Event", "pull_request")];
    const REVIEW: &[(&str, &str)] = &[("X-GitHub-Event", "pull_request_review")];
    let told = |action: &str, request: Value, more: Value| {
        let mut body = github(json!({ "action": action, "pull_request": pull(request) }));
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        body
    };
    let topic = "denmark / PR #7 Revenge";
    let link = "[PR #7](https://github.com/p/7)";
    let review = |state: &str, body: &str| json!({ "review": { "state": state, "body": body, "html_url": "https://github.com/r/1" } });
    let comment = json!({ "comment": { "html_url": "https://github.com/c/2", "body": "Hm." } });
    let none = json!({});
    assert_told("github", &[
        (PULL, told("opened", none.clone(), none.clone()), topic, &format!("hamlet opened {link} from `plan` to `main`.")),
        (PULL, told("opened", json!({ "body": "Soon." }), none.clone()), topic,
            &format!("hamlet opened {link} from `plan` to `main`:\n\n``` quote\nSoon.\n```")),
        (PULL, told("closed", json!({ "merged": true }), none.clone()), topic, &format!("hamlet merged {link}.")),
        (PULL, told("closed", none.clone(), none.clone()), topic, &format!("hamlet closed {link} without merge.")),
        (PULL, told("synchronize", none.clone(), json!({ "before": NOTHING, "after": HASH })), topic,
            &format!("hamlet updated {link}: 0000000 is now 0d1a26e.")),
        (PULL, told("review_requested", none.clone(), json!({ "requested_reviewer": { "login": "laertes" } })), topic,
            &format!("hamlet requested laertes for a review on {link}.")),
        (PULL, told("review_requested", none.clone(), json!({ "requested_team": { "name": "guards" } })), topic,
            &format!("hamlet requested guards for a review on {link}.")),
        (PULL, told("assigned", none.clone(), json!({ "assignee": { "login": "laertes" } })), topic, &format!("hamlet assigned laertes to {link}.")),
        (PULL, told("ready_for_review", none.clone(), none.clone()), topic, &format!("hamlet marked {link} as ready for review.")),
        (PULL, told("auto_merge_enabled", none.clone(), none.clone()), "", ""),
        (REVIEW, told("submitted", none.clone(), review("approved", "")), topic, "hamlet approved [PR #7](https://github.com/r/1)."),
        (REVIEW, told("submitted", none.clone(), review("changes_requested", "No.")), topic,
            "hamlet requested changes on [PR #7](https://github.com/r/1):\n\n``` quote\nNo.\n```"),
        (REVIEW, told("dismissed", none.clone(), review("approved", "")), "", ""),
        (&[("X-GitHub-Event", "pull_request_review_comment")], told("created", none.clone(), comment), topic,
            &format!("hamlet [commented](https://github.com/c/2) on {link}:\n\n``` quote\nHm.\n```")),
    ])
    .await
}

#[actix_web::test]
async fn github_tells_of_the_rest() -> anyhow::Result<()> {
    let run = |conclusion: &str, action: &str| {
        github(json!({ "action": action, "workflow_run": {
            "name": "CI", "html_url": "https://github.com/w/1", "head_branch": "main", "head_sha": HASH, "conclusion": conclusion,
        } }))
    };
    const RUN: &[(&str, &str)] = &[("X-GitHub-Event", "workflow_run")];
    let comment = json!({ "comment": { "html_url": "https://github.com/c/3", "commit_id": HASH, "body": "Why?" } });
    let release = json!({ "action": "published", "release": { "tag_name": "v2", "name": "Act two", "html_url": "https://github.com/r/2" } });
    let fork = json!({ "forkee": { "full_name": "laertes/denmark", "html_url": "https://github.com/laertes/denmark" } });
    let repository = "[court/denmark](https://github.com/court/denmark)";
    assert_told("github", &[
        (&[("X-GitHub-Event", "ping")], github(json!({})), "denmark",
            &format!("GitHub webhook has been successfully configured for {repository} by hamlet.")),
        (&[("X-GitHub-Event", "ping")], json!({ "organization": { "login": "court" } }), "court",
            "GitHub webhook has been successfully configured for court."),
        (&[("X-GitHub-Event", "commit_comment")], github(comment), "denmark",
            &format!("hamlet [commented](https://github.com/c/3) on [0d1a26e](https://github.com/court/denmark/commit/{HASH}):\n\n``` quote\nWhy?\n```")),
        (&[("X-GitHub-Event", "release")], github(release), "denmark", "hamlet published release [Act two](https://github.com/r/2) for tag v2."),
        (&[("X-GitHub-Event", "fork")], github(fork), "denmark", "hamlet forked [laertes/denmark](https://github.com/laertes/denmark)."),
        (&[("X-GitHub-Event", "watch")], github(json!({ "action": "started" })), "denmark", &format!("hamlet starred {repository}.")),
        (&[("X-GitHub-Event", "star")], github(json!({ "action": "deleted" })), "denmark", &format!("hamlet unstarred {repository}.")),
        (&[("X-GitHub-Event", "public")], github(json!({})), "denmark", &format!("hamlet made {repository} public.")),
        (RUN, run("success", "completed"), "denmark / main", ":check: [CI](https://github.com/w/1) succeeded on main at 0d1a26e."),
        (RUN, run("failure", "completed"), "denmark / main", ":cross_mark: [CI](https://github.com/w/1) failed on main at 0d1a26e."),
        (RUN, run("timed_out", "completed"), "denmark / main", "[CI](https://github.com/w/1) ended as timed out on main at 0d1a26e."),
        (RUN, run("", "requested"), "", ""),
    ])
    .await
}

/// A body of GitLab's with what all have.
fn gitlab(more: Value) -> Value {
    let mut body = json!({
        "user_name": "Horatio", "user": { "name": "Horatio" },
        "project": { "name": "Denmark", "web_url": "https://gitlab.com/court/denmark" },
    });
    body.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    body
}

#[actix_web::test]
async fn gitlab_tells_of_pushes_and_builds() -> anyhow::Result<()> {
    const PUSH: &[(&str, &str)] = &[("X-Gitlab-Event", "Push Hook")];
    const TAG: &[(&str, &str)] = &[("X-Gitlab-Event", "Tag Push Hook")];
    const PIPELINE: &[(&str, &str)] = &[("X-Gitlab-Event", "Pipeline Hook")];
    const JOB: &[(&str, &str)] = &[("X-Gitlab-Event", "Job Hook")];
    let push = |before: &str, after: &str, commits: Vec<Value>| {
        gitlab(
            json!({ "ref": "refs/heads/main", "before": before, "after": after, "commits": commits }),
        )
    };
    let tag = |after: &str| {
        gitlab(json!({ "ref": "refs/tags/v1", "before": NOTHING, "after": after, "commits": [] }))
    };
    let pipeline = |status: &str| {
        gitlab(
            json!({ "object_attributes": { "id": 5, "ref": "main", "status": status },
            "builds": [{ "name": "lint", "status": "success" }, { "name": "test", "status": status }] }),
        )
    };
    let job = |status: &str| {
        gitlab(
            json!({ "build_status": status, "build_name": "test", "ref": "main", "build_id": 1 }),
        )
    };
    let line = "* See a ghost ([0d1a26e](https://example.com/c))";
    let compare = format!("https://gitlab.com/court/denmark/compare/{HASH}...{HASH}");
    let url = "https://gitlab.com/court/denmark/-/pipelines/5";
    assert_told(
        "gitlab",
        &[
            (
                PUSH,
                push(HASH, HASH, vec![commit("See a ghost")]),
                "Denmark / main",
                &format!("Horatio [pushed]({compare}) 1 commit to branch main.\n\n{line}"),
            ),
            (
                PUSH,
                push(NOTHING, HASH, vec![commit("See a ghost")]),
                "Denmark / main",
                &format!("Horatio pushed the branch main with 1 commit.\n\n{line}"),
            ),
            (
                PUSH,
                push(NOTHING, HASH, vec![]),
                "Denmark / main",
                "Horatio pushed the branch main.",
            ),
            (
                PUSH,
                push(HASH, NOTHING, vec![]),
                "Denmark / main",
                "Horatio deleted the branch main.",
            ),
            (TAG, tag(HASH), "Denmark / tags", "Horatio pushed tag v1."),
            (
                TAG,
                tag(NOTHING),
                "Denmark / tags",
                "Horatio removed tag v1.",
            ),
            (
                PIPELINE,
                pipeline("success"),
                "Denmark / main",
                &format!(":check: [Pipeline 5]({url}) succeeded on main."),
            ),
            (
                PIPELINE,
                pipeline("failed"),
                "Denmark / main",
                &format!(":cross_mark: [Pipeline 5]({url}) failed on main.\n* test failed"),
            ),
            (PIPELINE, pipeline("running"), "", ""),
            (
                JOB,
                job("failed"),
                "Denmark / main",
                ":cross_mark: Job test failed on main.",
            ),
            (
                JOB,
                job("canceled"),
                "Denmark / main",
                "Job test was canceled on main.",
            ),
            (JOB, job("created"), "", ""),
        ],
    )
    .await
}

#[actix_web::test]
async fn gitlab_tells_of_issues_and_merge_requests() -> anyhow::Result<()> {
    const ISSUE: &[(&str, &str)] = &[("X-Gitlab-Event", "Issue Hook")];
    const NOTE: &[(&str, &str)] = &[("X-Gitlab-Event", "Note Hook")];
    const MERGE: &[(&str, &str)] = &[("X-Gitlab-Event", "Merge Request Hook")];
    let thing = |action: &str, more: Value| {
        let mut attributes = json!({
            "iid": 4, "title": "A ghost", "url": "https://gitlab.com/4", "action": action, "description": "It walks.",
            "source_branch": "plan", "target_branch": "main",
        });
        attributes
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        gitlab(json!({ "object_attributes": attributes }))
    };
    let note = |kind: &str, more: Value| {
        let mut body = gitlab(
            json!({ "object_attributes": { "note": "Swear!", "noteable_type": kind, "url": "https://gitlab.com/n" } }),
        );
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        body
    };
    let none = json!({});
    let said = ":\n\n``` quote\nSwear!\n```";
    let release = json!({ "name": "Act two", "url": "https://gitlab.com/r", "tag": "v2", "action": "create" });
    assert_told("gitlab", &[
        (ISSUE, thing("open", none.clone()), "Denmark / issue #4 A ghost",
            "Horatio opened [issue #4](https://gitlab.com/4):\n\n``` quote\nIt walks.\n```"),
        (ISSUE, thing("close", none.clone()), "Denmark / issue #4 A ghost", "Horatio closed [issue #4](https://gitlab.com/4)."),
        (MERGE, thing("open", none.clone()), "Denmark / MR !4 A ghost",
            "Horatio opened [MR !4](https://gitlab.com/4) from `plan` to `main`:\n\n``` quote\nIt walks.\n```"),
        (MERGE, thing("merge", none.clone()), "Denmark / MR !4 A ghost", "Horatio merged [MR !4](https://gitlab.com/4)."),
        (MERGE, thing("update", none.clone()), "Denmark / MR !4 A ghost", "Horatio updated [MR !4](https://gitlab.com/4)."),
        (MERGE, thing("update", json!({ "oldrev": HASH })), "Denmark / MR !4 A ghost", "Horatio added commits to [MR !4](https://gitlab.com/4)."),
        (NOTE, note("Issue", json!({ "issue": { "iid": 4, "title": "A ghost" } })), "Denmark / issue #4 A ghost",
            &format!("Horatio [commented](https://gitlab.com/n) on issue #4{said}")),
        (NOTE, note("MergeRequest", json!({ "merge_request": { "iid": 4, "title": "A ghost" } })), "Denmark / MR !4 A ghost",
            &format!("Horatio [commented](https://gitlab.com/n) on MR !4{said}")),
        (NOTE, note("Snippet", json!({ "snippet": { "title": "Words" } })), "Denmark / snippet Words",
            &format!("Horatio [commented](https://gitlab.com/n) on snippet Words{said}")),
        (NOTE, note("Commit", json!({ "commit": { "id": HASH, "url": "https://example.com/c" } })), "Denmark",
            &format!("Horatio [commented](https://gitlab.com/n) on [0d1a26e](https://example.com/c){said}")),
        (&[("X-Gitlab-Event", "Release Hook")], gitlab(release), "Denmark", "Release [Act two](https://gitlab.com/r) for tag v2 was created."),
    ])
    .await
}
