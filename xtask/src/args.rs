//! The command line: which words make which command. Pure, so that every sentence about a wrong word has a test.

use std::path::PathBuf;

use crate::failure::{Failure, Result};

/// What `cargo xtask` answers without a command.
pub(crate) const HELP: &str = "\
cargo xtask <command>

  dev [--port 8787] [--data .data] [--watch]   install what is missing, build, run the chat with a demo shop
  test [FILTER]                                format, lints, native, wasm and browser tests
  build                                        build the relay, the widget, the inbox and the site
  serve [--port 8787] [--data .data]           run what was built, without building
        [--restored]                           the same, once after the data were replaced by an older copy
  size [--json]                                bytes a shopper's page loads, against the budgets
  bench [--json] [--soak [MINUTES]] [NAME …]   the benchmark suite, or the figures of these names; the long runs
  versions RELEASE                             the relay of that release with this widget, and the other way round
  fuzz [TARGET] [--seconds 10]                 made-up input for every decoder and machine, so long for each
  mutants [--shard 0/8] …                      breaks the rules one by one, to see whether a test notices: hours; further
                                               words are handed to cargo-mutants
  deploy [--dry-run]                           build and publish to Cloudflare Workers";

/// One command with its options.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    /// Print how to use the rest.
    Help,
    /// Build everything that `serve` and `deploy` need.
    Build,
    /// Build, run, and show the demo shop.
    Dev {
        /// Port on the loopback address.
        port: u16,
        /// Folder of the relay's data, in the checkout unless absolute; made when missing.
        data: PathBuf,
        /// Build and start again when a source changes.
        watch: bool,
    },
    /// Run what was built.
    Serve {
        /// Port on the loopback address.
        port: u16,
        /// Folder of the relay's data, in the checkout unless absolute; made when missing.
        data: PathBuf,
        /// The data were just replaced by an older copy.
        restored: bool,
    },
    /// Every check there is, or the tests whose name contains the filter.
    Test {
        /// Part of a test's name.
        filter: Option<String>,
    },
    /// Weigh what the shopper's page loads.
    Size {
        /// Print JSON instead of a table.
        json: bool,
    },
    /// Run the benchmark suite.
    Bench {
        /// Words for the suite itself.
        words: Vec<String>,
    },
    /// Run another release and this one against each other.
    Versions {
        /// Its tag or commit.
        release: String,
    },
    /// Hand made-up input to the decoders and machines.
    Fuzz {
        /// One of the targets of `tests/fuzz`; all without it.
        target: Option<String>,
        /// Seconds for each of them.
        seconds: u32,
    },
    /// Break the code on purpose and run the tests.
    Mutants {
        /// Words for cargo-mutants itself.
        words: Vec<String>,
    },
    /// Publish with wrangler.
    Deploy {
        /// Do all but publish; needs no account.
        dry_run: bool,
    },
}

impl Command {
    /// Reads the words after `cargo xtask`.
    pub(crate) fn parse(words: &[String]) -> Result<Self> {
        let Some((name, rest)) = words.split_first() else {
            return Ok(Self::Help);
        };
        let options = match name.as_str() {
            "help" | "--help" | "-h" => return Ok(Self::Help),
            "bench" => {
                return Ok(Self::Bench {
                    words: rest.to_vec(),
                });
            }
            "mutants" => {
                return Ok(Self::Mutants {
                    words: rest.to_vec(),
                });
            }
            "build" => Options::read(name, rest, &[])?,
            "fuzz" => Options::read(name, rest, &["FILTER", "--seconds"])?,
            "dev" => Options::read(name, rest, &["--port", "--data", "--watch"])?,
            "serve" => Options::read(name, rest, &["--port", "--data", "--restored"])?,
            "versions" => Options::read(name, rest, &["FILTER"])?,
            "test" => Options::read(name, rest, &["FILTER"])?,
            "size" => Options::read(name, rest, &["--json"])?,
            "deploy" => Options::read(name, rest, &["--dry-run"])?,
            unknown => {
                return Err(Failure::new(format!(
                    "There is no command “{unknown}”: `cargo xtask` alone lists those there are."
                )));
            }
        };
        if options.help {
            return Ok(Self::Help);
        }
        Ok(match name.as_str() {
            "dev" => Self::Dev {
                port: options.port,
                data: options.data,
                watch: options.flag,
            },
            "serve" => Self::Serve {
                port: options.port,
                data: options.data,
                restored: options.flag,
            },
            "versions" => Self::Versions {
                release: options.filter.ok_or_else(|| {
                    Failure::new(
                        "Name the release by its tag or commit, such as `cargo xtask versions v0.1.0`.",
                    )
                })?,
            },
            "test" => Self::Test {
                filter: options.filter,
            },
            "size" => Self::Size { json: options.flag },
            "fuzz" => Self::Fuzz {
                target: options.filter,
                seconds: options.seconds,
            },
            "deploy" => Self::Deploy {
                dry_run: options.flag,
            },
            _ => Self::Build,
        })
    }
}

/// The options of all commands together; no command has more than one flag.
struct Options {
    port: u16,
    data: PathBuf,
    flag: bool,
    filter: Option<String>,
    seconds: u32,
    help: bool,
}

