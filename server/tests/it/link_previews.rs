use narrows_actions::messages::embed;
use narrows_testkit::site::{Site, page};
use narrows_testkit::{TestApp, TestUser};
use narrows_wire::Job;
use narrows_wire::jobs::EmbedLinks;
use serde_json::Value;

const HTML: &str = "Content-Type: text/html; charset=utf-8";

/// A site with pages that name a picture, and some that do not.
async fn site() -> anyhow::Result<Site> {
    Site::start(|path| match path {
        "/plain" => page(HTML, "<title>Plain</title>"),
        "/text" => page("Content-Type: text/plain", "<meta property=og:image content=/a.png>"),
        "/hostile" => page(
            HTML,
            "<title>&lt;script>alert(1)</script><img src=x onerror=alert(1)></title>\
             <meta property=og:image content='/a.png&quot;);} body{x:url('>\
             <meta name=description content='</div><b onclick=x>&quot;'>",
        ),
        _ => page(
            HTML,
            &format!("<title>Page {path}</title><meta name=description content=About><meta property=og:image content=/a.png>"),
        ),
    })
    .await
}

/// A server whose first realm shows websites, of which only this one may be asked.
async fn app(site: &Site) -> anyhow::Result<TestApp> {
    let address = site.address;
    let app = TestApp::start_with("", |config| {
        config.outward.allowed_addresses = vec![address];
    })
    .await?;
    let change = [("inline_url_embed_preview", "true")];
    app.user("iago")
        .patch("/realm", &change)
        .await?
        .assert_success();
    Ok(app)
}

/// Does the job that is next.
async fn work(app: &TestApp) -> anyhow::Result<EmbedLinks> {
    let job = next(app).await?;
    embed::embed_links(&app.ctx, &job).await?;
    Ok(job)
}

async fn next(app: &TestApp) -> anyhow::Result<EmbedLinks> {
    match app.next_job("embed_links").await? {
        Job::EmbedLinks(job) => Ok(job),
        other => anyhow::bail!("{other:?}"),
    }
}

async fn message(user: &TestUser, id: i64) -> anyhow::Result<Value> {
    let answer = user.get(&format!("/messages/{id}"), &[]).await?;
    answer.assert_success();
    Ok(answer.field("message").clone())
}

async fn html(user: &TestUser, id: i64) -> anyhow::Result<String> {
    Ok(message(user, id).await?["content"]
        .as_str()
        .unwrap()
        .to_owned())
}

#[actix_web::test]
async fn a_website_is_shown_once_a_worker_has_looked_at_it() -> anyhow::Result<()> {
    let site = site().await?;
    let app = app(&site).await?;
    let (hamlet, othello) = (app.user("hamlet"), app.user("othello"));
    let mut queue = othello.register(&[("apply_markdown", "true")]).await?;
    assert_eq!(queue.state["realm_inline_url_embed_preview"], true);
    assert_eq!(queue.state["server_inline_url_embed_preview"], true);
    let text = format!(
        "see {} and @**Othello, the Moor of Venice**",
        site.url("/post")
    );
    let id = hamlet.send_direct(&[othello], &text).await?;
    let sent = queue.next("message").await?;
    assert!(
        !sent["message"]["content"]
            .as_str()
            .unwrap()
            .contains("message_embed")
    );
    let job = work(&app).await?;
    assert_eq!(
        (job.message_id.0, &job.urls),
        (id, &vec![site.url("/post")])
    );
    let event = queue.next("update_message").await?;
    assert_eq!(event["rendering_only"], true);
    assert_eq!(event["user_id"], Value::Null);
    assert_eq!(event["message_id"], id);
    assert_eq!(event["message_ids"], serde_json::json!([id]));
    assert_eq!(event["content"], text);
    assert_eq!(event["flags"], sent["flags"]);
    for key in ["orig_content", "orig_rendered_content", "is_me_message"] {
        assert!(event.get(key).is_none(), "{key}");
    }
    let shown = event["rendered_content"].as_str().unwrap();
    let url = site.url("/post");
    let embed = format!(
        "<div class=\"message_embed\"><a class=\"message_embed_image\" href=\"{url}\" \
         style=\"background-image: url(&quot;{}&quot;)\"></a><div class=\"data-container\">\
         <div class=\"message_embed_title\"><a href=\"{url}\" title=\"Page /post\">Page /post</a></div>\
         <div class=\"message_embed_description\">About</div></div></div>",
        site.url("/a.png")
    );
    assert!(shown.ends_with(&embed), "{shown}");
    assert_eq!(html(hamlet, id).await?, shown);
    let stored = message(hamlet, id).await?;
    assert!(stored.get("last_edit_timestamp").is_none() && stored.get("edit_history").is_none());
    app.finish().await
}

#[actix_web::test]
async fn readers_of_a_stream_are_told_once_and_a_second_message_asks_nobody() -> anyhow::Result<()>
{
    let site = site().await?;
    let app = app(&site).await?;
    let hamlet = app.user("hamlet");
    let stream = hamlet.make_stream("Venice", &[], &[]).await?;
    let mut queue = hamlet.register(&[("apply_markdown", "true")]).await?;
    let id = hamlet.send_to("Venice", "t", &site.url("/post")).await?;
    let job = work(&app).await?;
    let event = queue.next("update_message").await?;
    assert_eq!(
        (&event["stream_name"], &event["message_id"]),
        (&"Venice".into(), &id.into())
    );
    assert_eq!(event["stream_id"], serde_json::json!(stream));
    // A job that comes again has nothing to do, and what is known is not asked for.
    embed::embed_links(&app.ctx, &job).await?;
    let second = hamlet.send_to("Venice", "t", &site.url("/post")).await?;
    work(&app).await?;
    assert_eq!(queue.next("update_message").await?["message_id"], second);
    assert_eq!(site.asked().len(), 1);
    app.finish().await
}

