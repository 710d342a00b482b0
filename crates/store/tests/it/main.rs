//! Against a real database, named by `NARROWS_DATABASE_URL`; each test makes one of its own there. The broker is not
//! needed: events stay in the outbox.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod horizon;
mod memberships;
mod premises;
mod streams;

use narrows_runtime::bus::{Bus, Publisher};
use narrows_runtime::config::{AmqpConfig, DatabaseConfig, Secret};
use narrows_store::batch::NewMessage;
use narrows_store::models::{NewRealm, NewStream, NewUser, Realm, Stream, User};
use narrows_store::{Store, migrate};
use narrows_wire::Role;

/// A database with one realm.
struct Fixture {
    url: String,
    store: Store,
    realm: Realm,
}

impl Fixture {
    async fn new(name: &str) -> Fixture {
        let base = std::env::var("NARROWS_DATABASE_URL").expect("a database server for tests");
        let (server, _) = base.rsplit_once('/').expect("a database in the URL");
        let database = format!("store_{name}_{}", std::process::id());
        let url = format!("{server}/{database}");
        create_database(&base, &database).await;
        migrate::run(&url).await.expect("migrates");
        let config = DatabaseConfig {
            url: Secret::new(url.clone()),
            pool_size: 16,
        };
        let nowhere = AmqpConfig {
            url: Secret::new("amqp://127.0.0.1:1"),
            ..AmqpConfig::default()
        };
        let (confirm, confirmed) = tokio::sync::mpsc::unbounded_channel();
        let publisher = Publisher::start(&Bus::connect(&nowhere), 1, confirm);
        let store = Store::connect(&config, publisher, confirmed)
            .await
            .expect("connects");
        let mut tx = store.begin().await.expect("begins");
        let realm = NewRealm::builder()
            .subdomain("")
            .name("Test")
            .created_at(chrono::DateTime::UNIX_EPOCH)
            .build();
        let realm = realm.insert(&mut tx).await.expect("inserts");
        drop(tx.commit().await.expect("commits"));
        Fixture { url, store, realm }
    }

    async fn user(&self, name: &str, role: Role) -> User {
        let mut tx = self.store.begin().await.expect("begins");
        let email = format!("{name}@example.com");
        let user = NewUser::builder()
            .realm_id(self.realm.id())
            .email(&email)
            .delivery_email(&email)
            .full_name(name)
            .role(role)
            .date_joined(self.realm.created_at)
            .build();
        let user = user.insert(&mut tx).await.expect("inserts");
        drop(tx.commit().await.expect("commits"));
        user
    }

    async fn stream(&self, name: &str) -> Stream {
        let mut tx = self.store.begin().await.expect("begins");
        let stream = NewStream::builder()
            .realm_id(self.realm.id())
            .name(name)
            .created_at(self.realm.created_at)
            .build();
        let stream = stream.insert(&mut tx).await.expect("inserts");
        drop(tx.commit().await.expect("commits"));
        stream
    }
}

async fn dial(url: &str) -> tokio_postgres::Client {
    let dialled = tokio_postgres::connect(url, tokio_postgres::NoTls).await;
    let (client, connection) = dialled.expect("connects");
    tokio::spawn(connection);
    client
}

async fn create_database(url: &str, name: &str) {
    let client = dial(url).await;
    let drop_old = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
    client.execute(&drop_old, &[]).await.expect("drops");
    let create = format!("CREATE DATABASE {name}");
    client.execute(&create, &[]).await.expect("creates");
}

/// A message to a stream.
fn message(stream: &Stream, sender: &User) -> NewMessage {
    NewMessage {
        realm_id: stream.realm_id(),
        recipient_id: stream.recipient_id(),
        topic: Some("race".to_owned()),
        sender_id: sender.id(),
        content: "x".to_owned(),
        rendered_content: "<p>x</p>".to_owned(),
        rendered_version: 1,
        client: "test".to_owned(),
        sent_at: stream.created_at,
        wildcard_mention: 0,
        has_link: false,
        has_image: false,
        has_attachment: false,
        is_me_message: false,
        flags: vec![],
        attachments: vec![],
        unread_by_sender: false,
        widget: None,
        jobs: 0,
        premise: None,
    }
}
