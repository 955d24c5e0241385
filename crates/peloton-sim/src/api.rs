//! The JSON API: who may ask what, and the envelopes around the world's answers.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::faults::{FaultKind, spoil};
use crate::log::Logged;
use crate::overlay::Overlay;
use crate::service::{Shared, lock};
use crate::world::{Joins, World, ZERO};

const LARGEST_LIMIT: usize = 100;
const DEFAULT_LIMIT: usize = 20;
const JSON: &str = "application/json";

/// An answer that is not the item itself.
type Refusal = (u16, Value);

/// Any request of the API.
pub(crate) async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let at = lock(&shared.log).begin();
    let arrival = Instant::now();
    let (parts, _) = request.into_parts();
    let path = parts.uri.path().to_owned();
    let query = parts.uri.query().unwrap_or_default().to_owned();
    if !shared.settings.latency.is_zero() {
        tokio::time::sleep(shared.settings.latency).await;
    }
    let response = respond(&shared, &parts, arrival, &path, &query).await;
    let status = response.status().as_u16();
    lock(&shared.log).end(Logged {
        at,
        path,
        query,
        status,
    });
    response
}

async fn respond(
    shared: &Shared,
    request: &Parts,
    arrival: Instant,
    path: &str,
    query: &str,
) -> Response {
    if request
        .headers
        .get(header::COOKIE)
        .is_some_and(|cookies| carries_login(cookies.as_bytes()))
    {
        lock(&shared.log).totals.leaked_cookies += 1;
    }
    if let Some(refused) = limited(shared, arrival) {
        return refused;
    }
    let fault = lock(&shared.faults).draw(&format!("{path}?{query}"));
    if fault == Some(FaultKind::Stall) {
        let stall = lock(&shared.faults).faults.stall;
        tokio::time::sleep(stall).await;
    }
    if let Some(poison) = lock(&shared.faults).poisoned(path, query) {
        return poison.answer();
    }
    let (status, content_type, body) = good(shared, request, path, query);
    let body = lock(&shared.faults).garble(path, body);
    if let Some(fault) = fault.filter(|_| status == StatusCode::OK) {
        return spoil(fault, &body);
    }
    (status, [(header::CONTENT_TYPE, content_type)], body).into_response()
}

fn carries_login(cookies: &[u8]) -> bool {
    let cookies = String::from_utf8_lossy(cookies);
    cookies.contains("auth0=") || cookies.contains("_csrf=")
}

fn limited(shared: &Shared, arrival: Instant) -> Option<Response> {
    let mut limit = lock(&shared.limit);
    if limit.is_blocked {
        return Some((StatusCode::TOO_MANY_REQUESTS, "error code: 1015").into_response());
    }
    let premature = limit.is_premature(arrival);
    let refused = limit.refuse();
    drop(limit);
    if premature {
        lock(&shared.log).totals.premature += 1;
    }
    refused
}

fn good(
    shared: &Shared,
    request: &Parts,
    path: &str,
    query: &str,
) -> (StatusCode, &'static str, Vec<u8>) {
    let segments: Vec<&str> = path
        .split('/')
        .filter(|segment| !segment.is_empty())
        .collect();
    let parameters: HashMap<String, String> = url::form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    match content(shared, request, &segments, &parameters) {
        Ok((content_type, body)) => (StatusCode::OK, content_type, body),
        Err((status, body)) => (code(status), JSON, body.to_string().into_bytes()),
    }
}

fn content(
    shared: &Shared,
    request: &Parts,
    segments: &[&str],
    parameters: &HashMap<String, String>,
) -> Result<(&'static str, Vec<u8>), Refusal> {
    admitted(shared, &request.headers, &request.method, segments)?;
    if let ["api", "user", id, "workout_history_csv"] = segments {
        own(shared, id)?;
        return Ok(("text/csv", shared.world.history_csv(0).into_bytes()));
    }
    if !shared.settings.freeze_counters {
        lock(&shared.overlay).ticks += 1;
    }
    let mut body = route(shared, segments, parameters)?;
    // Where somebody was is only told to a platform.
    if segments.ends_with(&["performance_graph"])
        && !request.headers.contains_key("peloton-platform")
        && let Some(way) = body.get_mut("location_data")
    {
        *way = json!([]);
    }
    Ok((JSON, body.to_string().into_bytes()))
}

