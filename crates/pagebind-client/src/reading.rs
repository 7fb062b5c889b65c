//! How an answer is read: decided by its status in a plain `match`, and done here, once for all operations.

use std::pin::Pin;

use crate::{Answer, Error, Response, ResponseValue};

/// What comes of reading an answer.
pub type Read<T, E, H = ()> = Result<ResponseValue<T, H>, Error<E>>;

/// An answer and how it is read, which happens when this is awaited: as a success with a `T`, or as a
/// documented error with an `E`. The methods of [`Response`] give one.
#[must_use = "nothing is read before it is awaited"]
pub struct Reading<T, E = (), H = ()> {
    response: Response,
    how: How<T, E, H>,
}

/// A function that is boxed so that all have one type; one that holds nothing takes no memory.
type Take<From, T, E, H> = Box<dyn FnOnce(From) -> Read<T, E, H> + Send>;

enum How<T, E, H> {
    /// The body is not read, or handed on as it arrives.
    AsItComes(Take<Response, T, E, H>),
    Whole(Take<Answer, T, E, H>),
    Undocumented,
}

impl<T, E, H> Reading<T, E, H> {
    pub(crate) fn as_it_comes(
        response: Response,
        take: impl FnOnce(Response) -> Read<T, E, H> + Send + 'static,
    ) -> Self {
        Self { response, how: How::AsItComes(Box::new(take)) }
    }

    pub(crate) fn whole(
        response: Response,
        take: impl FnOnce(Answer) -> Read<T, E, H> + Send + 'static,
    ) -> Self {
        Self { response, how: How::Whole(Box::new(take)) }
    }

    pub(crate) fn undocumented(response: Response) -> Self {
        Self { response, how: How::Undocumented }
    }

    /// The same, with a success as another type.
    pub fn map<U>(self, f: impl FnOnce(T) -> U + Send + 'static) -> Reading<U, E, H>
    where
        T: 'static,
        E: 'static,
        H: 'static,
    {
        let how = match self.how {
            How::AsItComes(take) => How::AsItComes(Box::new(|it| Ok(take(it)?.map(f)))),
            How::Whole(take) => How::Whole(Box::new(|it| Ok(take(it)?.map(f)))),
            How::Undocumented => How::Undocumented,
        };
        Reading { response: self.response, how }
    }

    pub(crate) async fn finish(self) -> Read<T, E, H> {
        let Self { response, how } = self;
        match how {
            How::AsItComes(take) => take(response),
            How::Whole(take) => take(response.read().await?),
            How::Undocumented => Err(response.into_undocumented().await.into()),
        }
    }
}

impl<T: 'static, E: 'static, H: 'static> IntoFuture for Reading<T, E, H> {
    type Output = Read<T, E, H>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.finish())
    }
}
