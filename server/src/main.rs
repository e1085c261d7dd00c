//! The program: configuration and signals of the process around [`server::run`].

use std::error::Error;
use std::io::Write as _;
use std::process::ExitCode;

use server::config::{Command, Config};
use tokio::net::TcpListener;

fn main() -> ExitCode {
    match start() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "baatcheet: {error}");
            ExitCode::FAILURE
        }
    }
}

fn start() -> Result<(), Box<dyn Error>> {
    let config = match Config::from_process()? {
        Command::Serve(config) => *config,
        Command::Print(text) => return Ok(writeln!(std::io::stdout(), "{text}")?),
    };
    server::telemetry::init(&config)?;
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    // The database parses and executes by recursion.
    let runtime = runtime.enable_all().thread_stack_size(10 << 20).build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(config.listen).await?;
        let deps = server::open(config).await?;
        let address = server::public_address(&deps.config, &listener);
        writeln!(std::io::stdout(), "BaatCheet is ready at {address}")?;
        Ok(server::run(listener, deps, server::asked_to_stop()).await?)
    })
}
