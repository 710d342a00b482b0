//! An SMTP server for development: takes every mail and delivers none. Mails are files in a directory, which the app
//! server shows at `/emails`: `emails/` below the data directory.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use narrows_runtime::config::Config;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A mail larger than this is refused, in bytes.
const MAX_MAIL: usize = 10 * 1024 * 1024;
/// A client that says nothing for so long is hung up on.
const PATIENCE: Duration = Duration::from_secs(60);

/// Listens where the mail URL points to.
pub(crate) async fn start(config: &Config) -> std::io::Result<()> {
    let Some(address) = config
        .mail
        .url
        .expose()
        .strip_prefix("smtp://")
        .map(|rest| rest.trim_end_matches('/'))
    else {
        return Ok(());
    };
    let directory: Arc<PathBuf> = Arc::new(Path::new(&config.server.data_dir).join("emails"));
    tokio::fs::create_dir_all(&*directory).await?;
    let listener = TcpListener::bind(address).await?;
    tokio::spawn(async move {
        loop {
            match listener.accept().await {
                Ok((stream, _)) => {
                    let directory = directory.clone();
                    tokio::spawn(async move {
                        if let Err(error) = talk(stream, &directory).await {
                            tracing::warn!(%error, "a client of the mail sink went away");
                        }
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "the mail sink cannot accept");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        }
    });
    Ok(())
}

/// As much of RFC 5321 as a submitting client needs.
async fn talk(stream: TcpStream, directory: &Path) -> std::io::Result<()> {
    let (reader, mut writer) = stream.into_split();
    let mut reader = BufReader::new(reader);
    writer
        .write_all(b"220 narrows development mail sink\r\n")
        .await?;
    let mut line = String::new();
    loop {
        line.clear();
        let read = tokio::time::timeout(PATIENCE, reader.read_line(&mut line)).await;
        if read.map_err(std::io::Error::other)?? == 0 {
            return Ok(());
        }
        let verb = line
            .split_whitespace()
            .next()
            .unwrap_or_default()
            .to_ascii_uppercase();
        let answer: &[u8] = match verb.as_str() {
            "EHLO" | "HELO" | "MAIL" | "RCPT" | "RSET" | "NOOP" => b"250 fine\r\n",
            "DATA" => {
                writer.write_all(b"354 go on\r\n").await?;
                match data(&mut reader).await? {
                    Some(mail) => {
                        keep(directory, &mail).await?;
                        b"250 kept\r\n"
                    }
                    None => b"552 too large\r\n",
                }
            }
            "QUIT" => {
                writer.write_all(b"221 bye\r\n").await?;
                return Ok(());
            }
            _ => b"502 not here\r\n",
        };
        writer.write_all(answer).await?;
    }
}

/// Reads to the line with a lone dot. `None`: larger than allowed.
async fn data(reader: &mut (impl AsyncBufReadExt + Unpin)) -> std::io::Result<Option<Vec<u8>>> {
    let mut mail = Vec::new();
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = tokio::time::timeout(PATIENCE, reader.read_until(b'\n', &mut line)).await;
        if read.map_err(std::io::Error::other)?? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        match line.strip_prefix(b".") {
            Some(b"\r\n" | b"\n") => return Ok((mail.len() <= MAX_MAIL).then_some(mail)),
            Some(rest) if mail.len() <= MAX_MAIL => mail.extend_from_slice(rest),
            None if mail.len() <= MAX_MAIL => mail.extend_from_slice(&line),
            _ => {}
        }
    }
}

/// Names sort by time. Written under another name first, so that nobody reads half a mail.
async fn keep(directory: &Path, mail: &[u8]) -> std::io::Result<()> {
    let nanos = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_nanos();
    let part = directory.join(format!("{nanos}.part"));
    tokio::fs::write(&part, mail).await?;
    tokio::fs::rename(&part, directory.join(format!("{nanos}.eml"))).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn dots_are_unstuffed_and_the_end_is_found() {
        let mut input = BufReader::new(&b"Subject: x\r\n\r\n..dot\r\n.\r\nNOOP\r\n"[..]);
        let mail = data(&mut input).await.expect("reads").expect("small");
        assert_eq!(mail, b"Subject: x\r\n\r\n.dot\r\n");
    }

    #[tokio::test]
    async fn a_mail_that_is_too_large_is_refused_whole() {
        let mut text = vec![b'x'; MAX_MAIL + 2];
        text.extend_from_slice(b"\r\n.\r\n");
        assert_eq!(
            data(&mut BufReader::new(&text[..])).await.expect("reads"),
            None
        );
    }

    #[tokio::test]
    async fn a_client_that_hangs_up_in_the_middle_is_an_error() {
        assert!(data(&mut BufReader::new(&b"half a"[..])).await.is_err());
    }
}
