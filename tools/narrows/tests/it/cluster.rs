//! A Narrows server of separate processes, for one test.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};

/// How long anything may take before the test gives up. Generous: machines are slow, hangs are for ever.
pub const PATIENCE: Duration = Duration::from_secs(90);

/// The processes of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Process {
    Server,
    Push,
    Worker,
}

/// A server and its services; both end with it.
pub struct Cluster {
    directory: PathBuf,
    environment: Vec<(String, String)>,
    running: Vec<(Process, Child)>,
    pub url: String,
    pub http: Client,
}

/// Somebody with an API key.
#[derive(Clone, Debug)]
pub struct User {
    pub email: String,
    pub key: String,
    pub id: i64,
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A port that was free a moment ago.
fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

impl Cluster {
    /// Starts services and processes, with one realm and its owner.
    pub async fn start(name: &str) -> anyhow::Result<(Cluster, User)> {
        let directory = repository()
            .join("var/test-clusters")
            .join(format!("{name}-{}", std::process::id()));
        let server_port = free_port()?;
        let mut cluster = Cluster {
            url: format!("http://127.0.0.1:{server_port}"),
            environment: vec![],
            running: vec![],
            http: Client::builder()
                .timeout(Duration::from_secs(95))
                .no_proxy()
                .build()?,
            directory,
        };
        cluster.services(&["start", "--ephemeral"])?;
        cluster.environment = cluster.environment(server_port)?;
        cluster.command(&["migrate"])?;
        let owner = [
            "--owner-email",
            "owner@example.com",
            "--owner-name",
            "Olga Owner",
            "--owner-password",
            "password",
        ];
        cluster.command(
            &[
                &["realm", "create", "--subdomain", "root", "--name", "Test"],
                &owner[..],
            ]
            .concat(),
        )?;
        for process in [Process::Push, Process::Server, Process::Worker] {
            cluster.spawn(process)?;
        }
        cluster.ready().await?;
        let owner = cluster.log_in("owner@example.com").await?;
        Ok((cluster, owner))
    }

    fn environment(&self, server_port: u16) -> anyhow::Result<Vec<(String, String)>> {
        let mut environment: Vec<(String, String)> = self
            .services(&["env"])?
            .lines()
            .filter_map(|line| {
                line.split_once('=')
                    .map(|(name, value)| (name.to_owned(), value.to_owned()))
            })
            .collect();
        let push_port = free_port()?;
        let data = self.data_directory().display().to_string();
        let mut set = |name: &str, value: String| environment.push((name.to_owned(), value));
        set("NARROWS_DEVELOPMENT", "true".into());
        set("NARROWS_SERVER_BIND", format!("127.0.0.1:{server_port}"));
        set(
            "NARROWS_SERVER_URL",
            format!("http://127.0.0.1:{server_port}"),
        );
        set("NARROWS_EXTERNAL_HOST", format!("127.0.0.1:{server_port}"));
        set("NARROWS_ROOT_SUBDOMAIN", "root".into());
        set("NARROWS_PUSH_BIND", format!("127.0.0.1:{push_port}"));
        set("NARROWS_PUSH_URL", format!("http://127.0.0.1:{push_port}"));
        set(
            "NARROWS_MAIL_URL",
            format!("smtp://127.0.0.1:{}", free_port()?),
        );
        set("NARROWS_DATA_DIR", data);
        Ok(environment)
    }

    /// Where the processes keep files.
    pub fn data_directory(&self) -> PathBuf {
        self.directory.join("data")
    }

    /// Runs `tools/services` on this cluster's services.
    pub fn services(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let (verb, rest) = arguments.split_first().context("a verb")?;
        let mut command = Command::new(repository().join("tools/services"));
        command
            .arg(verb)
            .arg(&self.directory)
            .args(rest)
            .stdin(Stdio::null())
            .stderr(Stdio::inherit());
        let output = command.output().context("tools/services")?;
        anyhow::ensure!(
            output.status.success(),
            "tools/services {arguments:?} failed"
        );
        Ok(String::from_utf8(output.stdout)?)
    }

    fn narrows(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_narrows"));
        command
            .args(arguments)
            .envs(self.environment.iter().cloned())
            .stdin(Stdio::null());
        command
    }

    /// Runs an operator's command to its end.
    pub fn command(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let output = self.narrows(arguments).stderr(Stdio::inherit()).output()?;
        anyhow::ensure!(output.status.success(), "narrows {arguments:?} failed");
        Ok(String::from_utf8(output.stdout)?)
    }

