//! FindCoordinator: which broker a group belongs to. Transactions have none.

use crate::call::{Call, text};
use crate::codes;
use crate::force::About;
use crate::state::State;
use kafka_protocol::messages::find_coordinator_response::Coordinator;
use kafka_protocol::messages::{BrokerId, FindCoordinatorRequest, FindCoordinatorResponse};

/// Key types: 0 group, 1 transaction, 2 share group.
const GROUP: i8 = 0;
const TRANSACTION: i8 = 1;
/// From this version on a request asks for many keys.
const BATCHED: i16 = 4;

pub(crate) fn find(state: &mut State, call: &Call, request: FindCoordinatorRequest) -> FindCoordinatorResponse {
    if call.version >= BATCHED {
        let found = request.coordinator_keys.iter().map(|key| one(state, call, request.key_type, key));
        return FindCoordinatorResponse::default().with_coordinators(found.collect());
    }
    let found = one(state, call, request.key_type, &request.key);
    FindCoordinatorResponse::default()
        .with_error_code(found.error_code)
        .with_error_message(found.error_message)
        .with_node_id(found.node_id)
        .with_host(found.host)
        .with_port(found.port)
}

fn one(state: &mut State, call: &Call, kind: i8, key: &str) -> Coordinator {
    let none = Coordinator::default().with_key(text(key)).with_node_id(BrokerId(-1)).with_port(-1);
    if let Err(code) = state.unforced(call, About { group: Some(key), ..About::default() }) {
        return none.with_error_code(code);
    }
    match kind {
        GROUP => {}
        // The one code that every client takes for final; see InitProducerId.
        TRANSACTION => return none.with_error_code(codes::TRANSACTIONAL_ID_AUTHORIZATION_FAILED),
        _ => return none.with_error_code(codes::INVALID_REQUEST),
    }
    let broker = state.coordinator(key).and_then(|id| Some((id, state.brokers.get(&id)?.address)));
    let Some((id, address)) = broker else { return none.with_error_code(codes::COORDINATOR_NOT_AVAILABLE) };
    let (host, port) = (text(address.ip().to_string()), i32::from(address.port()));
    none.with_node_id(BrokerId(id)).with_host(host).with_port(port)
}
