use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures_util::{SinkExt, StreamExt};
use narrows_wire::{Audience, UserId};
use serde_json::Value;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::harness::{EMAIL, KEY, Process, Server, config, descriptor, envelope};

#[tokio::test]
async fn a_websocket_reads_the_same_queue_as_a_poll() {
    let config = config();
    let (push, server) = (Process::start(&config).await, Server::new(&config));
    let queue = server
        .register(&push.url, &descriptor(UserId(10)), 0, &[])
        .await;
    server.publish(&envelope(1, Audience::realm())).await;
    let url = format!(
        "{}/api/v1/events/websocket?queue_id={}&last_event_id={}",
        push.url.replace("http", "ws"),
        queue.queue_id,
        queue.last_event_id
    );
    let mut request = url.as_str().into_client_request().expect("a URL");
    let basic = format!("Basic {}", STANDARD.encode(format!("{EMAIL}:{KEY}")));
    request
        .headers_mut()
        .insert("Authorization", basic.parse().expect("a header"));
    let (mut socket, _) = tokio_tungstenite::connect_async(request)
        .await
        .expect("connects");
    let mut last = 0;
    for n in 1..=3 {
        let frame = socket
            .next()
            .await
            .expect("open")
            .expect("a frame")
            .into_text()
            .expect("text");
        let frame: Value = serde_json::from_str(&frame).expect("JSON");
        assert_eq!(
            (&frame["result"], &frame["queue_id"]),
            (&"success".into(), &queue.queue_id.clone().into())
        );
        assert_eq!(frame["events"][0]["n"], n);
        last = frame["events"][0]["id"].as_i64().expect("an id");
        if n < 3 {
            server.publish(&envelope(n + 1, Audience::realm())).await;
        }
    }
    let acknowledgement = format!("{{\"last_event_id\":{last}}}");
    socket
        .send(Message::text(acknowledgement))
        .await
        .expect("sent");
    socket.send(Message::Ping("x".into())).await.expect("sent");
    assert!(
        socket
            .next()
            .await
            .expect("open")
            .expect("a frame")
            .is_pong(),
        "the acknowledgement was read before"
    );
    server.publish(&envelope(4, Audience::realm())).await;
    let polled: Value = server
        .poll(&push.url, &queue.queue_id, last)
        .await
        .json()
        .await
        .expect("JSON");
    assert_eq!(polled["events"][0]["n"], 4);
    loop {
        let frame = socket.next().await.expect("open").expect("a frame");
        if frame.is_close() {
            break; // the poll took over
        }
    }

    let stranger = tokio_tungstenite::connect_async(&url).await;
    assert!(stranger.is_err(), "without credentials");
}
