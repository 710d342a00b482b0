//! What a server says to PostgreSQL: a relay between the two that counts statements, rows and bytes.
//!
//! For tests that pin what a request costs, which no clock can do: how many statements it takes, how many rows it
//! writes, and that neither grows with the audience.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

/// What was said since it was last asked.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// The statements that were executed, in the order in which they were sent; preparing them is left out.
    pub statements: Vec<String>,
    /// Rows that were inserted or updated.
    pub rows_written: u64,
    /// Bytes of the values that came with the statements.
    pub bytes: usize,
}

impl Said {
    /// How many statements, but for those that do not belong to a request: what tidies up in the background whenever it
    /// comes to it, and what sets up a connection that is opened because another one was busy.
    pub fn count(&self) -> usize {
        let apart =
            |sql: &&String| sql.starts_with("DELETE FROM outbox") || sql.starts_with("SET ");
        self.statements.len() - self.statements.iter().filter(apart).count()
    }
}

/// See the module.
#[derive(Clone)]
pub struct Tap {
    /// Where a server has to connect.
    pub url: String,
    said: Arc<Mutex<Said>>,
}

impl Tap {
    /// Before the database of this URL.
    pub async fn start(url: &str) -> anyhow::Result<Tap> {
        let (user, rest) = url.rsplit_once('@').context("no user in the URL")?;
        let (server, database) = rest.split_once('/').context("no database in the URL")?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let said = Arc::new(Mutex::new(Said::default()));
        tokio::spawn(accept(listener, server.to_owned(), said.clone()));
        Ok(Tap {
            url: format!("{user}@127.0.0.1:{port}/{database}"),
            said,
        })
    }

    /// What was said since the last call.
    pub fn take(&self) -> Said {
        std::mem::take(&mut *lock(&self.said))
    }
}

fn lock(said: &Mutex<Said>) -> std::sync::MutexGuard<'_, Said> {
    said.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn accept(listener: TcpListener, server: String, said: Arc<Mutex<Said>>) {
    while let Ok((client, _)) = listener.accept().await {
        let Ok(postgres) = TcpStream::connect(&server).await else {
            continue;
        };
        // Each small message has to arrive at once, as without a relay.
        drop((client.set_nodelay(true), postgres.set_nodelay(true)));
        let (from_client, to_client) = client.into_split();
        let (from_postgres, to_postgres) = postgres.into_split();
        tokio::spawn(listen_to_client(from_client, to_postgres, said.clone()));
        tokio::spawn(listen_to_postgres(from_postgres, to_client, said.clone()));
    }
}

/// Splits a stream into messages: a type, a length that counts itself, a body.
#[derive(Default)]
struct Messages(Vec<u8>);

impl Messages {
    /// The next whole message.
    fn next(&mut self) -> Option<(u8, Vec<u8>)> {
        let length: [u8; 4] = self.0.get(1..5)?.try_into().ok()?;
        let end = 1 + usize::try_from(u32::from_be_bytes(length)).ok()?;
        let body = self.0.get(5..end)?.to_vec();
        let kind = *self.0.first()?;
        self.0.drain(..end);
        Some((kind, body))
    }
}

/// A text that ends with a NUL, and what follows.
fn text(bytes: &[u8]) -> (String, &[u8]) {
    let end = bytes.iter().position(|byte| *byte == 0);
    let (text, rest) = bytes.split_at(end.unwrap_or(bytes.len()));
    (
        String::from_utf8_lossy(text).trim().to_owned(),
        rest.get(1..).unwrap_or_default(),
    )
}

async fn listen_to_client(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    said: Arc<Mutex<Said>>,
) -> std::io::Result<()> {
    let mut buffer = vec![0; 1 << 16];
    let mut messages = Messages::default();
    // The first message has no type.
    let mut begun = false;
    let mut prepared: HashMap<String, String> = HashMap::new();
    let mut bound = String::new();
    loop {
        let read = from.read(&mut buffer).await?;
        let bytes = buffer.get(..read).unwrap_or_default();
        if bytes.is_empty() {
            return to.shutdown().await;
        }
        messages.0.extend((!begun).then_some(0));
        messages.0.extend_from_slice(bytes);
        begun = true;
        while let Some((kind, body)) = messages.next() {
            match kind {
                b'P' => {
                    let (name, rest) = text(&body);
                    prepared.insert(name, text(rest).0);
                }
                b'B' => {
                    bound = text(text(&body).1).0;
                    lock(&said).bytes += body.len();
                }
                b'E' => {
                    let sql = prepared.get(&bound).cloned().unwrap_or_default();
                    lock(&said).statements.push(sql);
                }
                b'Q' => lock(&said).statements.push(text(&body).0),
                _ => {}
            }
        }
        to.write_all(bytes).await?;
    }
}

async fn listen_to_postgres(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    said: Arc<Mutex<Said>>,
) -> std::io::Result<()> {
    let mut buffer = vec![0; 1 << 16];
    let mut messages = Messages::default();
    loop {
        let read = from.read(&mut buffer).await?;
        let bytes = buffer.get(..read).unwrap_or_default();
        if bytes.is_empty() {
            return to.shutdown().await;
        }
        messages.0.extend_from_slice(bytes);
        while let Some((kind, body)) = messages.next() {
            if kind != b'C' {
                continue;
            }
            // "INSERT 0 3", "UPDATE 1"
            let (tag, _) = text(&body);
            if ["INSERT", "UPDATE"]
                .iter()
                .any(|verb| tag.starts_with(verb))
            {
                let rows = tag.rsplit(' ').next().and_then(|rows| rows.parse().ok());
                lock(&said).rows_written += rows.unwrap_or(0_u64);
            }
        }
        to.write_all(bytes).await?;
    }
}
