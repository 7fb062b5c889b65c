//! Bodies of several parts (`multipart/form-data`, RFC 7578).
//!
//! Parts that are at hand are put together in memory, so that such a request can be sent again; one
//! with a part that is read as it is sent goes out as a stream, with its length where that is known,
//! and once. (The multipart form of the HTTP library is a stream in any case, and never sent again.)

use std::collections::VecDeque;
use std::fmt;
use std::path::Path;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use http_body::{Body, Frame};
use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::chunks::Chunks;
use crate::file::FileBody;
use crate::{InvalidRequest, Parameter, style};

/// The parts of a body, in the order in which they are sent.
#[derive(Clone, Default)]
pub struct Multipart {
    parts: Vec<(String, FilePart)>,
    /// The headers of parts, by the names of these.
    headers: Vec<(String, HeaderName, String)>,
    invalid: Option<String>,
}

/// The content of a part, with the name and the media type that it has, if any.
///
/// Bytes and texts become one; [`FilePart::path`] opens a file.
#[derive(Clone)]
pub struct FilePart {
    content: Content,
    file_name: Option<String>,
    media_type: Option<String>,
}

#[derive(Clone)]
enum Content {
    Bytes(Bytes),
    /// Read as it is sent, and only once, whichever clone comes first.
    Stream(Arc<Mutex<Option<reqwest::Body>>>, Option<u64>),
}

impl FilePart {
    fn new(content: Content) -> Self {
        Self { content, file_name: None, media_type: None }
    }

    /// The file at `path`, under its own name, read as it is sent.
    ///
    /// # Errors
    /// When it can't be opened.
    pub async fn path(path: impl AsRef<Path>) -> std::io::Result<Self> {
        let path = path.as_ref();
        let file = tokio::fs::File::open(path).await?;
        let length = file.metadata().await?.len();
        let part = Self::stream(reqwest::Body::wrap(FileBody::new(file))).length(length);
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        Ok(Self { file_name: name, ..part })
    }

    /// A stream, read as it is sent. Such a body is sent once: a call is not tried again with it.
    pub fn stream(body: impl Into<reqwest::Body>) -> Self {
        Self::new(Content::Stream(Arc::new(Mutex::new(Some(body.into()))), None))
    }

    /// The same part, whose stream is known to be of this many bytes.
    #[must_use]
    pub fn length(mut self, bytes: u64) -> Self {
        if let Content::Stream(_, length) = &mut self.content {
            *length = Some(bytes);
        }
        self
    }

    /// The same part as a file of this name.
    #[must_use]
    pub fn name(mut self, file_name: impl Into<String>) -> Self {
        self.file_name = Some(file_name.into());
        self
    }

    /// The same part with this media type.
    #[must_use]
    pub fn media_type(mut self, media_type: impl Into<String>) -> Self {
        self.media_type = Some(media_type.into());
        self
    }
}

impl From<Bytes> for FilePart {
    fn from(bytes: Bytes) -> Self {
        Self::new(Content::Bytes(bytes))
    }
}

impl From<Vec<u8>> for FilePart {
    fn from(bytes: Vec<u8>) -> Self {
        Bytes::from(bytes).into()
    }
}

impl From<&[u8]> for FilePart {
    fn from(bytes: &[u8]) -> Self {
        Bytes::copy_from_slice(bytes).into()
    }
}

impl From<String> for FilePart {
    fn from(text: String) -> Self {
        Bytes::from(text).into()
    }
}

impl From<&str> for FilePart {
    fn from(text: &str) -> Self {
        text.as_bytes().into()
    }
}

impl Multipart {
    /// No parts yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with one more part: a file, which bears the name of the part and this media type
    /// unless it has its own; without either, bytes are `application/octet-stream`.
    #[must_use]
    pub fn file(mut self, name: &str, file: impl Into<FilePart>, media_type: &str) -> Self {
        let mut file = file.into();
        // What makes a part a file to most servers is that it has a name (RFC 7578, section 4.2).
        file.file_name.get_or_insert_with(|| name.to_owned());
        file.media_type.get_or_insert_with(|| match media_type {
            "" => "application/octet-stream".to_owned(),
            own => own.to_owned(),
        });
        self.parts.push((name.to_owned(), file));
        self
    }