fn code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// Method, token and headers.
fn admitted(
    shared: &Shared,
    headers: &HeaderMap,
    method: &Method,
    segments: &[&str],
) -> Result<(), Refusal> {
    if *segments == ["auth", "login"] && method == Method::POST {
        return Err((
            403,
            json!({"status": 403, "message": "Access forbidden. Endpoint no longer accepting requests."}),
        ));
    }
    if method != Method::GET {
        return Err((405, json!({"status": 405, "message": "Method not allowed"})));
    }
    let is_public = matches!(
        segments,
        ["api", "ride", "metadata_mappings"] | ["api", "instructor", ..]
    );
    let bearer = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    if !is_public && !bearer.is_some_and(|token| lock(&shared.tokens).accepts(token)) {
        return Err((
            401,
            json!({"status": 401, "error_code": 3000, "message": "Unauthorized", "subcode": null}),
        ));
    }
    let wants_platform = matches!(segments, ["api", "user", _, "overview" | "achievements"]);
    if wants_platform && !headers.contains_key("peloton-platform") {
        return Err((
            400,
            json!({"status": 400, "error_code": 2120, "message": "Peloton-Platform header is required"}),
        ));
    }
    Ok(())
}

fn route(
    shared: &Shared,
    segments: &[&str],
    parameters: &HashMap<String, String>,
) -> Result<Value, Refusal> {
    match segments {
        ["api", "me"] => Ok(lock(&shared.overlay).profile(0, shared.world.me())),
        ["api", "user", ..] => of_member(shared, segments, parameters),
        ["api", "workout", ..] => of_workout(shared, segments, parameters),
        _ => of_library(&shared.world, segments, parameters),
    }
}

fn of_member(
    shared: &Shared,
    segments: &[&str],
    parameters: &HashMap<String, String>,
) -> Result<Value, Refusal> {
    let world = &shared.world;
    match segments {
        ["api", "user", id] => {
            let at = member(shared, id)?;
            Ok(lock(&shared.overlay).profile(at, world.user(at)))
        }
        ["api", "user", id, "settings"] => own(shared, id).map(|()| world.settings()),
        ["api", "user", id, "overview"] => Ok(world.overview(readable(shared, id)?)),
        ["api", "user", id, "calendar"] => Ok(world.calendar(readable(shared, id)?)),
        ["api", "user", id, "achievements"] => Ok(world.achievements(readable(shared, id)?)),
        ["api", "user", id, "challenges", "current"] => {
            own(shared, id).map(|()| world.challenges(false))
        }
        ["api", "user", id, "challenges", "past"] => {
            own(shared, id).map(|()| world.challenges(true))
        }
        ["api", "user", id, "following"] => {
            follows(shared, readable(shared, id)?, true, parameters)
        }
        ["api", "user", id, "followers"] => {
            follows(shared, readable(shared, id)?, false, parameters)
        }
        ["api", "user", id, "workouts"] => workouts(shared, readable(shared, id)?, parameters),
        _ => Err(no_route(segments)),
    }
}

fn of_workout(
    shared: &Shared,
    segments: &[&str],
    parameters: &HashMap<String, String>,
) -> Result<Value, Refusal> {
    let world = &shared.world;
    match segments {
        ["api", "workout", id] => {
            readable_workout(shared, id)?;
            let joins = joins(parameters);
            lock(&shared.overlay)
                .detail(world, id, joins)
                .ok_or_else(|| missing("workout", id))
        }
        ["api", "workout", id, "performance_graph"] => {
            readable_workout(shared, id)?;
            let every_n = parameters
                .get("every_n")
                .and_then(|text| text.parse().ok())
                .unwrap_or(50);
            lock(&shared.overlay)
                .graph(world, id, every_n)
                .ok_or_else(|| missing("workout", id))
        }
        _ => Err(no_route(segments)),
    }
}

