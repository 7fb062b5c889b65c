//! What a media type says of the form of a body (RFC 9110, section 8.3; RFC 6838, section 4.2.8).

/// A media type without its parameters.
pub(super) fn essence(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or_default().trim()
}

/// Whether a media type is JSON, by its name or by its suffix (RFC 6839, section 3.1).
pub(crate) fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type);
    matches!(essence, "application/json" | "text/json") || essence.ends_with("+json")
}

/// Whether a media type is XML, by its name or by its suffix (RFC 7303).
pub(crate) fn is_xml(media_type: &str) -> bool {
    let essence = essence(media_type);
    matches!(essence, "application/xml" | "text/xml") || essence.ends_with("+xml")
}

/// Whether a media type is a form: names and values of text.
pub(crate) fn is_form(media_type: &str) -> bool {
    essence(media_type) == "application/x-www-form-urlencoded"
}

/// Server-sent events.
pub(super) fn is_events(media_type: &str) -> bool {
    essence(media_type) == "text/event-stream"
}

/// JSON line by line, by the names that are in use for it.
pub(super) fn is_lines(media_type: &str) -> bool {
    let names = [
        "application/x-ndjson",
        "application/ndjson",
        "application/jsonl",
        "application/x-jsonlines",
        "application/jsonlines",
        "application/json-seq",
        "application/stream+json",
        "application/x-json-stream",
    ];
    names.contains(&essence(media_type))
}

/// Values that come one by one.
pub(super) fn body_is_stream(media_type: &str) -> bool {
    is_events(media_type) || is_lines(media_type)
}

/// One media type of which no form is known, so that its bytes are handed on.
pub(super) fn is_bytes(media_type: &str) -> bool {
    let named = essence(media_type)
        .split_once('/')
        .is_some_and(|(kind, name)| !kind.is_empty() && !name.is_empty());
    let printed =
        media_type.bytes().all(|byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'*' | b','));
    let has_form = is_json(media_type) || is_xml(media_type) || body_is_stream(media_type);
    named && printed && !has_form
}
