//! Mentions, links to streams, custom emoji, linkifiers and what is reported.

use std::collections::BTreeSet;
use std::sync::Arc;

use narrows_markdown::{
    AlertWords, CustomEmoji, LinkPreview, Linkifier, Options, Rendered, Resolved, ResolvedGroup,
    ResolvedStream, ResolvedUpload, ResolvedUser, UserRef, parse,
};

fn resolved() -> Resolved {
    let user = |id, name: &str| ResolvedUser {
        id,
        full_name: name.to_owned(),
    };
    Resolved {
        users: vec![
            user(10, "King Hamlet"),
            user(11, "Iago"),
            user(12, "Othello, the Moor"),
        ],
        groups: vec![ResolvedGroup {
            id: 26,
            name: "oracle group".to_owned(),
        }],
        streams: vec![
            ResolvedStream {
                id: 3,
                name: "Verona".to_owned(),
            },
            ResolvedStream {
                id: 4,
                name: "so many words.".to_owned(),
            },
        ],
        ..Resolved::default()
    }
}

fn render_with(text: &str, options: &Options) -> Rendered {
    parse(text, options).render(&resolved(), options)
}

fn render(text: &str) -> Rendered {
    render_with(text, &Options::default())
}

fn html(text: &str) -> String {
    render(text).html
}

#[test]
fn users_are_mentioned_by_name_and_id() {
    let iago = r#"<p><span class="user-mention" data-user-id="11">@Iago</span></p>"#;
    for text in ["@**Iago**", "@**iago**", "@**|11**", "@**Iago|11**"] {
        let rendered = render(text);
        assert_eq!(rendered.html, iago, "{text}");
        assert_eq!(
            rendered.report.mentioned_users,
            BTreeSet::from([11]),
            "{text}"
        );
    }
}

#[test]
fn a_name_with_the_id_of_another_is_no_mention() {
    let rendered = render("@**Iago|10**");
    assert_eq!(rendered.html, "<p>@<strong>Iago|10</strong></p>");
    assert!(rendered.report.mentioned_users.is_empty());
}

#[test]
fn silent_mentions_are_shown_and_not_reported() {
    for text in [
        "@_**King Hamlet**",
        "```quote\n@**King Hamlet**\n```",
        "> @**King Hamlet**",
    ] {
        let rendered = render(text);
        let span = r#"<span class="user-mention silent" data-user-id="10">King Hamlet</span>"#;
        assert!(rendered.html.contains(span), "{text}: {}", rendered.html);
        assert!(rendered.report.mentioned_users.is_empty(), "{text}");
    }
}

#[test]
fn wildcards_and_groups() {
    let rendered = render("@**all** and @*oracle group*");
    let expected = concat!(
        r#"<p><span class="user-mention" data-user-id="*">@all</span> and "#,
        r#"<span class="user-group-mention" data-user-group-id="26">@oracle group</span></p>"#
    );
    assert_eq!(rendered.html, expected);
    assert!(rendered.report.stream_wildcard && !rendered.report.topic_wildcard);
    assert_eq!(rendered.report.mentioned_groups, BTreeSet::from([26]));
    let rendered = render("@**topic**");
    assert_eq!(
        rendered.html,
        r#"<p><span class="topic-mention">@topic</span></p>"#
    );
    assert!(rendered.report.topic_wildcard && !rendered.report.stream_wildcard);
}

#[test]
fn mentions_are_neither_in_words_nor_in_code() {
    for text in [
        "me@**Iago**",
        "`@**Iago**`",
        "    @**Iago**",
        "```\n@**Iago**\n```",
    ] {
        assert!(render(text).report.mentioned_users.is_empty(), "{text}");
    }
}

#[test]
fn streams_topics_and_messages_are_linked() {
    assert_eq!(
        html("#**Verona**"),
        r##"<p><a class="stream" data-stream-id="3" href="/#narrow/stream/3-Verona">#Verona</a></p>"##
    );
    assert_eq!(
        html("#**so many words.>moved again**"),
        concat!(
            r##"<p><a class="stream-topic" data-stream-id="4" "##,
            r##"href="/#narrow/stream/4-so-many-words.2E/topic/moved.20again">"##,
            "#so many words. &gt; moved again</a></p>"
        )
    );
    assert_eq!(
        html("#**Verona>lunch@214**"),
        concat!(
            r##"<p><a class="message-link" href="/#narrow/stream/3-Verona/topic/lunch/near/214">"##,
            "#Verona &gt; lunch @ 💬</a></p>"
        )
    );
    assert_eq!(html("#**Atlantis**"), "<p>#<strong>Atlantis</strong></p>");
}

