//! Puts the panel's CSS on one line without its comments: it travels inside the wasm. Makes the stack smaller.

use std::{env, fs, path::Path};

fn main() {
    println!("cargo::rerun-if-changed=panel.css");
    if env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|family| family == "wasm") {
        // What is behind the stack is named by its address, all over the code: below a megabyte that is three bytes and not four.
        // The deepest calls here take a few kilobytes.
        println!("cargo::rustc-link-arg-bins=-zstack-size=262144");
    }
    let source = fs::read_to_string("panel.css").expect("panel.css is beside build.rs");
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(Path::new(&out).join("panel.css"), squeezed(&source))
        .expect("OUT_DIR can be written to");
}

/// Without comments, and without white space where CSS needs none. No value here has a text with braces in it.
fn squeezed(source: &str) -> String {
    let mut rest = source;
    let mut bare = String::new();
    while let Some((before, after)) = rest.split_once("/*") {
        bare.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    bare.push_str(rest);
    let words: Vec<&str> = bare.split_whitespace().collect();
    let mut line = words.join(" ");
    for sign in ["{", "}", ";", ","] {
        line = line
            .replace(&format!(" {sign}"), sign)
            .replace(&format!("{sign} "), sign);
    }
    line.replace(": ", ":").replace(";}", "}")
}
