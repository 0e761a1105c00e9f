//! A figure with its budget, and how figures are printed.

use serde_json::{Value, json};

use crate::machine::Machine;

/// One figure.
#[derive(Debug)]
pub(crate) struct Figure {
    /// Its number, and what it is.
    pub(crate) name: &'static str,
    pub(crate) value: f64,
    pub(crate) unit: &'static str,
    /// The least and the most of its rounds.
    pub(crate) spread: Option<(f64, f64)>,
    /// Above it the benchmark fails.
    pub(crate) budget: Option<f64>,
    /// Where it is to go. Not being there yet fails nothing.
    pub(crate) goal: Option<f64>,
    /// What it is made of.
    pub(crate) note: String,
    /// What is drawn of it.
    pub(crate) bars: Vec<Bar>,
}

/// One bar of a picture.
#[derive(Clone, Debug)]
pub(crate) struct Bar {
    /// Which picture (`pictures.rs`).
    pub(crate) picture: &'static str,
    pub(crate) label: &'static str,
    pub(crate) value: f64,
    pub(crate) unit: &'static str,
    pub(crate) spread: Option<(f64, f64)>,
}

impl Figure {
    pub(crate) fn new(name: &'static str, value: f64, unit: &'static str) -> Self {
        Self {
            name,
            value,
            unit,
            spread: None,
            budget: None,
            goal: None,
            note: String::new(),
            bars: vec![],
        }
    }

    /// The median of the rounds.
    pub(crate) fn of_rounds(name: &'static str, rounds: &[f64], unit: &'static str) -> Self {
        let most = rounds.iter().copied().fold(f64::MIN, f64::max);
        let least = rounds.iter().copied().fold(f64::MAX, f64::min);
        Self {
            spread: Some((least, most)),
            ..Self::new(name, middle(rounds, 0.5), unit)
        }
    }

    pub(crate) fn within(self, budget: f64) -> Self {
        let budget = Some(budget);
        Self { budget, ..self }
    }

    pub(crate) fn goal(self, goal: f64) -> Self {
        let goal = Some(goal);
        Self { goal, ..self }
    }

    /// Draws it as a bar of this picture.
    pub(crate) fn drawn(mut self, picture: &'static str, label: &'static str) -> Self {
        self.bars.push(Bar {
            picture,
            label,
            value: self.value,
            unit: self.unit,
            spread: self.spread,
        });
        self
    }

    /// Draws something else than its value: what it is a ratio of.
    pub(crate) fn bar(
        mut self,
        picture: &'static str,
        label: &'static str,
        value: f64,
        unit: &'static str,
    ) -> Self {
        self.bars.push(Bar {
            picture,
            label,
            value,
            unit,
            spread: None,
        });
        self
    }

    pub(crate) fn note(self, note: String) -> Self {
        Self { note, ..self }
    }

    /// Adds a line to what it is made of.
    pub(crate) fn also(self, line: String) -> Self {
        let note = [self.note.as_str(), &line].join("\n").trim().to_owned();
        Self { note, ..self }
    }

    pub(crate) fn holds(&self) -> bool {
        self.budget.is_none_or(|budget| self.value <= budget)
    }

    fn verdict(&self) -> String {
        let budget = self.budget.map(|budget| {
            if self.holds() {
                format!("≤ {}  ok", number(budget))
            } else {
                format!("> {}  ABOVE ITS BUDGET", number(budget))
            }
        });
        let goal = self.goal.map(|goal| {
            let there = if self.value <= goal { ", reached" } else { "" };
            format!("(goal {}{there})", number(goal))
        });
        [budget, goal]
            .into_iter()
            .flatten()
            .collect::<Vec<String>>()
            .join(" ")
    }
}

/// The value below which this share of the samples is.
pub(crate) fn middle(samples: &[f64], share: f64) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().saturating_sub(1) as f64;
    let at = (last * share).round() as usize;
    sorted.get(at).copied().unwrap_or(f64::NAN)
}

pub(crate) fn table(machine: &Machine, figures: &[Figure]) -> String {
    let mut text = format!("\n{}\n\n", machine.describe());
    for figure in figures {
        let value = format!("{} {}", number(figure.value), figure.unit);
        let spread = figure.spread.map_or(String::new(), |(least, most)| {
            format!("({} … {})", number(least), number(most))
        });
        let line = format!(
            "{:<58} {value:>14} {spread:<20} {}",
            figure.name,
            figure.verdict()
        );
        text.push_str(line.trim_end());
        text.push('\n');
        for note in figure.note.lines() {
            text.push_str(&format!("    {note}\n"));
        }
    }
    text
}

pub(crate) fn json(machine: &Machine, figures: &[Figure]) -> Value {
    let figures: Vec<Value> = figures
        .iter()
        .map(|figure| {
            json!({
                "name": figure.name,
                "value": figure.value,
                "unit": figure.unit,
                "least": figure.spread.map(|(least, _)| least),
                "most": figure.spread.map(|(_, most)| most),
                "budget": figure.budget,
                "goal": figure.goal,
                "holds": figure.holds(),
                "note": figure.note,
            })
        })
        .collect();
    json!({ "machine": machine.describe(), "figures": figures })
}

pub(crate) fn number(value: f64) -> String {
    if value >= 100.0 {
        format!("{value:.0}")
    } else if value.fract() == 0.0 {
        format!("{value}")
    } else {
        format!("{value:.3}")
    }
}