/// Classes and those who teach them.
fn of_library(
    world: &World,
    segments: &[&str],
    parameters: &HashMap<String, String>,
) -> Result<Value, Refusal> {
    match segments {
        ["api", "ride", "metadata_mappings"] => Ok(world.metadata_mappings()),
        ["api", "ride", id, "details"] => world.ride_details(id).ok_or_else(|| missing("ride", id)),
        ["api", "ride", id] if *id != ZERO => world.ride(id).ok_or_else(|| missing("ride", id)),
        ["api", "instructor"] => Ok(page(world.instructors(), parameters, json!({}))),
        ["api", "instructor", id] => world
            .instructor(id)
            .ok_or_else(|| missing("instructor", id)),
        _ => Err(no_route(segments)),
    }
}

fn no_route(segments: &[&str]) -> Refusal {
    let path = segments
        .iter()
        .skip(1)
        .fold(String::new(), |path, segment| format!("{path}/{segment}"));
    (
        404,
        json!({"status": 404, "message": format!("Not found: '{path}'")}),
    )
}

fn missing(class: &str, key: &str) -> Refusal {
    (
        404,
        json!({"status": 404, "error_code": 110, "message": format!("class: {class} key: {key}")}),
    )
}

fn forbidden() -> Refusal {
    (
        403,
        json!({"status": 403, "error_code": 3030, "message": "No permission to access this resource."}),
    )
}

/// By id or user name.
fn member(shared: &Shared, name: &str) -> Result<usize, Refusal> {
    let name = percent_decoded(name);
    let members = shared.world.members();
    let found = members
        .iter()
        .position(|member| member.id == name || member.username == name);
    let found = found.filter(|at| !lock(&shared.overlay).is_gone(&shared.world, *at));
    found.ok_or_else(|| {
        (
            404,
            json!({"status": 404, "error_code": 110, "message": "User not found"}),
        )
    })
}

fn percent_decoded(text: &str) -> String {
    let query = format!("x={}", text.replace('+', "%2B"));
    url::form_urlencoded::parse(query.as_bytes())
        .next()
        .map_or_else(String::new, |(_, value)| value.into_owned())
}

/// A member who does not hide from the own account.
fn readable(shared: &Shared, name: &str) -> Result<usize, Refusal> {
    let at = member(shared, name)?;
    if at > 0 && lock(&shared.overlay).is_private(&shared.world, at) {
        Err(forbidden())
    } else {
        Ok(at)
    }
}

fn own(shared: &Shared, name: &str) -> Result<(), Refusal> {
    if member(shared, name)? == 0 {
        Ok(())
    } else {
        Err(forbidden())
    }
}

fn readable_workout(shared: &Shared, id: &str) -> Result<(), Refusal> {
    let overlay = lock(&shared.overlay);
    let owner = overlay
        .owner(&shared.world, id)
        .ok_or_else(|| missing("workout", id))?;
    if overlay.is_gone(&shared.world, owner) {
        return Err(missing("workout", id));
    }
    if owner > 0 && overlay.is_private(&shared.world, owner) {
        Err(forbidden())
    } else {
        Ok(())
    }
}

fn joins(parameters: &HashMap<String, String>) -> Joins {
    parameters
        .get("joins")
        .map_or_else(Joins::default, |text| Joins::parse(text))
}

