//! The pictures of the README, drawn from the figures of this run: bars from zero, each with its words above and its number beside
//! it, in colours that can be read on a light and on a dark page.
//!
//! A picture is drawn when all its bars were measured; one of half of them would say something else.

use std::{fmt::Write, fs};

use tests::relay::project;

use crate::{
    figure::{Bar, Figure},
    machine::Machine,
};

/// A picture: where it goes, what it says, and how many bars it has.
struct Picture {
    name: &'static str,
    title: &'static str,
    bars: usize,
    /// A line that the bars are compared with.
    mark: Option<(f64, &'static str)>,
}

const PICTURES: [Picture; 6] = [
    Picture {
        name: "relay",
        title: "The relay against a bare one in JavaScript (× as much, less is better)",
        bars: 7,
        mark: Some((1.0, "JavaScript")),
    },
    Picture {
        name: "bytes",
        title: "What a shopper’s page loads (brotli)",
        bars: 2,
        mark: None,
    },
    Picture {
        name: "transcript",
        title: "10,000 messages, from the click to the newest one painted, processor slowed 4 times",
        bars: 2,
        mark: None,
    },
    Picture {
        name: "missed",
        title: "Bytes that bring a shopper up to date who missed 3 of 100 messages",
        bars: 2,
        mark: None,
    },
    Picture {
        name: "back",
        title: "After a tunnel, on a line with a round trip of 100 ms",
        bars: 2,
        mark: None,
    },
    Picture {
        name: "restart",
        title: "The relay is killed under thousands of sockets and started again",
        bars: 4,
        mark: None,
    },
];

/// Pixels. A README is about 830 wide; words of 13 are read there without a magnifier.
const WIDTH: f64 = 680.0;
const EDGE: f64 = 12.0;
const TOP: f64 = 48.0;
const ROW: f64 = 42.0;
const BAR: f64 = 14.0;
const FOOT: f64 = 30.0;
/// What the longest number beside a bar takes.
const NUMBER: f64 = 180.0;

/// Both themes of a page that is not ours to choose: text and bars reach 4.5 : 1 on white and on GitHub's dark grey.
const STYLE: &str = "\
text{font:13px system-ui,sans-serif;fill:#24292f}\
.title{font-weight:600}.foot{font-size:11px;fill:#57606a}\
.bar{fill:#a04a1c}.line{stroke:#24292f;stroke-width:1.5}.mark{stroke:#24292f;stroke-width:2}.name{font-size:11px;fill:#57606a}\
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.foot,.name{fill:#9198a1}.bar{fill:#e08a5b}.line,.mark{stroke:#e6edf3}}";

/// Draws what this run can draw, and says which files it wrote.
pub(crate) fn draw(machine: &Machine, figures: &[Figure]) -> Vec<String> {
    let mut written = vec![];
    for picture in &PICTURES {
        let bars: Vec<&Bar> = figures
            .iter()
            .flat_map(|figure| &figure.bars)
            .filter(|bar| bar.picture == picture.name)
            .collect();
        if bars.len() < picture.bars {
            continue;
        }
        let path = format!("docs/pictures/bench-{}.svg", picture.name);
        let drawn = svg(picture, &bars, &machine.in_short());
        fs::write(project().join(&path), drawn).expect("the picture can be written");
        written.push(path);
    }
    written
}

fn svg(picture: &Picture, bars: &[&Bar], foot: &str) -> String {
    let most = |bar: &&&Bar| {
        bar.spread
            .map_or(bar.value, |(_, most)| most.max(bar.value))
    };
    let longest = bars.iter().map(|bar| most(&bar)).fold(0.0, f64::max);
    let longest = longest.max(picture.mark.map_or(0.0, |(at, _)| at));
    let scale = (WIDTH - 2.0 * EDGE - NUMBER) / longest;
    let height = TOP + ROW * bars.len() as f64 + FOOT;
    let title = picture.title;
    let mut body = String::new();
    let mut rows: Vec<String> = vec![];
    for (row, bar) in (0..).zip(bars) {
        rows.push(row_of(bar, TOP + ROW * f64::from(row), scale, picture.mark));
    }
    if let Some((at, name)) = picture.mark {
        let _ = writeln!(
            body,
            "<text class=\"name\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{name}</text>",
            EDGE + at * scale,
            TOP - 10.0,
        );
    }
    body.push_str(&rows.concat());
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" role=\"img\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n\
         <text class=\"title\" x=\"{EDGE}\" y=\"20\">{title}</text>\n{body}\
         <text class=\"foot\" x=\"{EDGE}\" y=\"{:.1}\">{foot}</text>\n</svg>\n",
        height - 10.0,
    )
}

fn row_of(bar: &Bar, top: f64, scale: f64, mark: Option<(f64, &str)>) -> String {
    let (wide, middle) = (bar.value * scale, top + 17.0 + BAR / 2.0);
    let Bar { label, unit, .. } = bar;
    let mut text = format!("{} {unit}", short(bar.value));
    let mut right = wide;
    let mut whisker = String::new();
    if let Some((least, most)) = bar.spread {
        let _ = write!(text, " ({} – {})", short(least), short(most));
        right = right.max(most * scale);
        whisker = format!(
            "<line class=\"line\" x1=\"{:.1}\" x2=\"{:.1}\" y1=\"{middle:.1}\" y2=\"{middle:.1}\"/>",
            EDGE + least * scale,
            EDGE + most * scale,
        );
    }
    // Over the bar, and not through the words.
    let mark = mark.map_or(String::new(), |(at, _)| {
        let x = EDGE + at * scale;
        format!(
            "<line class=\"mark\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{:.1}\" y2=\"{:.1}\"/>",
            middle - BAR / 2.0 - 3.0,
            middle + BAR / 2.0 + 3.0,
        )
    });
    format!(
        "<text x=\"{EDGE}\" y=\"{:.1}\">{label}</text><rect class=\"bar\" x=\"{EDGE}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{BAR}\" rx=\"2\"/>{whisker}{mark}<text x=\"{:.1}\" y=\"{:.1}\">{text}</text>\n",
        top + 12.0,
        top + 17.0,
        wide.max(1.0),
        EDGE + right + 8.0,
        middle + 4.5,
    )
}

/// As many digits as can be seen: thousands with a comma, two behind the point below ten.
fn short(value: f64) -> String {
    if value >= 1_000.0 {
        let (thousands, rest) = (value.round() as u64 / 1_000, value.round() as u64 % 1_000);
        return format!("{thousands},{rest:03}");
    }
    let digits = match value {
        value if value >= 100.0 || value.fract() == 0.0 => 0,
        value if value >= 10.0 => 1,
        _ => 2,
    };
    format!("{value:.digits$}")
}
