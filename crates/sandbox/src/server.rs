//! What every request meets: the log, the services, and an answer for what none of them serves.

use std::convert::Infallible;

use axum::Router;
use axum::body::Body;
use axum::extract::{MatchedPath, Request};
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use tokio::net::TcpListener;
use tower::ServiceExt;

/// Serves until it is dropped; then every connection ends.
pub(crate) async fn serve(listener: TcpListener, router: Router) {
    let router = router.fallback(nothing_here).layer(from_fn(log));
    pagebind_mock::serve(listener, move |request| {
        let router = router.clone();
        async move {
            let answer: Result<Response, Infallible> = router.oneshot(request.map(Body::new)).await;
            match answer {
                Ok(response) => response,
                Err(never) => match never {},
            }
        }
    })
    .await;
}

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
