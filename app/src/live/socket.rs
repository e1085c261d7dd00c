//! The WebSocket to the server.

use js_sys::{ArrayBuffer, Uint8Array};
use leptos::prelude::window;
use protocol::{ClientFrame, Codec, ServerFrame};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BinaryType, CloseEvent, MessageEvent, WebSocket};

const CODEC: Codec = Codec::Binary;

/// What a socket tells.
pub(super) enum Heard {
    /// It is open.
    Opened,
    /// It closed or could not be opened; it is of no use any more.
    Closed(Option<u16>),
    /// A frame arrived.
    Frame(Box<ServerFrame>),
}

/// A socket. Once dropped it is closed and tells nothing more.
pub(super) struct Socket {
    socket: WebSocket,
    _opened: Closure<dyn Fn()>,
    _closed: Closure<dyn Fn(CloseEvent)>,
    _message: Closure<dyn Fn(MessageEvent)>,
}

impl Socket {
    /// Begins to open one. Fails where the browser forbids it altogether.
    pub(super) fn open(hear: impl Fn(Heard) + Clone + 'static) -> Result<Self, JsValue> {
        let socket = WebSocket::new_with_str(&address()?, CODEC.subprotocol())?;
        socket.set_binary_type(BinaryType::Arraybuffer);
        let opened = Closure::<dyn Fn()>::new({
            let hear = hear.clone();
            move || hear(Heard::Opened)
        });
        let closed = Closure::<dyn Fn(CloseEvent)>::new({
            let hear = hear.clone();
            move |event: CloseEvent| hear(Heard::Closed(Some(event.code())))
        });
        let message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            // What cannot be read may have been a message: a new connection asks for it again.
            let frame = decode(&event).map(Box::new);
            hear(frame.map_or(Heard::Closed(None), Heard::Frame));
        });
        socket.set_onopen(Some(opened.as_ref().unchecked_ref()));
        socket.set_onclose(Some(closed.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(message.as_ref().unchecked_ref()));
        Ok(Self {
            socket,
            _opened: opened,
            _closed: closed,
            _message: message,
        })
    }

    /// Sends a frame. One that is not sent gets no answer, which the client notices.
    pub(super) fn send(&self, frame: &ClientFrame) {
        if let Ok(bytes) = CODEC.encode(frame) {
            let _ = self.socket.send_with_u8_array(&bytes);
        }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.socket.set_onopen(None);
        self.socket.set_onclose(None);
        self.socket.set_onmessage(None);
        let _ = self.socket.close();
    }
}

fn decode(event: &MessageEvent) -> Option<ServerFrame> {
    let buffer = event.data().dyn_into::<ArrayBuffer>().ok()?;
    CODEC.decode(&Uint8Array::new(&buffer).to_vec()).ok()
}

fn address() -> Result<String, JsValue> {
    let location = window().location();
    let scheme = if location.protocol()? == "https:" {
        "wss"
    } else {
        "ws"
    };
    Ok(format!("{scheme}://{}/ws", location.host()?))
}
