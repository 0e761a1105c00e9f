//! The types that a relay hands out hold for every example that is shown to shops, and for nothing that is no call.

use std::{fs, process::Command};

use tests::relay::project;

/// What the examples find on their page, and the names of other chats, whose own types are theirs.
const AROUND: &str = "declare const shop: string;
declare const embed: () => void;
declare const $chatwoot: any, Intercom: any, Tawk_API: any;
interface Window { $crisp: any }
";

/// What is told, with what belongs to it.
const TOLD: &str = r#"commesso("on", "unread", (many) => many.toFixed());
commesso("on", "message", ({ from }) => from === "operator");
commesso("on", "receipt", ({ bytes, longTasks }) => (bytes.before ?? 0) + (longTasks ?? 0));
document.addEventListener("commesso:greet", ({ detail }) => detail === "taken");
commesso.ready?.then((chat) => chat("set", { offset: 0, theme: "dark", plan: "gold", orders: null }));
"#;

/// What is no call, a line each: types that take everything would say nothing.
const WRONG: [&str; 10] = [
    r#"commesso("shake");"#,
    r#"commesso("theme", "sepia");"#,
    r#"commesso("set", { theme: "sepia" });"#,
    r#"commesso("set", { position: "top" });"#,
    r#"commesso("consent", "perhaps");"#,
    r#"commesso("page");"#,
    r#"commesso("prefill", 7);"#,
    r#"commesso("identify", { name: "Ada" });"#,
    r#"commesso("on", "nothing", () => {});"#,
    r#"commesso("on", "message", ({ from }) => from === "robot");"#,
];

fn text(file: &str) -> String {
    fs::read_to_string(project().join(file)).expect("the file is there")
}

/// What stands between these two, wherever it does.
fn between<'a>(text: &'a str, start: &'a str, end: &'a str) -> impl Iterator<Item = &'a str> {
    let parts = text.split(start).skip(1);
    parts.filter_map(move |part| part.split(end).next())
}

/// As it is read in a page.
fn plain(code: &str) -> String {
    let code = code.replace("&lt;", "<").replace("&gt;", ">");
    code.replace("&amp;", "&")
}

#[test]
fn every_example_is_what_the_types_say() {
    let page = text("docs/sdk/index.html");
    let readme = text("widget/README.md");
    let shown = between(&page, "<pre><code>", "</code></pre>").map(plain);
    let shown: Vec<String> = shown
        .chain(between(&readme, "<script>\n", "</script>").map(str::to_owned))
        .collect();
    assert!(shown.len() > 15, "{shown:#?}");
    let examples = shown
        .iter()
        .enumerate()
        .map(|(at, code)| format!("async function example{at}() {{\n{code}\n}}\n"));
    let wrong = WRONG.map(|line| format!("// @ts-expect-error\n{line}\n"));
    let all: String = [AROUND.to_owned(), TOLD.to_owned()]
        .into_iter()
        .chain(examples)
        .chain(wrong)
        .collect();
    let place = project().join("target/types");
    let options = r#"{
        "compilerOptions": { "strict": true, "noEmit": true, "target": "es2022", "lib": ["es2022", "dom"], "types": [] },
        "files": ["../../widget/commesso.d.ts", "examples.ts"]
    }"#;
    fs::create_dir_all(&place).expect("a folder");
    for (name, content) in [("examples.ts", all.as_str()), ("tsconfig.json", options)] {
        fs::write(place.join(name), content).expect("it is written");
    }
    let checked = Command::new(project().join("node_modules/node/bin/node"))
        .arg(project().join("node_modules/typescript/bin/tsc"))
        .args(["--pretty", "false", "--project"])
        .arg(&place)
        .output()
        .expect("node runs");
    let said = String::from_utf8_lossy(&checked.stdout);
    let line = |at: usize| all.lines().nth(at - 1).unwrap_or_default().to_owned();
    let said: Vec<_> = said
        .lines()
        .map(|one| {
            let at = between(one, "examples.ts(", ",").next();
            let at = at.and_then(|at| at.parse().ok());
            format!("{one}\n  {}", at.map(line).unwrap_or_default())
        })
        .collect();
    assert!(checked.status.success(), "{}", said.join("\n"));
}
