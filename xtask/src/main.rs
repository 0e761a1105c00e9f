//! `cargo xtask`: build, run, test, measure and deploy Commesso.
//!
//! This file turns words into commands; each command has its own file. Whatever a command needs and the machine lacks is
//! installed first, inside the checkout where that is possible. Continuous integration calls these commands and nothing else.

#![expect(
    clippy::disallowed_methods,
    reason = "the ban on clocks is for what runs as wasm; progress and deadlines here need one"
)]

mod args;
mod assemble;
mod bench;
mod browser;
mod demo;
mod deploy;
mod dev;
mod engines;
mod failure;
mod fuzz;
mod machine;
mod mutants;
mod output;
mod project;
mod relay;
mod restored;
mod secrets;
mod serve;
mod size;
mod stamp;
mod step;
mod tally;
mod test;
mod tools;
mod versions;

use std::process::ExitCode;

use args::Command;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let outcome = Command::parse(&words).and_then(|command| match command {
        Command::Help => {
            println!("{}", args::HELP);
            Ok(())
        }
        Command::Build => assemble::build(),
        Command::Dev { port, data, watch } => dev::run(port, &project::path(data), watch),
        Command::Serve {
            port,
            data,
            restored,
        } => serve::run(port, &project::path(data), restored),
        Command::Versions { release } => versions::run(&release),
        Command::Test { filter } => test::run(filter.as_deref()),
        Command::Size { json } => size::run(json),
        Command::Bench { words } => bench::run(&words),
        Command::Fuzz { target, seconds } => fuzz::run(target.as_deref(), seconds),
        Command::Mutants { words } => mutants::run(&words),
        Command::Deploy { dry_run } => deploy::run(dry_run),
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}
