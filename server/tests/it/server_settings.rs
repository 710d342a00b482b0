use narrows_testkit::TestApp;

#[actix_web::test]
async fn clients_learn_what_they_need_before_log_in() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let answer = app.anonymous()?.get("/server_settings", &[]).await?;
    answer.assert_success();
    for field in [
        "authentication_methods",
        "zulip_version",
        "zulip_merge_base",
        "zulip_feature_level",
        "narrows_version",
        "push_notifications_enabled",
        "is_incompatible",
        "email_auth_enabled",
        "require_email_format_usernames",
        "realm_url",
        "realm_uri",
        "realm_name",
        "realm_icon",
        "realm_description",
        "realm_web_public_access_enabled",
        "external_authentication_methods",
    ] {
        assert!(!answer.field(field).is_null(), "{field}");
    }
    assert_eq!(answer.field("realm_name"), "Test");
    app.finish().await
}
