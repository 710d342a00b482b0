//! Who is in the realms of a test.

use std::collections::BTreeMap;

use narrows_actions::realms::{self, NewOrganization};
use narrows_actions::users::{self, NewPerson};
use narrows_actions::{Caller, Ctx, auth};
use narrows_store::models::{Realm, User};
use narrows_wire::Role;

use crate::user::{TestUser, anonymous_with, client};

/// The password of hamlet; the others have none, which saves time.
pub const PASSWORD: &str = "correct horse";

const PEOPLE: [(&str, &str, Role); 6] = [
    ("iago", "Iago", Role::Admin),
    ("shiva", "Shiva", Role::Moderator),
    ("hamlet", "King Hamlet", Role::Member),
    ("cordelia", "Cordelia", Role::Member),
    ("othello", "Othello", Role::Member),
    ("polonius", "Polonius", Role::Guest),
];

/// Makes a realm with desdemona (owner) and, in the first realm, everybody else and a bot.
pub(crate) async fn make(
    ctx: &Ctx,
    base: &str,
    subdomain: &str,
    prefix: &str,
) -> anyhow::Result<BTreeMap<String, TestUser>> {
    let port = base.rsplit(':').next().unwrap_or_default();
    let host = if subdomain.is_empty() {
        format!("localhost:{port}")
    } else {
        format!("{subdomain}.localhost:{port}")
    };
    let owner_email = format!("{prefix}desdemona@example.com");
    let owner = realms::create(
        ctx,
        NewOrganization {
            subdomain,
            name: "Test",
            description: "",
            owner: NewPerson {
                email: &owner_email,
                full_name: "Desdemona",
                password: None,
                role: Role::Owner,
            },
        },
    );
    let owner = owner.await?;
    let mut members = vec![(format!("{prefix}desdemona"), User::clone(&owner.user))];
    for (key, full_name, role) in PEOPLE {
        let email = format!("{prefix}{key}@example.com");
        let password = (key == "hamlet").then(|| PASSWORD.to_owned());
        let new = NewPerson {
            email: &email,
            full_name,
            password,
            role,
        };
        members.push((
            format!("{prefix}{key}"),
            users::create(ctx, &owner, new).await?,
        ));
    }
    let bot = bot(ctx, &owner, prefix).await?;
    members.push((format!("{prefix}bot"), bot));
    let mut cast = BTreeMap::new();
    let http = client()?;
    for (key, user) in members {
        let nobody = anonymous_with(http.clone(), base, &host);
        cast.insert(key, with_key(ctx, nobody, &user).await?);
    }
    Ok(cast)
}

/// Gives `nobody` the identity of `user`, and a key.
async fn with_key(ctx: &Ctx, nobody: TestUser, user: &User) -> anyhow::Result<TestUser> {
    Ok(TestUser {
        realm_id: user.realm_id(),
        id: user.id(),
        email: user.email.clone(),
        api_key: auth::mint_key(ctx, user, "test").await?,
        ..nobody
    })
}

/// One more user in the realm of `neighbour`, without a password.
pub(crate) async fn add(
    ctx: &Ctx,
    neighbour: &TestUser,
    email: &str,
    full_name: &str,
    role: Role,
) -> anyhow::Result<TestUser> {
    let realm = Realm::find(&mut *ctx.store.read().await?, neighbour.realm_id).await?;
    let caller = Caller::internal(ctx, realm, neighbour.stored(ctx).await?);
    let new = NewPerson {
        email,
        full_name,
        password: None,
        role,
    };
    let user = users::create(ctx, &caller, new).await?;
    with_key(ctx, neighbour.clone(), &user).await
}

async fn bot(ctx: &Ctx, owner: &Caller, prefix: &str) -> anyhow::Result<User> {
    let hamlet = format!("{prefix}hamlet@example.com");
    let user = User::by_email(&mut *ctx.store.read().await?, owner.realm_id(), &hamlet).await?;
    let hamlet = Caller::internal(ctx, Realm::clone(&owner.realm), user);
    let email = format!("{prefix}bot@example.com");
    Ok(users::create_bot(ctx, &hamlet, &email, "Test Bot").await?)
}
