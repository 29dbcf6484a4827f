//! Trains the tagger that finds persons, organisations and places.
//!
//! ```text
//! cargo run --release --features train --example train-names -- OUT [OPTION=VALUE]… FILE[:WEIGHT[:alone]]… [-- HELD-OUT…]
//! ```
//!
//! A file is a table (`.tsv`) or a text with marks; `alone` takes its sentences for documents. Options: `epochs`,
//! `rate`, `dropout`, `features`, `decay`, `passes`, and `errors=1` to list what is wrong. With no files to learn from, the model `OUT` is measured.

#![allow(clippy::print_stdout, clippy::print_stderr)] // A developer reads it.

use dateline::extract::train::{self, Plan, Source};
use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    match plan(std::env::args().skip(1)).and_then(|plan| run(&plan).map_err(|error| error.to_string())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("train-names: {message}");
            ExitCode::from(2)
        }
    }
}

fn run(plan: &Plan) -> std::io::Result<()> {
    if !plan.sources.is_empty() {
        return train::run(plan);
    }
    let bytes = std::fs::read(&plan.out)?;
    plan.held_out.iter().try_for_each(|path| train::measure(path, &bytes, plan.errors, plan.say))
}

fn plan(mut arguments: impl Iterator<Item = String>) -> Result<Plan, String> {
    let out = arguments.next().ok_or("the path of the model is missing")?;
    let mut plan = Plan {
        sources: Vec::new(),
        held_out: Vec::new(),
        out: PathBuf::from(out),
        epochs: 8,
        rate: 0.1,
        dropout: 0.5,
        features: 320_000,
        one_pass: false,
        decay: 0.0,
        errors: false,
        say: |line| println!("{line}"),
    };
    let mut learns = true;
    for argument in arguments {
        if argument == "--" {
            learns = false;
        } else if !learns {
            plan.held_out.push(PathBuf::from(argument));
        } else if let Some((name, value)) = argument.split_once('=') {
            let number: f32 = value.parse().map_err(|_| format!("`{value}` is no number"))?;
            match name {
                "epochs" => plan.epochs = number as u32,
                "rate" => plan.rate = number,
                "dropout" => plan.dropout = number,
                "features" => plan.features = number as usize,
                "errors" => plan.errors = number > 0.0,
                "decay" => plan.decay = number,
                "passes" => plan.one_pass = number < 2.0,
                _ => return Err(format!("there is no option `{name}`")),
            }
        } else {
            let mut parts = argument.split(':');
            let path = PathBuf::from(parts.next().unwrap_or_default());
            let weight = match parts.next() {
                Some(weight) => weight.parse().map_err(|_| format!("`{weight}` is no weight"))?,
                None => 1.0,
            };
            plan.sources.push(Source { path, weight, alone: parts.next() == Some("alone") });
        }
    }
    Ok(plan)
}
