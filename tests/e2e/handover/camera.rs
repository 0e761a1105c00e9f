//! What a camera reads in the picture of the link, by a decoder that is not ours.

use rqrr::PreparedImage;
use serde_json::json;
use tests::{
    Browser, Relay, Shopper,
    browser::{DESKTOP, PHONE},
    shopper::{LAUNCHER, ROOT},
};

use super::shown_code;
use crate::frame::{inside, outside};

/// Keeps what is copied where the story can read it; what a person has copied before is theirs.
const COPIES: &str = "Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { window.copied = text; } } });";

/// Bytes of the longest text that fits into the smallest pictures, from 4 to 15 (ISO/IEC 18004, table 7, correction M).
const ROOM: [(usize, usize); 12] = [
    (4, 62),
    (5, 84),
    (6, 106),
    (7, 122),
    (8, 152),
    (9, 180),
    (10, 213),
    (11, 251),
    (12, 287),
    (13, 331),
    (14, 362),
    (15, 412),
];

/// Of error correction, as decoders count it: M.
const MEDIUM: u16 = 0;

/// What stands in a picture, and its version.
async fn read(browser: &Browser, address: String) -> (String, usize) {
    let script = include_str!("read.js");
    let points = browser
        .driver
        .execute_async(script, vec![json!(address)])
        .await;
    let points = points.expect("the picture can be looked at");
    let (width, points): (usize, Vec<u8>) = points.convert().expect("points");
    let height = points.len() / width;
    let point = |x: usize, y: usize| points[y * width + x];
    let mut picture = PreparedImage::prepare_from_greyscale(width, height, point);
    let found = picture.detect_grids();
    let [code] = &found[..] else {
        panic!("{} codes are in the picture", found.len())
    };
    let (about, text) = code.decode().expect("it can be read");
    assert_eq!(about.ecc_level, MEDIUM);
    (text, about.version.0)
}

/// What a camera reads off the screen.
async fn read_off_the_screen(browser: &Browser) -> String {
    let picture = browser.see("img", "QR code of the link").await;
    let still =
        format!("return {ROOT}.getAnimations().every((one) => one.playState === 'finished')");
    browser.until("everything stands still", &still).await;
    let shot = picture.screenshot_as_png_base64().await;
    let shot = shot.expect("a picture of the picture");
    read(browser, format!("data:image/png;base64,{shot}"))
        .await
        .0
}

/// The same of a camera that is held as near as it likes.
async fn read_closely(browser: &Browser) -> (String, usize) {
    browser.see("img", "QR code of the link").await;
    let drawn = format!(
        "const copy = {ROOT}.querySelector('svg.code').cloneNode(true);
        const [, , side] = copy.getAttribute('viewBox').split(' ');
        for (const name of ['width', 'height']) copy.setAttribute(name, side * 4);
        return 'data:image/svg+xml,' + encodeURIComponent(new XMLSerializer().serializeToString(copy))"
    );
    let address = browser.ask(&drawn).await;
    read(browser, address.as_str().expect("an address").to_owned()).await
}

/// The link that is copied for who has no camera.
async fn copied(browser: &Browser) -> String {
    browser.ask("delete window.copied").await;
    browser.press("Copy the link").await;
    browser.see("button", "Copied").await;
    let copied = browser.ask("return window.copied").await;
    copied.as_str().expect("a link").to_owned()
}

fn link(page: &str, code: &str) -> String {
    format!("{page}#commesso={}", code.replace('-', ""))
}

#[tokio::test]
async fn the_picture_says_the_link_and_the_link_leads_there() {
    let shop = Relay::shared().await.shop().await;
    shop.storefront.begins_with(COPIES);
    let (desk, phone) = Browser::two(DESKTOP, PHONE).await;
    // What follows the path may be somebody's, and stays here.
    let desk = Shopper::arrives(desk, &shop, "plain?order=7#top").await;
    desk.opens_the_chat().await;
    desk.writes_for_sure("Is the moka in stock?").await;
    let code = shown_code(&desk.browser).await;
    let expected = link(&shop.storefront.page("plain"), &code);
    assert_eq!(read_closely(&desk.browser).await.0, expected);
    assert_eq!(copied(&desk.browser).await, expected);
    phone.go(&expected).await;
    phone.press("Go on here").await;
    let phone = Shopper { browser: phone };
    phone.reads("Is the moka in stock?").await;
    phone.leaves().await;
    desk.leaves().await;
}

#[tokio::test]
async fn off_the_screen_it_is_read_in_both_colours() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    shopper.opens_the_chat().await;
    let browser = &shopper.browser;
    let code = shown_code(browser).await;
    let expected = link(&shop.storefront.page("plain"), &code);
    for (theme, is_dark) in [("light", false), ("dark", true)] {
        browser.ask(&format!("commesso('theme', '{theme}')")).await;
        let worn = format!(
            "return {ROOT}.querySelector('.root').classList.contains('dark') === {is_dark}"
        );
        browser.until(&format!("it is {theme}"), &worn).await;
        assert_eq!(read_off_the_screen(browser).await, expected, "{theme}");
    }
    shopper.leaves().await;
}

#[tokio::test]
async fn in_a_frame_it_leads_to_the_page_around() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "walled").await;
    let browser = &shopper.browser;
    browser.press(LAUNCHER).await;
    inside(browser).await;
    shopper.is_in_the_chat().await;
    browser.ask(COPIES).await;
    shopper.writes_for_sure("Is the moka in stock?").await;
    let code = shown_code(browser).await;
    let expected = link(&shop.storefront.page("walled"), &code);
    assert_eq!(read_closely(browser).await.0, expected);
    assert_eq!(copied(browser).await, expected);
    outside(browser).await;
    shopper
        .leaves_after(&["Content Security Policy", "WebAssembly"])
        .await;
}

#[tokio::test]
async fn every_address_that_fits_can_be_read() {
    let shop = Relay::shared().await.shop().await;
    shop.storefront.begins_with(COPIES);
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    shopper.opens_the_chat().await;
    let browser = &shopper.browser;
    let origin = shop.storefront.origin();
    let around = link(&format!("{origin}/"), "AAAAA-AAAAA").len();
    let moves_to = async |path: &str| {
        let moves = format!("history.pushState(null, '', '/{path}')");
        browser.ask(&moves).await;
    };
    for (version, room) in ROOM {
        let path = "p".repeat(room - around);
        moves_to(&path).await;
        let code = shown_code(browser).await;
        let expected = link(&format!("{origin}/{path}"), &code);
        assert_eq!(expected.len(), room);
        assert_eq!(read_closely(browser).await, (expected, version));
        browser.press("Done").await;
        browser.see_no("img", "QR code").await;
    }
    // One that does not fit is there to be copied and typed.
    let path = "p".repeat(413 - around);
    moves_to(&path).await;
    browser.press("More").await;
    browser.click("menuitem", "Continue on your phone").await;
    let link = copied(browser).await;
    assert_eq!(link.len(), 413);
    browser.see_no("img", "QR code").await;
    let shown = format!("return {ROOT}.querySelector('output').textContent.replace('-', '')");
    let code = browser.ask(&shown).await;
    assert!(link.ends_with(code.as_str().expect("a code")), "{link}");
    shopper.leaves().await;
}
