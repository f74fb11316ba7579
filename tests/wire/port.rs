//! A port that says what a test tells it to: as much of Kafka as the test wants, or something else.
use bytes::{BufMut, Bytes, BytesMut};
use kafka_protocol::{
    messages::{
        ApiVersionsResponse, MetadataResponse, api_versions_response::ApiVersion,
        metadata_response::MetadataResponseBroker,
    },
    protocol::{Encodable, StrBytes},
};
use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

pub struct Port {
    pub number: u16,
    connections: Arc<AtomicUsize>,
    task: tokio::task::AbortHandle,
}

impl Port {
    /// Every connection runs `script` with its number, counted from 0.
    pub async fn open<F, Fut>(script: F) -> Self
    where
        F: Fn(Wire, usize) -> Fut + Send + 'static,
        Fut: Future<Output = Option<()>> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let number = listener.local_addr().unwrap().port();
        let connections = Arc::new(AtomicUsize::new(0));
        let count = connections.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let nth = count.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(script(Wire::over(stream), nth));
            }
        });
        Self { number, connections, task: task.abort_handle() }
    }

    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.number)
    }

    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Request {
    pub key: i16,
    pub version: i16,
    pub id: i32,
}

/// The server's end of one connection. Everything is `None` once the client is gone.
pub struct Wire {
    pub stream: TcpStream,
    port: u16,
}

impl Wire {
    pub fn over(stream: TcpStream) -> Self {
        let port = stream.local_addr().unwrap().port();
        Self { stream, port }
    }

    pub async fn request(&mut self) -> Option<Request> {
        let length = self.stream.read_i32().await.ok()?;
        let mut frame = vec![0; length as usize];
        self.stream.read_exact(&mut frame).await.ok()?;
        let number = |at: usize| i16::from_be_bytes([frame[at], frame[at + 1]]);
        let id = i32::from_be_bytes([frame[4], frame[5], frame[6], frame[7]]);
        Some(Request { key: number(0), version: number(2), id })
    }

    pub async fn say(&mut self, bytes: &[u8]) -> Option<()> {
        self.stream.write_all(bytes).await.ok()
    }

    /// Says nothing more, and keeps the connection until the client closes it.
    pub async fn hang(&mut self) -> Option<()> {
        let mut sink = [0; 1024];
        while self.stream.read(&mut sink).await.ok()? > 0 {}
        None
    }

    pub async fn reply<T: Encodable>(&mut self, to: &Request, answer: &T) -> Option<()> {
        let frame = frame(to, to.version, answer);
        self.say(&frame).await
    }

    /// Answers requests for versions and metadata as a cluster of this one broker, until the client is gone.
    pub async fn serve(&mut self) -> Option<()> {
        loop {
            let request = self.request().await?;
            self.serve_one(&request).await?;
        }
    }

    pub async fn serve_one(&mut self, request: &Request) -> Option<()> {
        match request.key {
            18 => self.reply(request, &versions(&[(3, 0, 9), (18, 0, 3)])).await,
            _ => {
                let metadata = self.metadata();
                self.reply(request, &metadata).await
            }
        }
    }

    pub fn metadata(&self) -> MetadataResponse {
        let host = StrBytes::from_static_str("127.0.0.1");
        let broker = MetadataResponseBroker::default().with_node_id(1.into()).with_host(host);
        MetadataResponse::default().with_brokers(vec![broker.with_port(i32::from(self.port))])
    }
}

/// Call, lowest and highest version.
pub fn versions(calls: &[(i16, i16, i16)]) -> ApiVersionsResponse {
    let call = |&(key, min, max): &(i16, i16, i16)| {
        ApiVersion::default().with_api_key(key).with_min_version(min).with_max_version(max)
    };
    ApiVersionsResponse::default().with_api_keys(calls.iter().map(call).collect())
}

/// A whole answer, its length first. Only ApiVersions keeps the old header in flexible versions.
pub fn frame<T: Encodable>(to: &Request, version: i16, answer: &T) -> Bytes {
    let mut body = BytesMut::new();
    body.put_i32(to.id);
    if to.key != 18 && version >= 9 {
        body.put_u8(0);
    }
    answer.encode(&mut body, version).unwrap();
    let mut frame = BytesMut::new();
    frame.put_i32(body.len() as i32);
    frame.put(body);
    frame.freeze()
}
