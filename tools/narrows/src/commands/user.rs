//! `narrows user`.

use std::sync::Arc;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use narrows_actions::users::{self, NewPerson};
use narrows_actions::{Caller, Ctx, auth};
use narrows_runtime::Config;
use narrows_store::models::{Realm, User};
use narrows_wire::Role;

#[derive(Subcommand)]
pub enum UserCommand {
    /// Make a user.
    Create(Create),
    /// Print the users of an organization: id, e-mail address, role, name.
    List(InRealm),
    /// Give a user another role.
    SetRole(SetRole),
    /// Make a new API key for a user, and print it. It is not shown again.
    ApiKey(OneUser),
}

#[derive(Args)]
pub struct InRealm {
    /// Subdomain of the organization; "" for the one at the bare host.
    #[arg(long, default_value = "")]
    realm: String,
}

#[derive(Args)]
pub struct Create {
    #[command(flatten)]
    place: InRealm,
    /// E-mail address.
    #[arg(long)]
    email: String,
    /// Name.
    #[arg(long)]
    name: String,
    /// owner, admin, moderator, member or guest.
    #[arg(long, default_value = "member", value_parser = role)]
    role: Role,
    /// Password. Without it, one is made and printed.
    #[arg(long, env = "NARROWS_USER_PASSWORD", hide_env_values = true)]
    password: Option<String>,
}

#[derive(Args)]
pub struct SetRole {
    #[command(flatten)]
    user: OneUser,
    /// owner, admin, moderator, member or guest.
    #[arg(value_parser = role)]
    role: Role,
}

#[derive(Args)]
pub struct OneUser {
    #[command(flatten)]
    place: InRealm,
    /// E-mail address.
    email: String,
}

fn role(name: &str) -> Result<Role, String> {
    Role::from_name(name)
        .ok_or_else(|| "choose owner, admin, moderator, member or guest".to_owned())
}

/// A password that was given, or one that has to be told.
pub struct Password {
    /// The password.
    pub value: String,
    made: bool,
}

impl Password {
    pub fn given_or_made(given: Option<String>) -> Password {
        Password {
            made: given.is_none(),
            value: given.unwrap_or_else(auth::random_token),
        }
    }

    pub fn print_if_made(&self) -> anyhow::Result<()> {
        if self.made {
            say!("password: {}", self.value);
        }
        Ok(())
    }
}

pub async fn run(config: Arc<Config>, command: UserCommand) -> anyhow::Result<()> {
    let ctx = super::connect(config).await?;
    match command {
        UserCommand::Create(args) => create(&ctx, args).await?,
        UserCommand::List(place) => list(&ctx, &place).await?,
        UserCommand::SetRole(args) => {
            let user = find(&ctx, &args.user).await?;
            users::set_role(&ctx, &user, args.role).await?;
        }
        UserCommand::ApiKey(args) => {
            let user = find(&ctx, &args).await?;
            say!("{}", auth::mint_key(&ctx, &user, "command line").await?);
        }
    }
    ctx.store.publisher().flush().await;
    Ok(())
}

async fn create(ctx: &Ctx, args: Create) -> anyhow::Result<()> {
    let realm = realm(ctx, &args.place).await?;
    let bot = User::notification_bot(&mut *ctx.store.read().await?, realm.id()).await?;
    let password = Password::given_or_made(args.password);
    let new = NewPerson {
        email: &args.email,
        full_name: &args.name,
        password: Some(password.value.clone()),
        role: args.role,
    };
    let user = users::create(ctx, &Caller::internal(ctx, realm, bot), new).await?;
    say!("id: {}", user.id());
    password.print_if_made()?;
    Ok(())
}

async fn list(ctx: &Ctx, place: &InRealm) -> anyhow::Result<()> {
    let realm = realm(ctx, place).await?;
    for user in User::all(&mut *ctx.store.read().await?, realm.id()).await? {
        let kind = if user.is_bot {
            "bot"
        } else {
            user.role().name()
        };
        let state = if user.is_active { "" } else { "\tdeactivated" };
        say!(
            "{}\t{}\t{kind}\t{}{state}",
            user.id(),
            user.delivery_email,
            user.full_name
        );
    }
    Ok(())
}

async fn realm(ctx: &Ctx, place: &InRealm) -> anyhow::Result<Realm> {
    let realm = auth::realm(ctx, &place.realm).await;
    realm.with_context(|| format!("no organization has the subdomain \"{}\"", place.realm))
}

async fn find(ctx: &Ctx, args: &OneUser) -> anyhow::Result<User> {
    let realm = realm(ctx, &args.place).await?;
    let user = User::by_email(&mut *ctx.store.read().await?, realm.id(), &args.email).await;
    user.with_context(|| format!("no user has the e-mail address {}", args.email))
}
