//! An id of another realm is answered exactly as one that does not exist, and nothing changes there.

use std::collections::BTreeSet;

use narrows_testkit::{Extent, TestApp, TestUser, rows};
use narrows_wire::Role;

use super::scene::{Scene, fill};
use super::table::{Case, cases, routes};

/// In every text of the other realm.
const MARK: &str = "xanadu";

#[test]
fn every_route_has_a_line() {
    let cases = cases();
    let lines: BTreeSet<&str> = cases.iter().map(|case| case.route).collect();
    let routes: BTreeSet<String> = routes().into_iter().map(|(route, ..)| route).collect();
    for route in &routes {
        assert!(
            lines.contains(route.as_str()),
            "isolation/table.rs needs a line for {route}"
        );
    }
    for case in &cases {
        assert!(
            routes.contains(case.route),
            "there is no route {}",
            case.route
        );
        for parameter in case
            .path
            .split('/')
            .filter(|segment| segment.starts_with('{'))
        {
            let name = parameter.trim_matches(['{', '}']);
            let name = name.strip_prefix("own_").unwrap_or(name);
            assert!(
                super::scene::NAMES.contains(&name),
                "{}: what is {parameter}?",
                case.route
            );
        }
    }
}

/// The most powerful of a realm, and what is theirs; new for each case that it may not survive.
struct Own {
    owner: TestUser,
    browser: TestUser,
    scene: Scene,
}

impl Own {
    async fn make(app: &TestApp, number: usize) -> anyhow::Result<Own> {
        let email = format!("owner{number}@example.com");
        let name = format!("Owner {number}");
        let owner = app
            .add_user(app.user("desdemona"), &email, &name, Role::Owner)
            .await?;
        let private = [("invite_only", "true")];
        let mark = format!("own{number:04}");
        let scene = Scene::make(app, &owner, &mark, &mark, &[], &private).await?;
        Ok(Own {
            browser: owner.in_browser(&app.ctx).await?,
            owner,
            scene,
        })
    }
}

/// Into how many tests the table is cut, so that they run side by side.
const PARTS: usize = 8;

macro_rules! parts {
    ($($part:literal $name:ident)*) => {
        #[test]
        fn all_parts_are_checked() {
            assert_eq!([$($part),*], std::array::from_fn::<usize, PARTS, _>(|part| part));
        }

        $(#[actix_web::test]
        async fn $name() -> anyhow::Result<()> {
            what_is_another_realms_does_not_exist($part).await
        })*
    };
}

parts! {
    0 another_realm_does_not_exist_to_the_first_part
    1 another_realm_does_not_exist_to_the_second_part
    2 another_realm_does_not_exist_to_the_third_part
    3 another_realm_does_not_exist_to_the_fourth_part
    4 another_realm_does_not_exist_to_the_fifth_part
    5 another_realm_does_not_exist_to_the_sixth_part
    6 another_realm_does_not_exist_to_the_seventh_part
    7 another_realm_does_not_exist_to_the_eighth_part
}

async fn what_is_another_realms_does_not_exist(part: usize) -> anyhow::Result<()> {
    let app = super::start().await?;
    let sql = app.sql().await?;
    let stranger = app.user("other-desdemona");
    // As open as can be.
    let open = [("is_web_public", "true"), ("is_default_stream", "true")];
    let foreign = Scene::make(&app, stranger, MARK, MARK, &[], &open).await?;
    let other_realm = Extent::Realm("other".to_owned());
    let before = rows(&sql, &other_realm).await?;
    let mut cases: Vec<Case> = cases().into_iter().skip(part).step_by(PARTS).collect();
    cases.sort_by_key(|case| (case.is_last, case.takes_names));
    let mut faults = Vec::new();
    let mut own = Own::make(&app, cases.len()).await?;
    for (number, case) in cases.iter().enumerate() {
        if !case.is_narrow() {
            own = Own::make(&app, number).await?;
        }
        for prefix in prefixes(case) {
            let callers = match *prefix {
                "/api/v1" => vec![&own.owner, app.user("hamlet")],
                _ => vec![&own.browser],
            };
            for caller in callers {
                let found = check(case, prefix, caller, &own.scene, &foreign, number).await?;
                faults.extend(
                    found
                        .into_iter()
                        .map(|fault| format!("{case:?} by {}: {fault}", caller.email)),
                );
            }
        }
        let after = rows(&sql, &other_realm).await?;
        let changed: Vec<_> = before.symmetric_difference(&after).collect();
        assert!(
            changed.is_empty(),
            "{case:?} changed the other realm: {changed:#?}"
        );
    }
    super::assert_none(&faults);
    assert!(
        before.len() > 40,
        "the rows were looked at: {}",
        before.len()
    );
    app.finish().await
}

fn prefixes(case: &Case) -> &'static [&'static str] {
    let routes = routes();
    let found = routes.iter().filter(|(route, ..)| route == case.route);
    // `POST /fetch_api_key` is another route under either prefix.
    found.map(|(.., prefixes)| *prefixes).next().unwrap_or(&[])
}

/// What is wrong with the answers to a case.
async fn check(
    case: &Case,
    prefix: &str,
    caller: &TestUser,
    own: &Scene,
    foreign: &Scene,
    number: usize,
) -> anyhow::Result<Vec<String>> {
    let nowhere = Scene::nowhere();
    let mut faults = Vec::new();
    let mut not_there = Vec::new();
    for name in case.names() {
        let mut essences = Vec::new();
        for scene in [foreign, &nowhere] {
            let nonce = format!("nonce-{name}-{}", scene.get("stream"));
            let filled = fill(case, own, Some((name, scene)), &nonce);
            let answer = filled.by(caller, prefix).await?;
            if answer.status >= 500 {
                faults.push(format!("{name}: {} {}", answer.status, answer.text));
            }
            essences.push(filled.essence(&answer));
        }
        if essences[0] != essences[1] {
            faults.push(format!(
                "{name} of another realm and of nowhere:\n  {}\n  {}",
                essences[0], essences[1]
            ));
        }
        if !case.says_it_all() && essences[0].contains(MARK) {
            faults.push(format!("{name} tells of the other realm: {}", essences[0]));
        }
        not_there.push((name, essences.swap_remove(1)));
    }
    // What is one's own is there: the call itself is right, and the names in it matter.
    let filled = fill(case, own, None, &format!("nonce-{number}"));
    let answer = filled.by(caller, prefix).await?;
    let essence = filled.essence(&answer);
    if !case.says_it_all() && essence.contains(MARK) {
        faults.push(format!("tells of the other realm: {essence}"));
    }
    let powerful = prefix == "/api/v1" && caller.email.starts_with("owner");
    if powerful && !not_there.is_empty() && !case.tells_nothing {
        let same = not_there.iter().filter(|(_, missing)| *missing == essence);
        faults.extend(same.map(|(name, _)| format!("does {name} matter? {essence}")));
    }
    Ok(faults)
}
