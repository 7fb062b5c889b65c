//! Which format a request is in and which the answer takes, as ASP.NET Web API decides it.
//!
//! The answer follows `Accept`, and then the media type of the request: `DefaultContentNegotiator`
//! of ASP.NET Web API with its JSON and XML formatters, in this order. What it can't satisfy it
//! answers in JSON; there is no 406.

use std::cmp::Ordering;

use axum::http::{
    HeaderMap,
    header::{ACCEPT, CONTENT_TYPE},
};
use mime::{Mime, MimeIter};

/// A format that the service reads and writes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Json,
    Xml,
}

/// A name that a format goes by.
#[derive(Clone, Copy)]
pub(super) struct MediaType {
    pub(super) format: Format,
    /// Type and subtype, without parameters.
    pub(super) name: &'static str,
}

const APPLICATION_JSON: MediaType = MediaType { format: Format::Json, name: "application/json" };

/// In the order in which they are tried.
///
/// Source: "Request Formats" and "Response Formats" on the help page.
const SUPPORTED: [MediaType; 4] = [
    APPLICATION_JSON,
    MediaType { format: Format::Json, name: "text/json" },
    MediaType { format: Format::Xml, name: "application/xml" },
    MediaType { format: Format::Xml, name: "text/xml" },
];

/// The media type of the request's body, if it is a supported one; parameters do not matter.
pub(super) fn request_media_type(headers: &HeaderMap) -> Option<MediaType> {
    let sent: Mime = headers.get(CONTENT_TYPE)?.to_str().ok()?.parse().ok()?;
    SUPPORTED.into_iter().find(|supported| supported.name == sent.essence_str())
}

/// The media type of the request as it was sent, without its parameters; `None` if there is none
/// or it has not the form of one.
pub(super) fn sent_media_type(headers: &HeaderMap) -> Option<String> {
    let sent = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    sent.parse::<Mime>().ok()?;
    Some(sent.split(';').next()?.trim().to_owned())
}

/// The media type that the answer takes.
///
/// Of ranges that a caller likes equally, JSON wins, wherever it stands in the header.
pub(super) fn answer_media_type(headers: &HeaderMap) -> MediaType {
    let ranges = accepted(headers);
    let candidate = |format| {
        ranges.iter().find_map(|range| {
            let mut offered = SUPPORTED.into_iter().filter(|offered| offered.format == format);
            Some((range, offered.find(|offered| range.covers(offered.name))?))
        })
    };
    let accepted = match (candidate(Format::Json), candidate(Format::Xml)) {
        (Some(json), Some(xml)) if xml.0.preference(json.0).is_gt() => Some(xml),
        (json, xml) => json.or(xml),
    };
    accepted
        .map(|(_, media_type)| media_type)
        .or_else(|| request_media_type(headers))
        .unwrap_or(APPLICATION_JSON)
}

/// The ranges of all `Accept` headers, the most wanted first; what has not the form of a range is
/// passed over.
fn accepted(headers: &HeaderMap) -> Vec<Range> {
    let values = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let mut ranges: Vec<_> = values
        .flat_map(MimeIter::new)
        .flatten()
        .map(|range| {
            let quality = range.get_param("q").and_then(|q| q.as_str().parse().ok());
            let quality =
                quality.filter(|quality: &f32| (0.0..=1.0).contains(quality)).unwrap_or(1.0);
            Range { range, quality }
        })
        .filter(|range| range.quality != 0.0)
        .collect();
    ranges.sort_by(|a, b| b.preference(a));
    ranges
}

/// A media range of `Accept` that is not refused (`q=0`).
struct Range {
    range: Mime,
    quality: f32,
}

impl Range {
    fn covers(&self, media_type: &str) -> bool {
        let (type_, subtype) = (self.range.type_(), self.range.subtype());
        media_type.split_once('/').is_some_and(|(offered_type, offered_subtype)| {
            (type_ == mime::STAR || type_ == offered_type)
                && (subtype == mime::STAR || subtype == offered_subtype)
        })
    }

    /// The quality decides, and then how exact the range is.
    fn preference(&self, other: &Self) -> Ordering {
        self.quality.total_cmp(&other.quality).then(self.exactness().cmp(&other.exactness()))
    }

    fn exactness(&self) -> u8 {
        u8::from(self.range.type_() != mime::STAR) + u8::from(self.range.subtype() != mime::STAR)
    }
}
