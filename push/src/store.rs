//! Redis: what a shard finds again after it was killed.

use std::collections::HashMap;

use narrows_runtime::redis::{Redis, RedisError};
use narrows_wire::{StreamId, UserId};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::queue::Stored;
use crate::shard::{Batch, Loaded, Meta};

/// The keys of one shard, each a hash.
#[derive(Clone)]
pub struct Store {
    redis: Redis,
    shard: u32,
}

impl Store {
    /// Of a shard.
    pub fn new(redis: Redis, shard: u32) -> Self {
        Self { redis, shard }
    }

    fn key(&self, what: &str) -> String {
        self.redis.key(&format!("push:{}:{what}", self.shard))
    }

    /// Whether Redis answers: without it no queue can be promised.
    pub async fn check(&self) -> Result<(), RedisError> {
        self.redis
            .run::<String>(&redis::cmd("PING"))
            .await
            .map(drop)
    }

    /// Everything.
    pub async fn load(&self) -> Result<Loaded, RedisError> {
        let mut cursors: HashMap<String, i64> = self.all("cursors").await?;
        let queues: HashMap<String, Stored> = self.all("queues").await?;
        let users: HashMap<String, _> = self.all("users").await?;
        let streams: HashMap<String, _> = self.all("streams").await?;
        let mut meta: HashMap<String, Meta> = self.all("meta").await?;
        let queues = queues.into_iter().map(|(id, stored)| {
            let cursor = cursors.remove(&id);
            (id, stored, cursor)
        });
        Ok(Loaded {
            meta: meta.remove("meta"),
            queues: queues.collect(),
            users: users
                .into_iter()
                .filter_map(|(id, user)| Some((UserId(id.parse().ok()?), user)))
                .collect(),
            streams: streams
                .into_iter()
                .filter_map(|(id, s)| Some((StreamId(id.parse().ok()?), s)))
                .collect(),
        })
    }

    async fn all<T: DeserializeOwned>(&self, what: &str) -> Result<HashMap<String, T>, RedisError> {
        let raw: HashMap<String, String> = self
            .redis
            .run(redis::cmd("HGETALL").arg(self.key(what)))
            .await?;
        let parsed = raw.into_iter().filter_map(|(field, json)| {
            serde_json::from_str(&json)
                .inspect_err(|error| tracing::error!(%error, what, field, "stored state cannot be read; left out"))
                .ok()
                .map(|value| (field, value))
        });
        Ok(parsed.collect())
    }

    /// A batch, and the queues that became active with it, at once or not at all.
    pub async fn write(
        &self,
        batch: &Batch,
        opened: Option<(&str, &Stored)>,
    ) -> Result<(), RedisError> {
        let mut pipeline = redis::pipe();
        pipeline.atomic();
        if let Some(meta) = &batch.meta {
            pipeline.hset(self.key("meta"), "meta", json(meta)).ignore();
        }
        if let Some((id, stored)) = opened {
            pipeline.hset(self.key("queues"), id, json(stored)).ignore();
        }
        for (id, cursor) in &batch.cursors {
            pipeline.hset(self.key("cursors"), &**id, cursor).ignore();
        }
        for id in &batch.dead {
            pipeline.hdel(self.key("queues"), &**id).ignore();
            pipeline.hdel(self.key("cursors"), &**id).ignore();
        }
        for (id, user) in &batch.users {
            put(&mut pipeline, &self.key("users"), id.0, user.as_ref());
        }
        for (id, versions) in &batch.streams {
            put(&mut pipeline, &self.key("streams"), id.0, versions.as_ref());
        }
        self.redis.run_all(&pipeline).await
    }
}

fn put<T: Serialize>(pipeline: &mut redis::Pipeline, key: &str, id: i32, value: Option<&T>) {
    match value {
        Some(value) => pipeline.hset(key, id, json(value)).ignore(),
        None => pipeline.hdel(key, id).ignore(),
    };
}

fn json(value: &impl Serialize) -> String {
    // Our own types of numbers, strings and lists: cannot fail, and what is unreadable is left out on loading.
    serde_json::to_string(value).unwrap_or_default()
}
