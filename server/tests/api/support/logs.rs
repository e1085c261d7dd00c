//! Everything that is logged in this process, at every level.

use std::io;
use std::sync::{Arc, Mutex, Once, PoisonError};

use server::config::Config;

static LOGGED: Mutex<Vec<u8>> = Mutex::new(Vec::new());
static BEGIN: Once = Once::new();

struct Page;

impl io::Write for Page {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut logged = LOGGED.lock().unwrap_or_else(PoisonError::into_inner);
        logged.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Starts to write down what is logged.
pub(crate) fn begin() {
    BEGIN.call_once(|| {
        let to_standard_error = std::panic::take_hook();
        let config = Config {
            log_level: "trace".to_owned(),
            ..Config::default()
        };
        server::telemetry::init_to(&config, || Page).unwrap();
        // A test that fails has to say why, beside what the server logs of a panic.
        let to_the_log = Arc::new(std::panic::take_hook());
        std::panic::set_hook(Box::new(move |panic| {
            to_the_log(panic);
            to_standard_error(panic);
        }));
    });
}

/// What was logged so far, by all tests.
pub(crate) fn logged() -> String {
    let logged = LOGGED.lock().unwrap_or_else(PoisonError::into_inner);
    String::from_utf8_lossy(&logged).into_owned()
}