    /// The same with one more part: a scalar as text, a list as one part for each item, and an object
    /// as its JSON (OpenAPI 3.1.1, section 4.8.15.1.1); nothing for null.
    #[must_use]
    pub fn value<T: Serialize + ?Sized>(self, name: &str, value: &T, media_type: &str) -> Self {
        match serde_json::to_value(value) {
            Ok(value) => self.part(name, &value, media_type),
            // The source's message could repeat the value.
            Err(_) => self.refuse(&format!("the part `{name}` can't be written")),
        }
    }

    fn part(mut self, name: &str, value: &Value, media_type: &str) -> Self {
        let default = match value {
            Value::Null => return self,
            Value::Array(items) if !media_type.contains("json") => {
                return items.iter().fold(self, |this, item| this.part(name, item, media_type));
            }
            Value::Array(_) | Value::Object(_) => Some("application/json"),
            // Text is what a part is by itself (RFC 7578, section 4.4).
            _ => None,
        };
        let mut part = FilePart::from(style::text(value));
        part.media_type = match media_type {
            "" => default.map(str::to_owned),
            own => Some(own.to_owned()),
        };
        self.parts.push((name.to_owned(), part));
        self
    }

    /// The same with more parts: a value in a style, as a query parameter is written but for its encoding
    /// (OpenAPI 3.1.1, section 4.8.15.1.2).
    #[must_use]
    pub fn styled<T: Serialize + ?Sized>(mut self, parameter: Parameter<'_>, value: &T) -> Self {
        let Ok(value) = serde_json::to_value(value) else {
            return self.refuse(&format!("the part `{}` can't be written", parameter.name));
        };
        let parts = parameter.in_parts(&value).into_iter();
        self.parts.extend(parts.map(|(name, text)| (name, FilePart::from(text))));
        self
    }

    /// The same, whose parts of the name `part` have this header.
    #[must_use]
    pub fn header<T: Serialize + ?Sized>(mut self, part: &str, name: &str, value: &T) -> Self {
        let text = serde_json::to_value(value).map(|value| style::text(&value)).ok();
        let sound = |text: &String| HeaderValue::from_str(text).is_ok();
        match (HeaderName::from_bytes(name.as_bytes()), text.filter(sound)) {
            (Ok(header), Some(text)) => {
                self.headers.push((part.to_owned(), header, text));
                self
            }
            _ => self.refuse(&format!(
                "the header `{name}` of the part `{part}` holds characters that no header can carry"
            )),
        }
    }

    /// The same, which can't be sent with a part of the name `part` and without this header of it.
    #[must_use]
    pub fn needing_header(self, part: &str, name: &str) -> Self {
        let sent = self.parts.iter().any(|(own, _)| own == part);
        let set = self.headers.iter().any(|(of, header, _)| of == part && header == name);
        match sent && !set {
            true => self.refuse(&format!("the header `{name}` of the part `{part}` is missing")),
            false => self,
        }
    }

    /// The same, which can't be sent, for this reason.
    #[must_use]
    pub fn refuse(mut self, why: &str) -> Self {
        self.invalid.get_or_insert_with(|| why.to_owned());
        self
    }

