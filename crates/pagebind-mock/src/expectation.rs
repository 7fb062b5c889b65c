//! What is expected of a request, and how it is answered.

use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use pagebind_client::reqwest::header::{HeaderName, HeaderValue};
use pagebind_client::{InvalidRequest, OperationInfo, OperationRequest, Parameter};
use serde::Serialize;

use crate::difference::Expected;
use crate::server::{Mounted, Shared};
use crate::{Answer, Mock, MockServer, Request};

pub(crate) type Condition = Box<dyn Fn(&Request) -> bool + Send + Sync>;

/// A request that is expected, before it is said how it is answered.
///
/// Generated code wraps one for each operation, with a method for each parameter, the body, and each
/// answer that the contract documents; [`Expect`] has what is the same for all.
#[must_use = "nothing is expected before it is said how it is answered"]
pub struct Expectation<'a> {
    shared: &'a Arc<Shared>,
    request: OperationRequest<'a>,
    problem: Option<String>,
    headers: Vec<(HeaderName, HeaderValue)>,
    conditions: Vec<Condition>,
    times: Option<u32>,
    change: Vec<Box<dyn FnOnce(Answer) -> Answer>>,
}

/// What every expectation can be told, whatever its operation.
pub trait Expect<'a>: From<Expectation<'a>> + Into<Expectation<'a>> {
    /// Only requests with this header, which may be one that no contract names.
    #[must_use]
    fn header(self, name: &str, value: &str) -> Self {
        change(self, |it| match (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            (Ok(name), Ok(value)) => it.headers.push((name, value)),
            _ => it.problem = Some(format!("no request has the header {name:?} like this")),
        })
    }

    /// Only requests of which this holds.
    #[must_use]
    fn matching(self, condition: impl Fn(&Request) -> bool + Send + Sync + 'static) -> Self {
        change(self, |it| it.conditions.push(Box::new(condition)))
    }

    /// Only the first so many of the requests that fit; later ones meet the next expectation.
    #[must_use]
    fn times(self, times: u32) -> Self {
        change(self, |it| it.times = Some(times))
    }

    /// Answers so much later.
    #[must_use]
    fn delayed(self, delay: Duration) -> Self {
        change(self, |it| it.change.push(Box::new(move |answer| answer.delayed(delay))))
    }

    /// Answers with a body that breaks off.
    #[must_use]
    fn truncated(self) -> Self {
        change(self, |it| it.change.push(Box::new(Answer::truncated)))
    }

    /// Answers with this header too, in the place of one of that name: another `content-type`, say.
    #[must_use]
    fn answer_header(self, name: &str, value: &str) -> Self {
        let (name, value) = (name.to_owned(), value.to_owned());
        change(self, |it| it.change.push(Box::new(move |answer| answer.header(&name, &value))))
    }

    /// Answers like this, whether the contract documents it or not.
    ///
    /// # Panics
    /// Where no request can be as it is expected: a path parameter is empty, a body can't be built.
    #[track_caller]
    fn answer(self, answer: Answer) -> Mock {
        let it: Expectation<'a> = self.into();
        it.mount(answer)
    }
}

impl<'a, T: From<Expectation<'a>> + Into<Expectation<'a>>> Expect<'a> for T {}

fn change<'a, T: Expect<'a>>(expect: T, with: impl FnOnce(&mut Expectation<'a>)) -> T {
    let mut expectation: Expectation<'a> = expect.into();
    with(&mut expectation);
    expectation.into()
}

impl<'a> Expectation<'a> {
    /// Any request of this operation to `server`.
    pub fn new(server: &'a MockServer, operation: &'static OperationInfo) -> Self {
        Self {
            shared: &server.shared,
            request: server.session.request(operation),
            problem: None,
            headers: Vec::new(),
            conditions: Vec::new(),
            times: None,
            change: Vec::new(),
        }
    }

    /// Only requests with this parameter; of a list or an object, those with what is in it.
    pub fn parameter<T: Serialize, E>(
        mut self,
        parameter: Parameter<'_>,
        value: Result<T, E>,
    ) -> Self {
        let set = match value {
            Ok(value) => self.request.parameter(parameter, &value).map_err(told),
            Err(_) => Err("a parameter does not fit its type".to_owned()),
        };
        self.noting(set)
    }

    /// Only requests with this body, as JSON of this media type; how it is written makes no difference.
    pub fn json<T: Serialize, E: Display>(
        mut self,
        media_type: &'static str,
        body: Result<T, E>,
    ) -> Self {
        let set = built(body).and_then(|body| self.request.json(media_type, &body).map_err(told));
        self.noting(set)
    }

    /// Only requests with this body, as XML of which `root` describes the root element.
    #[cfg(feature = "xml")]
    pub fn xml<T: Serialize, E: Display>(
        mut self,
        media_type: &'static str,
        body: Result<T, E>,
        root: &pagebind_client::xml::Element,
    ) -> Self {
        let set =
            built(body).and_then(|body| self.request.xml(media_type, &body, root).map_err(told));
        self.noting(set)
    }

    /// Only requests with this body, as a form; `order` and `encodings` are those of
    /// [`OperationRequest::form`].
    pub fn form<T: Serialize, E: Display>(
        mut self,
        body: Result<T, E>,
        order: &[&str],
        encodings: &[Parameter<'_>],
    ) -> Self {
        let set =
            built(body).and_then(|body| self.request.form(&body, order, encodings).map_err(told));
        self.noting(set)
    }

    /// Only requests with this body, byte for byte.
    pub fn bytes(mut self, media_type: &'static str, body: impl Into<bytes::Bytes>) -> Self {
        self.request.bytes(media_type, body.into().into());
        self
    }

    fn noting(mut self, set: Result<(), String>) -> Self {
        if let Err(problem) = set {
            self.problem.get_or_insert(problem);
        }
        self
    }

    #[track_caller]
    fn mount(self, answer: Answer) -> Mock {
        let Self { shared, request, problem, headers, conditions, times, change } = self;
        let request = match (problem, request.build()) {
            (Some(problem), _) => panic!("no request is like this: {problem}"),
            (None, Err(invalid)) => panic!("no request is like this: {invalid}"),
            (None, Ok(mut request)) => {
                request.headers_mut().extend(headers);
                request
            }
        };
        let answer = change.into_iter().fold(answer, |answer, change| change(answer));
        shared.mount(Mounted::new(Expected::new(&request), conditions, times, answer))
    }
}

fn built<T, E: Display>(body: Result<T, E>) -> Result<T, String> {
    body.map_err(|error| format!("the body can't be built: {error}"))
}

fn told(invalid: InvalidRequest) -> String {
    invalid.to_string()
}