impl Options {
    fn read(command: &str, words: &[String], known: &[&str]) -> Result<Self> {
        let mut options = Self {
            port: 8787,
            data: PathBuf::from(".data"),
            flag: false,
            filter: None,
            // A look; who looks for something gives it an hour.
            seconds: 10,
            help: false,
        };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            // `--port=8787` and `--port 8787` are the same.
            let (name, inline) = match word.split_once('=') {
                Some((name, value)) if name.starts_with("--") => (name, Some(value.to_owned())),
                _ => (word.as_str(), None),
            };
            let mut value = || {
                inline
                    .clone()
                    .or_else(|| words.next().cloned())
                    .filter(|value| !value.is_empty())
                    .ok_or_else(|| Failure::new(format!("`{name}` wants a value after it.")))
            };
            match name {
                "--help" | "-h" => options.help = true,
                "--port" if known.contains(&name) => options.port = port(&value()?)?,
                "--seconds" if known.contains(&name) => options.seconds = seconds(&value()?)?,
                "--data" if known.contains(&name) => options.data = PathBuf::from(value()?),
                "--watch" | "--json" | "--dry-run" | "--restored" if known.contains(&name) => {
                    options.flag = true
                }
                _ if !name.starts_with('-')
                    && known.contains(&"FILTER")
                    && options.filter.is_none() =>
                {
                    options.filter = Some(word.clone());
                }
                _ => {
                    return Err(Failure::new(format!(
                        "`cargo xtask {command}` does not know “{word}”: `cargo xtask help` lists what it takes."
                    )));
                }
            }
        }
        Ok(options)
    }
}

/// Port 0 would be chosen by the system, and nobody could be told which it was.
fn port(text: &str) -> Result<u16> {
    match text.parse() {
        Ok(port) if port > 0 => Ok(port),
        _ => Err(Failure::new(format!(
            "“{text}” is not a port: give a number from 1 to 65535."
        ))),
    }
}

/// libFuzzer takes 0 for ever.
fn seconds(text: &str) -> Result<u32> {
    match text.parse() {
        Ok(seconds) if seconds > 0 => Ok(seconds),
        _ => Err(Failure::new(format!(
            "“{text}” is no number of seconds: give a whole number from 1."
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Command> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Command::parse(&words)
    }

    #[test]
    fn no_word_is_a_request_for_help() {
        assert_eq!(parse(""), Ok(Command::Help));
        assert_eq!(parse("dev --help"), Ok(Command::Help));
    }

    #[test]
    fn dev_has_defaults_and_options() {
        assert_eq!(
            parse("dev"),
            Ok(Command::Dev {
                port: 8787,
                data: ".data".into(),
                watch: false
            })
        );
        assert_eq!(
            parse("dev --watch --port=9000 --data /tmp/x"),
            Ok(Command::Dev {
                port: 9000,
                data: "/tmp/x".into(),
                watch: true
            })
        );
    }

    #[test]
    fn test_takes_one_filter() {
        assert_eq!(
            parse("test reload"),
            Ok(Command::Test {
                filter: Some("reload".into())
            })
        );
        assert!(parse("test one two").is_err());
    }

    #[test]
    fn versions_takes_a_release() {
        assert_eq!(
            parse("versions v0.1.0"),
            Ok(Command::Versions {
                release: "v0.1.0".into()
            })
        );
        assert!(parse("versions").is_err());
    }

    #[test]
    fn serve_is_told_of_an_older_copy() {
        assert_eq!(
            parse("serve --restored"),
            Ok(Command::Serve {
                port: 8787,
                data: ".data".into(),
                restored: true
            })
        );
        assert!(parse("dev --restored").is_err());
    }

    #[test]
    fn fuzz_takes_a_target_and_a_time() {
        let fuzz = |target: Option<&str>, seconds| {
            let target = target.map(str::to_owned);
            Ok(Command::Fuzz { target, seconds })
        };
        assert_eq!(parse("fuzz"), fuzz(None, 10));
        assert_eq!(parse("fuzz relay --seconds 60"), fuzz(Some("relay"), 60));
        assert!(parse("fuzz --seconds 0").is_err());
        assert!(parse("test --seconds 5").is_err());
    }

    #[test]
    fn mutants_hands_its_words_on() {
        let words = vec!["--shard".into(), "0/8".into()];
        assert_eq!(parse("mutants --shard 0/8"), Ok(Command::Mutants { words }));
    }

    #[test]
    fn bench_hands_its_words_on() {
        assert_eq!(
            parse("bench --json p6"),
            Ok(Command::Bench {
                words: vec!["--json".into(), "p6".into()]
            })
        );
    }

    #[test]
    fn an_option_belongs_to_its_command() {
        assert_eq!(
            parse("deploy --dry-run"),
            Ok(Command::Deploy { dry_run: true })
        );
        assert!(parse("deploy --json").is_err());
        assert!(parse("serve --watch").is_err());
    }

    #[test]
    fn a_wrong_value_is_named() {
        assert!(parse("dev --port").is_err());
        let failure = parse("dev --port 70000").unwrap_err().to_string();
        assert!(failure.contains("70000"), "{failure}");
        assert!(parse("dev --port 0").is_err());
        assert!(parse("deplyo").is_err());
    }
}
