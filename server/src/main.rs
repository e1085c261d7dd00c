//! The program: configuration and signals of the process around [`server::run`].

use std::error::Error;
use std::io::Write as _;
use std::net::SocketAddr;
use std::process::ExitCode;

use mimalloc::MiMalloc;
use server::config::{Command, Config, SEED_DEMO};
use tokio::net::TcpListener;

/// The system's allocator keeps what a burst of commits has used (docs/decisions/0012).
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    match start() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "baatcheet: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn listen(address: SocketAddr) -> Result<TcpListener, String> {
    TcpListener::bind(address)
        .await
        .map_err(|error| format!("cannot listen on {address} (setting `listen`): {error}"))
}

fn start() -> Result<(), Box<dyn Error>> {
    let command = Config::from_process()?;
    match &command {
        Command::Print(text) => return Ok(writeln!(std::io::stdout(), "{text}")?),
        Command::Serve(config) | Command::SeedDemo(config) | Command::Reports(config, _) => {
            server::telemetry::init(config)?;
        }
    }
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    // The database parses and executes by recursion.
    let runtime = runtime.enable_all().thread_stack_size(10 << 20).build()?;
    runtime.block_on(async {
        let out = std::io::stdout();
        match command {
            Command::Serve(config) => serve(*config).await,
            Command::SeedDemo(config) => Ok(server::seed_demo(*config, out).await?),
            Command::Reports(config, task) => Ok(server::reports(*config, task, out).await?),
            Command::Print(_) => Ok(()),
        }
    })
}

async fn serve(config: Config) -> Result<(), Box<dyn Error>> {
    server::assets::check_site(&config.site_root)?;
    let listener = listen(config.listen).await?;
    let deps = server::open(config).await?;
    let asked_to_stop = server::asked_to_stop();
    let address = server::public_address(&deps.config, &listener);
    let mut said = format!("BaatCheet is ready at {address}\n");
    if !deps.chat.has_accounts().await? {
        said.push_str("Nobody has an account yet: sign up there, or stop the server and start it ");
        said.push_str("once with `");
        said.push_str(SEED_DEMO);
        said.push_str("` to look at a demonstration.\n");
    }
    // At once: whoever waits for the first line may read no further.
    std::io::stdout().write_all(said.as_bytes())?;
    Ok(server::run(listener, deps, asked_to_stop).await?)
}
