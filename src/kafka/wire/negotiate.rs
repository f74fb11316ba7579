//! The first exchange on a connection: which calls does this broker know, and is it a broker at all?
use super::{
    Address,
    calls::Call,
    connection::{Connection, Limit},
    error::{Cause, check},
    guard, probe,
    versions::Versions,
};
use kafka_protocol::{
    error::ResponseError,
    messages::{ApiVersionsRequest, ApiVersionsResponse, MetadataRequest},
    protocol::StrBytes,
};
use tokio::time::{Duration, Instant, sleep};

/// A broker answers in milliseconds: after so much silence the port is probed for other languages beside.
const SUSPICIOUS: Duration = Duration::from_secs(1);
const UNSUPPORTED: [u8; 2] = ResponseError::UnsupportedVersion.code().to_be_bytes();

/// The broker's version table, or what the port turned out to be.
pub async fn versions(connection: &Connection, address: &Address, limit: Limit) -> Result<Versions, Cause> {
    let other_language = async {
        sleep(SUSPICIOUS).await;
        probe::probe(address).await
    };
    let asked = ask(connection, limit.deadline);
    tokio::pin!(asked);
    let answer = tokio::select! {
        answer = &mut asked => answer,
        Some(speech) = other_language => return Err(Cause::Foreign(speech)),
    };
    match answer {
        Ok(versions) if !versions.knows::<MetadataRequest>() => Err(Cause::Controller),
        Ok(versions) => Ok(versions),
        Err(Cause::Late(_)) => Err(Cause::Silent(limit.within)),
        Err(closed @ Cause::Closed { answers: 0 }) => Err(probe::probe(address).await.map_or(closed, Cause::Foreign)),
        Err(cause) => Err(cause),
    }
}

/// A broker that does not know our version says so in version 0 (error 35), and perhaps what it knows; the second try
/// goes out on the same connection.
async fn ask(connection: &Connection, deadline: Instant) -> Result<Versions, Cause> {
    let mut version = ApiVersionsRequest::RANGE.max;
    loop {
        let body = connection.exchange(&request(version), version, deadline).await?;
        let refused = body.starts_with(&UNSUPPORTED);
        let written = if refused { 0 } else { version };
        let reply: ApiVersionsResponse = guard::decode(body, written).map_err(Cause::Garbled)?;
        if !refused {
            check(reply.error_code, None, String::new).map_err(|e| e.cause)?;
            return Ok(Versions::of(&reply));
        }
        if version == 0 {
            return Err(Cause::Code { code: reply.error_code, text: None });
        }
        let known = Versions::of(&reply).range::<ApiVersionsRequest>().map_or(0, |(_, highest)| highest);
        version = known.clamp(0, version - 1);
    }
}

fn request(version: i16) -> ApiVersionsRequest {
    let request = ApiVersionsRequest::default();
    if version < 3 {
        return request;
    }
    request
        .with_client_software_name(StrBytes::from_static_str(env!("CARGO_PKG_NAME")))
        .with_client_software_version(StrBytes::from_static_str(env!("CARGO_PKG_VERSION")))
}
