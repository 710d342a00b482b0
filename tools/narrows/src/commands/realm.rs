//! `narrows realm`.

use std::sync::Arc;

use clap::{Args, Subcommand};
use narrows_actions::Ctx;
use narrows_actions::realms::{self, NewOrganization};
use narrows_actions::users::NewPerson;
use narrows_runtime::Config;
use narrows_store::models::Realm;
use narrows_wire::{RealmId, Role};

#[derive(Subcommand)]
pub enum RealmCommand {
    /// Make an organization with its first owner. Prints its URL.
    Create(Create),
    /// Print all organizations: subdomain, URL, name.
    List,
    /// Close an organization: nobody gets in, nothing is lost.
    Deactivate(Which),
    /// Open it again.
    Reactivate(Which),
}

#[derive(Args)]
pub struct Which {
    /// Its subdomain; "" for the bare host.
    subdomain: String,
}

#[derive(Args)]
pub struct Create {
    /// Where it is served: SUBDOMAIN.<external host>; "" for the bare host.
    #[arg(long)]
    subdomain: String,
    /// What it is called.
    #[arg(long)]
    name: String,
    /// What it is for (Markdown), shown on the log-in page.
    #[arg(long, default_value = "")]
    description: String,
    /// E-mail address of the first owner.
    #[arg(long)]
    owner_email: String,
    /// Name of the first owner.
    #[arg(long)]
    owner_name: String,
    /// Their password. Without it, one is made and printed.
    #[arg(long, env = "NARROWS_OWNER_PASSWORD", hide_env_values = true)]
    owner_password: Option<String>,
}

pub async fn run(config: Arc<Config>, command: RealmCommand) -> anyhow::Result<()> {
    let ctx = super::connect(config).await?;
    match command {
        RealmCommand::Create(args) => {
            let password = super::user::Password::given_or_made(args.owner_password);
            let new = NewOrganization {
                subdomain: &args.subdomain,
                name: &args.name,
                description: &args.description,
                owner: NewPerson {
                    email: &args.owner_email,
                    full_name: &args.owner_name,
                    password: Some(password.value.clone()),
                    role: Role::Owner,
                },
            };
            let owner = realms::create(&ctx, new).await?;
            say!("url: {}", realms::url(&ctx, &owner.realm));
            password.print_if_made()?;
        }
        RealmCommand::Deactivate(args) => {
            realms::deactivate(&ctx, find(&ctx, &args).await?).await?;
        }
        RealmCommand::Reactivate(args) => {
            realms::reactivate(&ctx, find(&ctx, &args).await?).await?;
        }
        RealmCommand::List => {
            for realm in Realm::all_across_realms(&mut *ctx.store.read().await?).await? {
                let subdomain = if realm.subdomain.is_empty() {
                    "-"
                } else {
                    &realm.subdomain
                };
                say!("{subdomain}\t{}\t{}", realms::url(&ctx, &realm), realm.name);
            }
        }
    }
    ctx.store.publisher().flush().await;
    Ok(())
}

async fn find(ctx: &Ctx, which: &Which) -> anyhow::Result<RealmId> {
    let mut conn = ctx.store.read().await?;
    let realm = Realm::by_subdomain(&mut conn, &which.subdomain).await?;
    Ok(realm.id())
}
