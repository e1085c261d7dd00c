//! Logs: structured, and without message texts, passwords, tokens, cookies and query strings.
//!
//! A line is written where something is decided, once, with the request's or connection's id.

use std::panic::PanicHookInfo;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::config::{Config, LogFormat};

/// Sets up logging for the process, to standard error.
///
/// # Errors
/// A sentence, if the directives cannot be read or logging was set up before.
pub fn init(config: &Config) -> Result<(), String> {
    init_to(config, std::io::stderr)
}

/// As [`init`], to a writer of choice.
///
/// # Errors
/// As [`init`].
pub fn init_to<W>(config: &Config, writer: W) -> Result<(), String>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    // The database tells much that is no concern of whoever has not asked for it.
    let directives = format!("surrealdb=warn,{}", config.log_level);
    let filter = EnvFilter::try_new(directives).map_err(|e| format!("log.level: {e}"))?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(false)
        .with_writer(writer);
    let outcome = match config.log_format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
    outcome.map_err(|e| e.to_string())?;
    std::panic::set_hook(Box::new(log_panic));
    Ok(())
}

/// The place only: the message of a panic may quote what somebody wrote.
fn log_panic(info: &PanicHookInfo<'_>) {
    let place = info.location().map(ToString::to_string).unwrap_or_default();
    tracing::error!(place, "panic");
}
