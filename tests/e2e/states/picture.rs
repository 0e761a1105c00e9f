//! Pictures of the panel, and how far each is from the one that was kept when somebody last looked at it: in `tests/pictures`, where
//! those of Firefox and WebKit have folders of their own. `UPDATE=1` takes them anew, for whoever then looks at them.
//!
//! Fonts differ from machine to machine, so pictures are compared by what is where and of which colour: in cells of 8 × 8 pixels.

use std::{fs, path::PathBuf};

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use serde_json::{Value, json};
use tests::{Browser, Engine, eventually, relay::project, shopper::ROOT};

/// How far cells may differ on average, of 255. The same machine makes up to 0.5, another font (serifs for none) up to 5; bubbles on
/// the other side, or without their padding, make 9 to 18 in light colours.
const MEAN: f64 = 6.0;

/// How many cells of a thousand may differ by more than 48 of 255 (`compare.js`). Another font makes up to 30, another colour of the
/// header 50 and more, bubbles elsewhere 55 to 120. Whether a small thing is there is asked by its role, not by its picture.
const CELLS: f64 = 40.0;

/// What is to be seen, in base64. Without a focus, since a caret would be there or not, and without scrollbars, which each engine draws
/// as it likes.
pub(super) async fn shot(browser: &Browser) -> String {
    let bare = format!(
        "const root = {ROOT};
         root.activeElement?.blur();
         const sheet = new CSSStyleSheet();
         sheet.replaceSync('* {{ scrollbar-width: none !important }}');
         root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]"
    );
    browser.ask(&bare).await;
    let there =
        format!("return {ROOT}.querySelectorAll('header button, .composer button').length === 4");
    browser.until("menu and paperclip have come", &there).await;
    let still = format!(
        "return document.fonts.status === 'loaded' && {ROOT}.getAnimations().every((one) => one.playState === 'finished')"
    );
    browser.until("everything stands still", &still).await;
    // WebKit's driver shows what was drawn last, which may be older than what is there.
    let drawn =
        "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(done))";
    let mut before = String::new();
    eventually("two pictures are the same", async || {
        let frames = browser.driver.execute_async(drawn, vec![]).await;
        frames.expect("frames are drawn");
        let shot = browser.driver.screenshot_as_png_base64().await;
        let shot = shot.expect("a picture");
        let same = shot == before;
        before.clone_from(&shot);
        same.then_some(shot)
    })
    .await
}

/// What is wrong about a picture, if anything is. The work is Chromium's, on an empty page: not every engine can write such pictures.
pub(super) async fn compared(chromium: &Browser, name: &str, shot: &str) -> Option<String> {
    let file = match Engine::of_this_run() {
        Engine::Chromium => format!("{name}.webp"),
        Engine::Firefox => format!("firefox/{name}.webp"),
        Engine::WebKit => format!("webkit/{name}.webp"),
    };
    let shot = work(chromium, include_str!("cut.js"), vec![json!(shot)]).await;
    let shot = shot.as_str().expect("a picture").to_owned();
    let kept = project().join("tests/pictures").join(&file);
    let bytes = BASE64.decode(&shot).expect("base64");
    if std::env::var("UPDATE").is_ok_and(|value| value == "1") {
        write(kept, &bytes);
        return None;
    }
    write(project().join("target/pictures").join(&file), &bytes);
    let Ok(before) = fs::read(&kept) else {
        return Some(format!("{file} has no kept picture"));
    };
    let both = vec![json!(BASE64.encode(before)), json!(shot)];
    let answer = work(chromium, include_str!("compare.js"), both).await;
    let (mean, cells): (f64, f64) = serde_json::from_value(answer).expect("two numbers");
    let as_before = mean <= MEAN && cells <= CELLS;
    (!as_before).then(|| format!("{file}: {mean:.2} on average, {cells:.1} cells of 1000"))
}

/// What a script makes of pictures.
async fn work(chromium: &Browser, script: &str, pictures: Vec<Value>) -> Value {
    let answer = chromium.driver.execute_async(script, pictures).await;
    answer.expect("Chromium knows pictures").json().clone()
}

fn write(file: PathBuf, bytes: &[u8]) {
    fs::create_dir_all(file.parent().expect("a folder")).expect("a folder can be made");
    fs::write(file, bytes).expect("a picture can be written");
}