    /// The body, and the headers that belong to it.
    pub(crate) fn finish(
        self,
        media_type: &str,
        required: &[&str],
    ) -> Result<(reqwest::Body, Vec<(HeaderName, HeaderValue)>), InvalidRequest> {
        if let Some(why) = self.invalid {
            return Err(InvalidRequest::new(why));
        }
        let missing = |name: &&&str| !self.parts.iter().any(|(part, _)| part == **name);
        if let Some(name) = required.iter().find(missing) {
            return Err(InvalidRequest::new(format!("the part `{name}` of the body is missing")));
        }
        let boundary = Uuid::new_v4().simple().to_string();
        let content_type = format!("{media_type}; boundary={boundary}");
        let content_type = HeaderValue::from_str(&content_type)
            .map_err(|_| InvalidRequest::new("the media type of the body can't be written"))?;
        let mut headers = vec![(CONTENT_TYPE, content_type)];

        let mut segments = Segments::default();
        for (name, part) in self.parts {
            let mut head = format!("--{boundary}\r\nContent-Disposition: form-data; name=\"");
            head.push_str(&quoted(&name));
            if let Some(file_name) = &part.file_name {
                head.push_str("\"; filename=\"");
                head.push_str(&quoted(file_name));
            }
            head.push('"');
            if let Some(media_type) = part.media_type.as_deref() {
                let sound = media_type.bytes().all(|byte| matches!(byte, b' '..=b'~'));
                let media_type = if sound { media_type } else { "application/octet-stream" };
                head.push_str("\r\nContent-Type: ");
                head.push_str(media_type);
            }
            for (_, header, text) in self.headers.iter().filter(|(part, ..)| *part == name) {
                head.push_str(&format!("\r\n{header}: {text}"));
            }
            head.push_str("\r\n\r\n");
            segments.bytes(head.as_bytes());
            match part.content {
                Content::Bytes(bytes) => segments.bytes(&bytes),
                Content::Stream(body, length) => {
                    let body = body.lock().unwrap_or_else(PoisonError::into_inner).take();
                    let body = body.ok_or_else(|| {
                        InvalidRequest::new(format!(
                            "the stream of the part `{name}` is sent already"
                        ))
                    })?;
                    segments.stream(body, length);
                }
            }
            segments.bytes(b"\r\n");
        }
        segments.bytes(format!("--{boundary}--\r\n").as_bytes());
        if let (true, Some(length)) = (segments.streams(), segments.length) {
            headers.push((CONTENT_LENGTH, length.into()));
        }
        Ok((segments.into_body(), headers))
    }
}

impl fmt::Debug for Multipart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.parts.iter().map(|(name, _)| name);
        f.debug_tuple("Multipart").field(&names.collect::<Vec<_>>()).finish()
    }
}

impl fmt::Debug for FilePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FilePart").field("media_type", &self.media_type).finish_non_exhaustive()
    }
}

/// A name between quotes, in which browsers escape these three (HTML, section 4.10.21.8).
fn quoted(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

/// A body piece by piece.
struct Segments {
    pieces: VecDeque<Piece>,
    /// Its length, unless that of a stream is not known.
    length: Option<u64>,
}

enum Piece {
    Bytes(BytesMut),
    Stream(Chunks),
}

impl Default for Segments {
    fn default() -> Self {
        Self { pieces: VecDeque::new(), length: Some(0) }
    }
}

impl Segments {
    fn bytes(&mut self, bytes: &[u8]) {
        self.length = self.length.map(|length| length + bytes.len() as u64);
        match self.pieces.back_mut() {
            Some(Piece::Bytes(last)) => last.extend_from_slice(bytes),
            _ => self.pieces.push_back(Piece::Bytes(bytes.into())),
        }
    }

    fn stream(&mut self, body: reqwest::Body, length: Option<u64>) {
        self.length = self.length.zip(length).map(|(before, length)| before + length);
        self.pieces.push_back(Piece::Stream(body.into()));
    }

    fn streams(&self) -> bool {
        self.pieces.iter().any(|piece| matches!(piece, Piece::Stream(_)))
    }

    fn into_body(mut self) -> reqwest::Body {
        if self.streams() {
            return reqwest::Body::wrap(self);
        }
        // All of it stands in one piece then.
        match self.pieces.pop_front() {
            Some(Piece::Bytes(bytes)) => bytes.freeze().into(),
            _ => reqwest::Body::default(),
        }
    }
}

impl Body for Segments {
    type Data = Bytes;
    type Error = reqwest::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<reqwest::Result<Frame<Bytes>>>> {
        while let Some(piece) = self.pieces.front_mut() {
            let next = match piece {
                Piece::Bytes(bytes) if bytes.is_empty() => None,
                Piece::Bytes(bytes) => Some(Ok(bytes.split().freeze())),
                Piece::Stream(body) => ready!(Pin::new(body).poll_next(cx)),
            };
            if let Some(bytes) = next {
                return Poll::Ready(Some(bytes.map(Frame::data)));
            }
            self.pieces.pop_front();
        }
        Poll::Ready(None)
    }
}