#[actix_web::test]
async fn a_text_that_changed_meanwhile_is_left_alone() -> anyhow::Result<()> {
    let site = site().await?;
    let app = app(&site).await?;
    let (hamlet, othello) = (app.user("hamlet"), app.user("othello"));
    let id = hamlet.send_direct(&[othello], &site.url("/old")).await?;
    let old = next(&app).await?;
    let path = format!("/messages/{id}");
    let text = format!("now {}", site.url("/new"));
    hamlet
        .patch(&path, &[("content", &text)])
        .await?
        .assert_success();
    let edited = html(hamlet, id).await?;
    embed::embed_links(&app.ctx, &old).await?;
    assert_eq!(html(hamlet, id).await?, edited);
    // The edit has left a job of its own.
    assert_eq!(work(&app).await?.urls, [site.url("/new")]);
    assert!(html(hamlet, id).await?.contains("Page /new"));
    let gone = hamlet.send_direct(&[othello], &site.url("/gone")).await?;
    let job = next(&app).await?;
    app.user("iago")
        .patch(
            "/realm",
            &[("can_delete_own_message_group", &everybody(&app).await?)],
        )
        .await?
        .assert_success();
    hamlet
        .delete(&format!("/messages/{gone}"), &[])
        .await?
        .assert_success();
    embed::embed_links(&app.ctx, &job).await?;
    app.finish().await
}

/// The group of everybody, as a setting names it.
async fn everybody(app: &TestApp) -> anyhow::Result<String> {
    let groups = app.user("iago").get("/user_groups", &[]).await?;
    let groups = groups.field("user_groups").as_array().unwrap().clone();
    let members = groups
        .iter()
        .find(|group| group["name"] == "role:members")
        .unwrap();
    Ok(serde_json::json!({ "new": members["id"] }).to_string())
}

#[actix_web::test]
async fn what_shows_nothing_changes_nothing() -> anyhow::Result<()> {
    let site = site().await?;
    let hidden = Site::start(|_| page(HTML, "<meta property=og:image content=/a.png>")).await?;
    let app = app(&site).await?;
    let (hamlet, othello) = (app.user("hamlet"), app.user("othello"));
    let mut queue = othello.register(&[("apply_markdown", "true")]).await?;
    let mut last = 0;
    for url in [site.url("/plain"), site.url("/text"), hidden.url("/")] {
        last = hamlet.send_direct(&[othello], &url).await?;
        let before = html(hamlet, last).await?;
        work(&app).await?;
        assert_eq!(html(hamlet, last).await?, before, "{url}");
    }
    assert!(hidden.asked().is_empty());
    // That nothing was found is known too.
    hamlet.send_direct(&[othello], &site.url("/plain")).await?;
    work(&app).await?;
    assert_eq!(site.asked().len(), 2);
    hamlet.send_direct(&[othello], &site.url("/post")).await?;
    work(&app).await?;
    let event = queue.next("update_message").await?;
    assert!(event["message_id"].as_i64() > Some(last));
    app.finish().await
}

#[actix_web::test]
async fn a_hostile_page_is_text() -> anyhow::Result<()> {
    let site = site().await?;
    let app = app(&site).await?;
    let (hamlet, othello) = (app.user("hamlet"), app.user("othello"));
    let id = hamlet
        .send_direct(&[othello], &site.url("/hostile"))
        .await?;
    work(&app).await?;
    let shown = html(hamlet, id).await?;
    assert!(
        shown.contains("&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;"),
        "{shown}"
    );
    assert!(shown.contains("&lt;/div&gt;&lt;b onclick=x&gt;"), "{shown}");
    assert!(!shown.contains("&quot;);}"), "{shown}");
    assert!(
        !shown.contains("<script") && !shown.contains("<img") && !shown.contains("<b "),
        "{shown}"
    );
    app.finish().await
}

#[actix_web::test]
async fn only_links_of_realms_that_want_it_are_looked_at() -> anyhow::Result<()> {
    let site = site().await?;
    let app = app(&site).await?;
    let (other, hamlet) = (app.user("other-hamlet"), app.user("hamlet"));
    other.send_direct(&[other], &site.url("/other")).await?;
    let code = format!("`{}`\n```\n{}\n```", site.url("/code"), site.url("/block"));
    hamlet.send_direct(&[hamlet], &code).await?;
    let quoted = format!("> {}\n\n{}", site.url("/quoted"), site.url("/a.png"));
    hamlet.send_direct(&[hamlet], &quoted).await?;
    let off = [("inline_url_embed_preview", "false")];
    let on = [("inline_url_embed_preview", "true")];
    app.user("iago")
        .patch("/realm", &off)
        .await?
        .assert_success();
    hamlet.send_direct(&[hamlet], &site.url("/off")).await?;
    app.user("iago")
        .patch("/realm", &on)
        .await?
        .assert_success();
    let two = format!("{} {}", site.url("/one"), site.url("/two"));
    let id = hamlet.send_direct(&[hamlet], &two).await?;
    let job = work(&app).await?;
    assert_eq!(
        (job.message_id.0, job.urls),
        (id, vec![site.url("/one"), site.url("/two")])
    );
    let shown = html(hamlet, id).await?;
    assert!(shown.find("Page /one") < shown.find("Page /two"), "{shown}");
    app.finish().await
}
