//! Somebody else's web server.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A server on a port of its own that answers every request as it is told. Ends when it is dropped.
pub struct Site {
    /// Where it listens.
    pub address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
    task: tokio::task::JoinHandle<()>,
}

type Answers = dyn Fn(&str) -> (Vec<u8>, bool) + Send + Sync;

impl Site {
    /// Starts it. `answers` makes the bytes of an answer to a path, and says whether the connection stays open after them.
    pub async fn start(
        answers: impl Fn(&str) -> (Vec<u8>, bool) + Send + Sync + 'static,
    ) -> anyhow::Result<Site> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let answers: Arc<Answers> = Arc::new(answers);
        let heads = asked.clone();
        let task = tokio::spawn(async move {
            let mut connections = tokio::task::JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                connections.spawn(serve(stream, answers.clone(), heads.clone()));
            }
        });
        Ok(Site {
            address,
            asked,
            task,
        })
    }

    /// The URL of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The heads of the requests that came.
    pub fn asked(&self) -> Vec<String> {
        let asked = self.asked.lock();
        asked.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A page that is answered.
pub fn page(head: &str, body: &str) -> (Vec<u8>, bool) {
    let length = body.len();
    let answer = format!("HTTP/1.1 200 OK\r\n{head}\r\nContent-Length: {length}\r\n\r\n{body}");
    (answer.into_bytes(), false)
}

async fn serve(mut stream: TcpStream, answers: Arc<Answers>, asked: Arc<Mutex<Vec<String>>>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    asked
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(head);
    let (answer, stays) = answers(&path);
    // Who asked may have heard enough.
    let _ = stream.write_all(&answer).await;
    if stays {
        std::future::pending::<()>().await;
    }
}