#[test]
fn what_is_mentioned_is_asked_for_once() {
    let text =
        "@**Iago** @**Iago** @**all** @_**|10** @**x|5** @*g* #**s** #**t>u** `@**no**`\n* @**li**";
    let parsed = parse(text, &Options::default());
    let name = |name: &str| UserRef::Name(name.to_owned());
    let users = BTreeSet::from([
        name("Iago"),
        name("li"),
        UserRef::Id(10),
        UserRef::NameId("x".to_owned(), 5),
    ]);
    assert_eq!(parsed.wanted().users, users);
    assert_eq!(parsed.wanted().groups, BTreeSet::from(["g".to_owned()]));
    assert_eq!(
        parsed.wanted().streams,
        BTreeSet::from(["s".to_owned(), "t".to_owned()])
    );
    assert!(
        parse("nothing here", &Options::default())
            .wanted()
            .is_empty()
    );
}

#[test]
fn custom_emoji_win_over_others() {
    let emoji = CustomEmoji {
        source_url: "/user_avatars/2/emoji/tada.png".to_owned(),
    };
    let options = Options {
        custom_emoji: [("tada".to_owned(), emoji)].into(),
        ..Options::default()
    };
    assert_eq!(
        render_with(":tada:", &options).html,
        r#"<p><img alt=":tada:" class="emoji" src="/user_avatars/2/emoji/tada.png" title="tada"></p>"#
    );
}

