//! Phones that asked to be told of messages.

use narrows_testkit::TestApp;

const APNS: &str = "/users/me/apns_device_token";
const FCM: &str = "/users/me/android_gcm_reg_id";

#[actix_web::test]
async fn tokens_are_kept_until_they_are_taken_back() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (hamlet, othello) = (app.user("hamlet"), app.user("othello"));
    for path in [APNS, FCM] {
        let token = [("token", "c2VjcmV0")];
        // An app tells its token at each start.
        for _ in 0..2 {
            hamlet.post(path, &token).await?.assert_success();
        }
        let msg = "Token does not exist";
        let others = othello.delete(path, &token).await?;
        others.assert_error(400, "BAD_REQUEST", msg);
        hamlet.delete(path, &token).await?.assert_success();
        let again = hamlet.delete(path, &token).await?;
        again.assert_error(400, "BAD_REQUEST", msg);
    }
    app.finish().await
}

#[actix_web::test]
async fn what_is_no_token_is_refused() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    let long = "x".repeat(5000);
    for (path, token, msg) in [
        (APNS, "", "Empty or invalid length token"),
        (FCM, "", "Empty or invalid length token"),
        (FCM, &long, "Empty or invalid length token"),
        (APNS, "not base64!", "Invalid APNS token"),
    ] {
        for answer in [
            hamlet.post(path, &[("token", token)]).await?,
            hamlet.delete(path, &[("token", token)]).await?,
        ] {
            answer.assert_error(400, "BAD_REQUEST", msg);
        }
    }
    let app_id = [("token", "c2VjcmV0"), ("appid", "no app")];
    let refused = hamlet.post(APNS, &app_id).await?;
    refused.assert_error(400, "BAD_REQUEST", "Invalid app ID");
    app.finish().await
}

#[actix_web::test]
async fn who_tries_their_phone_is_told_that_nothing_reaches_it() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (hamlet, othello) = (app.user("hamlet"), app.user("othello"));
    let path = "/mobile_push/test_notification";
    let token = [("token", "c2VjcmV0")];
    // Without a phone there is nobody to be told.
    hamlet.post(path, &[]).await?.assert_success();
    hamlet.post(APNS, &token).await?.assert_success();
    for params in [&token[..], &[]] {
        let answer = hamlet.post(path, params).await?;
        let msg = "Server is not configured to use push notification service.";
        answer.assert_error(400, "PUSH_SERVICE_NOT_CONFIGURED", msg);
    }
    for (user, token) in [(hamlet, "b3RoZXI="), (othello, "c2VjcmV0")] {
        let answer = user.post(path, &[("token", token)]).await?;
        answer.assert_error(400, "INVALID_PUSH_DEVICE_TOKEN", "Device not recognized");
    }
    app.finish().await
}
