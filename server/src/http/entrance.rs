//! The way in. Answers come by the thousand: they go straight to where they are taken. Everything
//! else goes through the router and its layers, none of which an answer needs.

use super::problem::panicked;
use super::{Numbers, Server, responses, security};
use crate::sources::Untold;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderName, Method, Request, Response};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use hyper::body::Incoming;
use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::task::{Context, Poll};
use tower::Service;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What takes requests.
#[derive(Clone)]
pub struct Entrance {
    server: Arc<Server>,
    router: Router,
    numbers: Numbers,
    options: Options,
}

/// What holds for every request.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Whether browsers are told to come by https only.
    pub https_only: bool,
    /// Whether spans are sent somewhere: then answers go through the router, too, where they are
    /// made.
    pub traced: bool,
}

impl Entrance {
    /// The way in to this server.
    pub fn new(server: Arc<Server>, options: Options) -> Self {
        let numbers = Numbers::new();
        let mut router = super::router(server.clone(), numbers.clone());
        if options.traced {
            router = router.layer(axum::middleware::from_fn(crate::traces::request));
        }
        Entrance {
            server,
            router,
            numbers,
            options,
        }
    }

    fn takes_answer(&self, request: &Request<Incoming>) -> bool {
        !self.options.traced
            && request.uri().path() == responses::PATH
            && request.method() == Method::POST
    }
}

impl Service<Request<Incoming>> for Entrance {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Incoming>) -> Self::Future {
        let https_only = self.options.https_only;
        let secured = move |response| match https_only {
            true => security::https_only(response),
            false => response,
        };
        if !self.takes_answer(&request) {
            let routed = self.router.call(request);
            return async move { Ok(secured(routed.await?)) }.boxed();
        }
        let (server, numbers) = (self.server.clone(), self.numbers.clone());
        async move {
            let (head, body) = request.into_parts();
            let untold = Untold::read(head.uri.query());
            let taking = responses::create(&server, untold, &head.headers, body);
            let mut response = match AssertUnwindSafe(taking).catch_unwind().await {
                Ok(response) => response,
                Err(panic) => panicked(panic),
            };
            if security::is_sandboxed(&head.headers) {
                security::allow_sandbox(response.headers_mut());
            }
            let id = head.headers.get(REQUEST_ID).cloned();
            if let Some(id) = id.or_else(|| numbers.next()) {
                response.headers_mut().insert(REQUEST_ID, id);
            }
            Ok(secured(security::headers(response)))
        }
        .boxed()
    }
}