#[test]
fn linkifiers_fill_their_template() {
    let linkifier =
        Linkifier::new("#(?P<id>[0-9]+)", "https://example.com/issues/{id}{?q}").map(Arc::new);
    assert!(linkifier.is_err(), "q is not in the pattern");
    let issue = Linkifier::new("#(?P<id>[0-9]+)", "https://example.com/issues/{id}").unwrap();
    let options = Options {
        linkifiers: vec![Arc::new(issue)],
        ..Options::default()
    };
    let link = |id| format!(r#"<a href="https://example.com/issues/{id}">#{id}</a>"#);
    assert_eq!(
        render_with("#1 #22, (#3) a#4 #5b `#6`", &options).html,
        format!(
            "<p>{} {}, ({}) a#4 #5b <code>#6</code></p>",
            link(1),
            link(22),
            link(3)
        )
    );
}

#[test]
fn linkifiers_that_cannot_work_are_refused() {
    assert!(Linkifier::new("(", "https://example.com").is_err());
    assert!(Linkifier::new("a", "https://example.com/{").is_err());
    assert!(Linkifier::new("a{1000}{1000}", "https://example.com").is_err());
}

#[test]
fn alert_words_stand_alone_and_outside_code() {
    let options = Options {
        alert_words: AlertWords::new(["Lunch", "cake"]),
        ..Options::default()
    };
    let words = |text| render_with(text, &options).report.alert_words;
    assert_eq!(
        words("lunch? **CAKE**"),
        BTreeSet::from(["lunch".into(), "cake".into()])
    );
    assert!(words("lunchtime pancake\n```\ncake\n```").is_empty());
}

#[test]
fn me_messages_are_one_paragraph() {
    assert!(render("/me waves").report.is_me_message);
    assert!(!render("/me waves\n* a").report.is_me_message);
    assert!(!render("/meow").report.is_me_message);
}

#[test]
fn links_into_the_realm_are_relative_and_uploads_reported() {
    let options = Options {
        realm_url: "https://chat.example.com".to_owned(),
        ..Options::default()
    };
    let text = "[a](https://chat.example.com/user_uploads/2/ab/a.txt) /user_uploads/ [b](/user_uploads/2/cd/b.txt?x)";
    let rendered = render_with(text, &options);
    assert!(
        rendered
            .html
            .contains(r#"<a href="user_uploads/2/ab/a.txt">a</a>"#)
    );
    assert_eq!(rendered.report.attachments, ["2/ab/a.txt", "2/cd/b.txt"]);
    assert!(rendered.report.has_link && !rendered.report.has_image);
    assert_eq!(
        parse(text, &options).wanted().uploads,
        BTreeSet::from(["2/ab/a.txt".to_owned(), "2/cd/b.txt".to_owned()])
    );
}

#[test]
fn uploaded_images_show_their_thumbnail() {
    let options = Options::default();
    let parsed = parse("[logo](/user_uploads/2/ab/a.png)", &options);
    let mut upload = ResolvedUpload {
        path_id: "2/ab/a.png".to_owned(),
        dimensions: Some((640, 480)),
        content_type: Some("image/png".to_owned()),
        thumbnail: None,
    };
    let render = |upload: &ResolvedUpload| {
        let resolved = Resolved {
            uploads: vec![upload.clone()],
            ..Resolved::default()
        };
        parsed.render(&resolved, &options)
    };
    let waiting = render(&upload);
    assert!(
        waiting
            .html
            .contains(r#"class="image-loading-placeholder""#),
        "{}",
        waiting.html
    );
    assert!(waiting.report.has_image);
    upload.thumbnail = Some("/user_uploads/thumbnail/2/ab/a.png/840x560.webp".to_owned());
    let ready = render(&upload).html;
    assert!(ready.contains(r#"src="/user_uploads/thumbnail/2/ab/a.png/840x560.webp""#));
    assert!(ready.contains(r#"data-original-dimensions="640x480""#));
    assert!(ready.contains(r#"<a href="/user_uploads/2/ab/a.png" title="logo">"#));
}

#[test]
fn websites_are_reported_until_they_are_known() {
    let options = Options {
        inline_url_embed_preview: true,
        ..Options::default()
    };
    let parsed = parse("see https://example.com/post", &options);
    let unknown = parsed.render(&Resolved::default(), &options);
    assert_eq!(unknown.report.links, ["https://example.com/post"]);
    let preview = LinkPreview {
        title: Some("A <b>post</b>".to_owned()),
        description: None,
        image: Some("https://example.com/a.png\") evil".to_owned()),
    };
    let previews = [("https://example.com/post".to_owned(), preview)].into();
    let resolved = Resolved {
        link_previews: previews,
        ..Resolved::default()
    };
    let known = parsed.render(&resolved, &options);
    assert!(known.report.links.is_empty());
    assert!(known.html.contains(r#"<div class="message_embed">"#));
    assert!(known.html.contains("A &lt;b&gt;post&lt;/b&gt;"));
    assert!(!known.html.contains("png&quot;)"), "{}", known.html);
}

#[test]
fn videos_are_shown() {
    assert_eq!(
        html("https://www.youtube.com/watch?v=hx1mjT73xYE"),
        concat!(
            r#"<p><a href="https://www.youtube.com/watch?v=hx1mjT73xYE">"#,
            "https://www.youtube.com/watch?v=hx1mjT73xYE</a></p>\n",
            r#"<div class="youtube-video message_inline_image">"#,
            r#"<a data-id="hx1mjT73xYE" href="https://www.youtube.com/watch?v=hx1mjT73xYE">"#,
            r#"<img src="https://i.ytimg.com/vi/hx1mjT73xYE/mqdefault.jpg"></a></div>"#
        )
    );
    assert!(
        html("https://example.com/a.mp4")
            .contains(r#"<video preload="metadata" src="https://example.com/a.mp4"></video>"#)
    );
}

#[test]
fn tables_have_alignment() {
    let table = "|a|b|c|\n|:-|:-:|-:|\n|`x|y`|2|\n|1|2|3|4|";
    let html = html(table);
    assert!(html.starts_with("<table>\n<thead>\n<tr>\n<th style=\"text-align: left;\">a</th>\n"));
    assert!(html.contains("<td style=\"text-align: left;\"><code>x|y</code></td>\n"));
    assert!(html.contains("<td style=\"text-align: right;\"></td>\n"));
    assert!(!html.contains('4'));
}

#[test]
fn loose_lists_have_paragraphs() {
    assert_eq!(
        html("1. a\n\n2. b"),
        "<ol>\n<li>\n<p>a</p>\n</li>\n<li>\n<p>b</p>\n</li>\n</ol>"
    );
}

#[test]
fn times_are_understood_in_many_forms() {
    let datetime = |time: &str| {
        let html = html(&format!("<time:{time}>"));
        html.split('"').nth(1).unwrap_or_default().to_owned()
    };
    for time in [
        "2017-06-05T22:30:00Z",
        "2017-06-06T00:30:00+02:00",
        "2017-06-05 22:30",
        "Jun 5th 2017, 10:30PM",
        "Monday, 5 June 2017 10:30 pm UTC",
        "6/5/2017 17:30 EST",
        "20170605T223000Z",
        "22:30 2017-06-05",
        "2017-06-05 20:30 GMT+2",
        "1496701800",
    ] {
        assert_eq!(datetime(time), "2017-06-05T22:30:00Z", "{time}");
    }
    for time in [
        "",
        "soon",
        "2017-13-01T00:00",
        "99999999999999999",
        "25:00",
        "NaN",
        "inf",
    ] {
        assert_eq!(datetime(time), "timestamp-error", "{time}");
    }
}

#[test]
fn an_image_alone_takes_the_place_of_its_address() {
    let image = concat!(
        r#"<div class="message_inline_image"><a href="https://x.example/a.png">"#,
        r#"<img src="https://x.example/a.png"></a></div>"#
    );
    assert_eq!(
        html("* https://x.example/a.png\n* b"),
        format!("<ul>\n<li>{image}</li>\n<li>b</li>\n</ul>")
    );
    assert_eq!(
        html("https://x.example/a.png\n\nb"),
        format!("{image}<p>b</p>")
    );
    // A name or text beside it keeps the link.
    assert!(html("* [c](https://x.example/a.png)").contains("<li><a href"));
    assert!(html("* https://x.example/a.png c").contains("<li><a href"));
}

#[test]
fn a_video_stands_below_its_paragraph() {
    let html = html("https://youtu.be/abcdefghijk\n\nb");
    let (before, after) = html.split_once("youtube-video").unwrap();
    assert!(before.starts_with(r#"<p><a href="https://youtu.be/abcdefghijk">"#));
    assert!(after.ends_with("<p>b</p>"));
}

#[test]
fn there_is_no_link_in_a_link() {
    assert_eq!(
        html("[see #**Verona** now](https://x.example)"),
        r##"<p><a href="https://x.example">see #**Verona** now</a></p>"##
    );
}