    /// Starts a process.
    pub fn spawn(&mut self, process: Process) -> anyhow::Result<()> {
        let name = match process {
            Process::Server => "server",
            Process::Push => "push",
            Process::Worker => "worker",
        };
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(self.directory.join(format!("{name}.log")))?;
        let child = self
            .narrows(&[name])
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()?;
        self.running.push((process, child));
        Ok(())
    }

    /// SIGKILL: the process has no chance to say goodbye.
    pub fn kill(&mut self, process: Process) -> anyhow::Result<()> {
        let place = self
            .running
            .iter()
            .position(|(running, _)| *running == process)
            .context("not running")?;
        let (_, mut child) = self.running.swap_remove(place);
        child.kill()?;
        child.wait()?;
        Ok(())
    }

    /// Waits until server and push answer.
    pub async fn ready(&self) -> anyhow::Result<()> {
        let push = &self
            .environment
            .iter()
            .find(|(name, _)| name == "NARROWS_PUSH_URL")
            .context("set")?
            .1;
        for url in [&self.url, push] {
            let start = Instant::now();
            while !self.answers(url).await {
                if start.elapsed() > PATIENCE {
                    bail!(
                        "{url} does not answer; see the logs in {}",
                        self.directory.display()
                    );
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
        Ok(())
    }

    async fn answers(&self, url: &str) -> bool {
        let answer = self.http.get(format!("{url}/health")).send().await;
        answer.is_ok_and(|answer| answer.status().is_success())
    }

    async fn log_in(&self, email: &str) -> anyhow::Result<User> {
        let form = [("username", email), ("password", "password")];
        let answer: Value = self
            .http
            .post(format!("{}/api/v1/fetch_api_key", self.url))
            .form(&form)
            .send()
            .await?
            .json()
            .await?;
        let key = answer["api_key"]
            .as_str()
            .with_context(|| format!("no key: {answer}"))?;
        Ok(User {
            email: email.into(),
            key: key.into(),
            id: answer["user_id"].as_i64().context("no id")?,
        })
    }

    /// A new member.
    pub async fn member(&self, owner: &User, name: &str) -> anyhow::Result<User> {
        let email = format!("{name}@example.com");
        let form = [
            ("email", email.as_str()),
            ("full_name", name),
            ("password", "password"),
        ];
        self.post(owner, "users", &form).await?;
        self.log_in(&email).await
    }

    fn url(&self, path: &str) -> String {
        format!("{}/api/v1/{path}", self.url)
    }

    /// A request in a user's name.
    pub fn request(&self, method: reqwest::Method, user: &User, path: &str) -> RequestBuilder {
        self.http
            .request(method, self.url(path))
            .basic_auth(&user.email, Some(&user.key))
    }

    /// POST that must succeed.
    pub async fn post(
        &self,
        user: &User,
        path: &str,
        form: &[(&str, &str)],
    ) -> anyhow::Result<Value> {
        let answer: Value = self
            .request(reqwest::Method::POST, user, path)
            .form(form)
            .send()
            .await?
            .json()
            .await?;
        anyhow::ensure!(answer["result"] == "success", "POST {path}: {answer}");
        Ok(answer)
    }

    /// Subscribes users to a public stream, made if need be.
    pub async fn subscribe(
        &self,
        actor: &User,
        stream: &str,
        users: &[&User],
    ) -> anyhow::Result<()> {
        let ids: Vec<i64> = users.iter().map(|user| user.id).collect();
        let subscriptions = json!([{ "name": stream }]).to_string();
        let form = [
            ("subscriptions", subscriptions.as_str()),
            ("principals", &json!(ids).to_string()),
        ];
        self.post(actor, "users/me/subscriptions", &form).await?;
        Ok(())
    }

    /// Sends a stream message. `None`: not acknowledged, whatever became of it.
    pub async fn send(&self, user: &User, stream: &str, content: &str) -> Option<i64> {
        let form = [
            ("type", "stream"),
            ("to", stream),
            ("topic", "load"),
            ("content", content),
        ];
        let request = self
            .request(reqwest::Method::POST, user, "messages")
            .form(&form);
        let answer: Value = request
            .timeout(Duration::from_secs(20))
            .send()
            .await
            .ok()?
            .json()
            .await
            .ok()?;
        answer["id"].as_i64()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        for (_, child) in &mut self.running {
            drop(child.kill());
            drop(child.wait());
        }
        drop(self.services(&["stop"]));
        // Logs stay where a test failed.
        if !std::thread::panicking() {
            drop(std::fs::remove_dir_all(&self.directory));
        }
    }
}
