//! Connections: accepting them, logging what they ask, and breaking them where a fault wants it.

use std::convert::Infallible;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{MatchedPath, Request};
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tower::ServiceExt;

use crate::fault::ResetConnection;

/// How long to wait where no connection can be accepted: mostly because too many are open.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves until it is dropped; then every connection ends.
pub(crate) async fn serve(listener: TcpListener, router: Router) {
    let router = router.fallback(nothing_here).layer(from_fn(log));
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(converse(stream, router.clone()));
                }
                Err(error) => {
                    tracing::warn!(%error, "no connection could be accepted");
                    tokio::time::sleep(PAUSE).await;
                }
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

/// Answers the requests of one connection.
async fn converse(stream: TcpStream, router: Router) {
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let router = router.clone();
        Box::pin(async move {
            let answer: Result<Response, Infallible> = router.oneshot(request.map(Body::new)).await;
            match answer {
                Ok(response) if response.extensions().get::<ResetConnection>().is_some() => {
                    Err(ConnectionReset)
                }
                Ok(response) => Ok(response),
                Err(never) => match never {},
            }
        })
    });
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let Err(error) = (&mut connection).await else { return };
    if std::error::Error::source(&error).is_some_and(|cause| cause.is::<ConnectionReset>()) {
        // Closed like this it is reset, where it would else be shut down in good order.
        let _ = connection.into_parts().io.into_inner().set_zero_linger();
    }
}

/// Ends a connection without an answer.
#[derive(Debug, thiserror::Error)]
#[error("a fault resets the connection")]
struct ConnectionReset;

/// Logs the route of a request and the status of its answer; a path may hold an id.
async fn log(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    let route = route.as_ref().map_or("(none)", MatchedPath::as_str);
    tracing::info!(%method, route, status = response.status().as_u16(), "answered");
    response
}

async fn nothing_here(method: Method, uri: Uri) -> (StatusCode, String) {
    let path = uri.path();
    (StatusCode::NOT_FOUND, format!("the sandbox does not serve {method} {path}: see its README\n"))
}
