//! What `cargo xtask` needs crates for when it builds the site: wasm-bindgen, and hashing and
//! compressing the assets.
//!
//! Installed under the name `wasm-bindgen` it also takes the arguments that cargo-leptos
//! gives to that program, which saves building it a second time.

mod assemble;
mod bindgen;
mod pack;

use std::process::ExitCode;

/// One sentence about what failed.
pub(crate) type Result<T> = std::result::Result<T, String>;

fn main() -> ExitCode {
    let mut args = std::env::args();
    let program = args.next().unwrap_or_default();
    let rest: Vec<String> = args.collect();
    let result = if program.ends_with("wasm-bindgen") {
        bindgen::as_wasm_bindgen(&rest)
    } else {
        dispatch(&rest)
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(args: &[String]) -> Result<()> {
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["bindgen", wasm, out, name] => bindgen::generate(wasm.as_ref(), out.as_ref(), name),
        ["assemble", name, css, glue, public, out] => assemble::assemble(&assemble::Parts {
            name,
            css: css.as_ref(),
            glue: glue.as_ref(),
            public: public.as_ref(),
            out: out.as_ref(),
        }),
        _ => Err(
            "usage: bundler bindgen WASM OUT NAME | bundler assemble NAME CSS GLUE PUBLIC OUT"
                .to_owned(),
        ),
    }
}
