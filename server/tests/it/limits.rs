use narrows_testkit::TestApp;

const TIGHT: &str = "[limits]\napi_by_user = { calls = 3, seconds = 3600 }\nlog_in_by_account = { calls = 2, seconds = 3600 }\n";

#[actix_web::test]
async fn a_user_who_calls_too_often_is_told_to_wait() -> anyhow::Result<()> {
    let app = TestApp::start_with(TIGHT, |_| {}).await?;
    let hamlet = app.user("hamlet");
    for remaining in ["2", "1", "0"] {
        let answer = hamlet.get("/users/me", &[]).await?;
        answer.assert_success();
        let limits = (
            answer.header("x-ratelimit-limit"),
            answer.header("x-ratelimit-remaining"),
        );
        assert_eq!(limits, ("3", remaining));
    }
    let answer = hamlet.get("/users/me", &[]).await?;
    answer.assert_error(429, "RATE_LIMIT_HIT", "API usage exceeded rate limit");
    let wait = answer.field("retry-after").as_f64().unwrap();
    assert!(wait > 0.0 && wait <= 7200.0, "{wait}");
    assert_ne!(answer.header("retry-after"), "");
    app.user("othello")
        .get("/users/me", &[])
        .await?
        .assert_success();
    app.finish().await
}

#[actix_web::test]
async fn passwords_cannot_be_guessed_for_ever() -> anyhow::Result<()> {
    let app = TestApp::start_with(TIGHT, |_| {}).await?;
    let nobody = app.anonymous()?;
    let email = &app.user("hamlet").email;
    for _ in 0..2 {
        let answer = nobody
            .post(
                "/fetch_api_key",
                &[("username", email), ("password", "wrong")],
            )
            .await?;
        assert_eq!(answer.status, 401, "{}", answer.text);
    }
    let right = [
        ("username", email.as_str()),
        ("password", narrows_testkit::PASSWORD),
    ];
    assert_eq!(nobody.post("/fetch_api_key", &right).await?.status, 429);
    let other = [
        ("username", app.user("othello").email.as_str()),
        ("password", "wrong"),
    ];
    assert_eq!(nobody.post("/fetch_api_key", &other).await?.status, 401);
    app.finish().await
}

#[actix_web::test]
async fn without_redis_nothing_is_limited() -> anyhow::Result<()> {
    use narrows_actions::rate_limit::{Action, Subject, spend};
    let app = TestApp::start_with(TIGHT, |_| {}).await?;
    let mut ctx = app.ctx.clone();
    let mut dead = ctx.config.redis.clone();
    dead.url = narrows_runtime::Secret::new("redis://127.0.0.1:1/0");
    ctx.redis = narrows_runtime::redis::Redis::new(&dead)?;
    for _ in 0..5 {
        let spent = spend(&ctx, Action::Api, &Subject::User(app.user("hamlet").id)).await?;
        assert_eq!(spent, None);
    }
    app.finish().await
}

#[actix_web::test]
async fn the_window_slides() -> anyhow::Result<()> {
    use narrows_actions::rate_limit::{Action, Subject, spend};
    let app = TestApp::start_with(TIGHT, |_| {}).await?;
    let mut ctx = app.ctx.clone();
    // The beginning of a window, so that the arithmetic is exact.
    let start = chrono::DateTime::from_timestamp(3600 * 500_000, 0).unwrap();
    let clock = narrows_runtime::Clock::at(start);
    ctx.clock = clock.clone();
    let subject = Subject::User(app.user("hamlet").id);
    for _ in 0..3 {
        spend(&ctx, Action::Api, &subject).await?;
    }
    spend(&ctx, Action::Api, &subject)
        .await
        .expect_err("used up");
    // Half into the next window, half of the three still count.
    clock.advance(chrono::TimeDelta::minutes(90));
    let budget = spend(&ctx, Action::Api, &subject).await?.unwrap();
    assert_eq!((budget.limit, budget.remaining), (3, 0));
    spend(&ctx, Action::Api, &subject)
        .await
        .expect_err("2.5 + 1 is more than 3");
    clock.advance(chrono::TimeDelta::hours(3));
    assert_eq!(
        spend(&ctx, Action::Api, &subject).await?.unwrap().remaining,
        2
    );
    app.finish().await
}