fn workouts(
    shared: &Shared,
    member: usize,
    parameters: &HashMap<String, String>,
) -> Result<Value, Refusal> {
    let (overlay, world) = (lock(&shared.overlay), &shared.world);
    let ids: Vec<String> = overlay
        .workouts(world, member)
        .into_iter()
        .filter(|id| is_wanted(&overlay, world, id, parameters))
        .collect();
    let (number, limit) = window(parameters);
    let joins = joins(parameters);
    let rows: Vec<Value> = ids
        .iter()
        .skip(number * limit)
        .take(limit)
        .filter_map(|id| overlay.row(world, id, joins))
        .collect();
    let next = ids
        .get((number + 1) * limit)
        .map(|id| json!({"workout_id": id, "created_at": overlay.created_at(world, id)}));
    let more = json!({"count": rows.len(), "summary": months(&overlay, world, &ids), "aggregate_stats": [],
        "total_heart_rate_zone_durations": null, "next": next});
    let sort_by = json!("-created_at,-pk");
    Ok(envelope(rows, ids.len(), number, limit, sort_by, more))
}

/// Whether the bounds are part of the span nobody knows; here they are.
fn is_wanted(
    overlay: &Overlay,
    world: &World,
    id: &str,
    parameters: &HashMap<String, String>,
) -> bool {
    let bound = |name: &str| parameters.get(name)?.parse::<Timestamp>().ok();
    let time = overlay
        .time(world, id)
        .and_then(|time| Timestamp::from_second(time).ok());
    let is_in = |time: Timestamp| {
        bound("from").is_none_or(|from| from <= time) && bound("to").is_none_or(|to| time <= to)
    };
    let ride_id = parameters.get("ride_id");
    time.is_none_or(is_in)
        && ride_id.is_none_or(|ride_id| overlay.ride_id(world, id) == Some(ride_id))
}

/// How many workouts each month has.
fn months(overlay: &Overlay, world: &World, ids: &[String]) -> BTreeMap<String, usize> {
    let mut months = BTreeMap::new();
    for id in ids {
        let created = overlay.created_at(world, id).unwrap_or_default();
        if let Ok(created) = Timestamp::from_second(created) {
            let month = created.strftime("%Y-%m").to_string();
            *months.entry(month).or_default() += 1;
        }
    }
    months
}

fn follows(
    shared: &Shared,
    owner: usize,
    is_following: bool,
    parameters: &HashMap<String, String>,
) -> Result<Value, Refusal> {
    let overlay = lock(&shared.overlay);
    let members = shared.world.members();
    let is_in = |at: &usize| {
        let follows = if is_following {
            overlay.is_followed(&shared.world, *at)
        } else {
            members[*at].is_follower
        };
        // Only the own lists have somebody in them.
        owner == 0 && *at > 0 && follows
    };
    let rows: Vec<Value> = (0..members.len())
        .filter(is_in)
        .map(|at| overlay.profile(at, shared.world.follow_row(at)))
        .collect();
    let total = rows.len();
    Ok(page(
        rows,
        parameters,
        json!({"total_non_pending_followers": total, "next": null}),
    ))
}

fn page(rows: Vec<Value>, parameters: &HashMap<String, String>, more: Value) -> Value {
    let (number, limit) = window(parameters);
    let total = rows.len();
    let rows: Vec<Value> = rows.into_iter().skip(number * limit).take(limit).collect();
    let mut more = more;
    more["count"] = json!(rows.len());
    envelope(rows, total, number, limit, Value::Null, more)
}

fn window(parameters: &HashMap<String, String>) -> (usize, usize) {
    let number = |name: &str| {
        parameters
            .get(name)
            .and_then(|text| text.parse::<usize>().ok())
    };
    let limit = number("limit")
        .unwrap_or(DEFAULT_LIMIT)
        .clamp(1, LARGEST_LIMIT);
    (number("page").unwrap_or(0).min(1 << 20), limit)
}

fn envelope(
    rows: Vec<Value>,
    total: usize,
    number: usize,
    limit: usize,
    sort_by: Value,
    more: Value,
) -> Value {
    let mut page = json!({
        "data": rows, "limit": limit, "page": number, "total": total, "page_count": total.div_ceil(limit),
        "show_previous": number > 0, "show_next": (number + 1) * limit < total, "sort_by": sort_by,
    });
    if let (Some(page), Value::Object(more)) = (page.as_object_mut(), more) {
        page.extend(more);
    }
    page
}
