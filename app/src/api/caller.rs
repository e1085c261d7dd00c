//! For whom a page was made.
//!
//! Cookies belong to the browser and not to the page: when somebody else signs in in another
//! tab, a page that is still open would ask in their name. So a page says for whom it was made,
//! and the server refuses when that is not who is signed in.

use std::cell::Cell;

use futures_util::{Sink, Stream};
use leptos::server_fn::Bytes;
use leptos::server_fn::client::Client;
use leptos::server_fn::client::browser::BrowserClient;
use leptos::server_fn::error::FromServerFnError;
use leptos::server_fn::request::browser::BrowserRequest;
use leptos::server_fn::response::browser::BrowserResponse;
use protocol::UserId;

/// The header with the user that the page was made for.
pub const HEADER: &str = "x-baatcheet-user";

thread_local! {
    /// Nobody's before the page has come to life.
    static PAGE_OF: Cell<Option<UserId>> = const { Cell::new(None) };
}

/// This page was made for somebody. To be called in a browser.
pub fn page_of(user: UserId) {
    PAGE_OF.set(Some(user));
}

/// Calls the server functions that concern whoever is signed in.
#[derive(Debug)]
pub struct PageClient;

impl<E, In, Out> Client<E, In, Out> for PageClient
where
    E: FromServerFnError,
    In: FromServerFnError,
    Out: FromServerFnError,
{
    type Request = BrowserRequest;
    type Response = BrowserResponse;

    fn send(request: Self::Request) -> impl Future<Output = Result<Self::Response, E>> + Send {
        if let Some(user) = PAGE_OF.get() {
            request.headers().set(HEADER, &user.to_string());
        }
        <BrowserClient as Client<E, In, Out>>::send(request)
    }

    fn open_websocket(
        path: &str,
    ) -> impl Future<
        Output = Result<
            (
                impl Stream<Item = Result<Bytes, Bytes>> + Send + 'static,
                impl Sink<Bytes> + Send + 'static,
            ),
            E,
        >,
    > + Send {
        <BrowserClient as Client<E, In, Out>>::open_websocket(path)
    }

    fn spawn(future: impl Future<Output = ()> + Send + 'static) {
        <BrowserClient as Client<E, In, Out>>::spawn(future);
    }
}
