//! What a shop has chosen for its chat arrives in it (SPEC, LK), and gives way to what a page's own tag says.

use std::{
    io::{Read, Write},
    net::{Ipv4Addr, TcpListener},
    thread,
};

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Browser, Relay, Shop, Shopper, browser::DESKTOP, eventually, shopper::ROOT};

use super::is_ready;
use crate::states::{opens, put_tag};

const LIGHT: &str = "rgb(255, 255, 255)";
const DARK: &str = "rgb(30, 26, 23)";

/// The launcher of a shop that is not known yet.
const UNKNOWN: &str = "rgb(34, 34, 34)";

/// The initials of the shop that every story has.
const INITIALS: &str = "BA";

/// The letters of a page that has its own.
const LETTERS: &str = "document.body.style.fontFamily = '\"Courier New\", monospace';
    return getComputedStyle(document.body).fontFamily";

/// How far the launcher is from the corner on the right.
fn from_the_right() -> String {
    format!("return innerWidth - {ROOT}.querySelector('.launcher').getBoundingClientRect().right")
}

/// A picture at the shop's own place; answers with its address.
fn logo() -> String {
    let place = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
    let port = place.local_addr().expect("it has an address").port();
    thread::spawn(move || {
        // Higher than it is wide, as signs over a door are.
        let dot = "<svg xmlns='http://www.w3.org/2000/svg' width='80' height='240'/>";
        let length = dot.len();
        let head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: image/svg+xml";
        for mut visit in place.incoming().flatten() {
            // Who hangs up first does no harm.
            let _ = visit.read(&mut [0; 4096]);
            let _ = write!(visit, "{head}\r\ncontent-length: {length}\r\n\r\n{dot}");
        }
    });
    format!("http://localhost:{port}/logo.svg")
}

async fn chooses(shop: &Shop, looks: &Value) {
    let caller = shop.caller();
    let change = caller.request(Method::PATCH, "/v1/shop").json(looks);
    let chosen = caller.send(change).await;
    assert_eq!(chosen.status, 200, "{}", chosen.body);
}

/// Waits until the panel wears this: its corners, its letters, its surface, and the mark in its head, which is what a person sees there.
async fn wears(browser: &Browser, worn: [&str; 4]) {
    let script = format!(
        "const [panel, face] = ['.panel', 'header .face'].map((part) => {ROOT}.querySelector(part));
         const style = getComputedStyle(panel);
         const logo = face.querySelector('img');
         const place = (part) => JSON.stringify(part.getBoundingClientRect());
         const covers = logo?.naturalWidth && logo.checkVisibility() && place(logo) == place(face);
         const mark = covers ? logo.src : face.innerText;
         return [style.borderTopLeftRadius, style.fontFamily, style.backgroundColor, mark]"
    );
    let mut seen = Value::Null;
    eventually(&format!("the panel wears {worn:?}"), async || {
        seen = browser.ask(&script).await;
        (seen == json!(worn)).then_some(())
    })
    .await;
}

#[tokio::test]
async fn lk1_what_a_shop_has_chosen_is_what_shoppers_see() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper {
        browser: Browser::open(DESKTOP).await,
    };
    let browser = &shopper.browser;
    let own = "system-ui, sans-serif";
    let logo = logo();
    let all =
        json!({ "logo": logo, "radius": 4, "font": "shop", "theme": "dark", "position": "left" });
    let none = json!({ "logo": "", "radius": 0, "font": "system", "theme": "light" });
    for (chosen, of_the_page, corners, surface, mark) in [
        (json!({}), false, "20px", LIGHT, INITIALS),
        (all, true, "4px", DARK, logo.as_str()),
        (none, false, "0px", LIGHT, INITIALS),
    ] {
        chooses(&shop, &chosen).await;
        browser.go(&shop.storefront.page("plain")).await;
        browser.see("button", "Chat").await;
        let letters = browser.ask(LETTERS).await;
        let letters = letters.as_str().expect("a font");
        opens(&shopper).await;
        let letters = if of_the_page { letters } else { own };
        wears(browser, [corners, letters, surface, mark]).await;
        // The corner is the tag's alone: the launcher is drawn before anything is asked.
        assert_eq!(browser.ask(&from_the_right()).await, json!(20));
        // The next one is new here.
        browser.ask("commesso('logout')").await;
    }
    shopper.leaves().await;
}

#[tokio::test]
async fn lk1_a_shop_is_light_or_dark_or_as_the_device_is() {
    let shop = Relay::shared().await.shop().await;
    for dark in [false, true] {
        let device = if dark { DARK } else { LIGHT };
        let shopper = Shopper {
            browser: Browser::open_in(DESKTOP, dark).await,
        };
        let browser = &shopper.browser;
        for (theme, surface) in [("auto", device), ("light", LIGHT), ("dark", DARK)] {
            chooses(&shop, &json!({ "theme": theme })).await;
            browser.go(&shop.storefront.page("plain")).await;
            opens(&shopper).await;
            wears(
                browser,
                ["20px", "system-ui, sans-serif", surface, INITIALS],
            )
            .await;
            browser.ask("commesso('logout')").await;
        }
        shopper.leaves().await;
    }
}

#[tokio::test]
async fn lk4_on_the_next_page_the_launcher_has_the_shops_colour_at_once() {
    let shop = Relay::shared().await.shop().await;
    // By its green alone white would be read on it.
    chooses(&shop, &json!({ "color": "#ff6900" })).await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    let browser = &shopper.browser;
    let worn = format!(
        "const {{ backgroundColor, color }} = getComputedStyle({ROOT}.querySelector('.launcher'));
         return [backgroundColor, color]"
    );
    assert_eq!(
        browser.ask(&worn).await,
        json!([UNKNOWN, "rgb(255, 255, 255)"])
    );
    let orange = json!(["rgb(255, 105, 0)", "rgb(26, 22, 19)"]);
    opens(&shopper).await;
    let mut seen = Value::Null;
    eventually("it has the shop's colour", async || {
        seen = browser.ask(&worn).await;
        (seen == orange).then_some(())
    })
    .await;
    browser.press("Close").await;
    // Where nothing is loaded before somebody asks for it.
    let forgets = "for (const key in localStorage) if (key.endsWith(':conversation')) delete localStorage[key]";
    browser.ask(forgets).await;
    browser.go(&shop.storefront.page("plain")).await;
    browser.see("button", "Chat").await;
    assert_eq!(browser.ask(&worn).await, orange);
    let loaded = format!("return Boolean({ROOT}.querySelector('.panel'))");
    assert_eq!(browser.ask(&loaded).await, json!(false));
    shopper.leaves().await;
}

#[tokio::test]
async fn what_a_tag_says_goes_before_what_its_shop_says() {
    let shop = Relay::shared().await.shop().await;
    chooses(&shop, &json!({ "theme": "dark", "color": "#7a3b1d" })).await;
    let browser = Browser::open(DESKTOP).await;
    browser.go(&shop.storefront.page("bare")).await;
    put_tag(&browser, &shop, &[("theme", "light"), ("color", "#0b5d4d")]).await;
    is_ready(&browser).await;
    let shopper = Shopper { browser };
    opens(&shopper).await;
    let browser = &shopper.browser;
    // What the shop says is known now: its name came with it.
    browser.see("dialog", "Chat with Bottega Aroma").await;
    wears(browser, ["20px", "system-ui, sans-serif", LIGHT, INITIALS]).await;
    let colors = format!(
        "return ['header', '.launcher'].map((part) => getComputedStyle({ROOT}.querySelector(part)).backgroundColor)"
    );
    let green = "rgb(11, 93, 77)";
    assert_eq!(browser.ask(&colors).await, json!([green, green]));
    // A page may leave to the device what its shop does not.
    browser.ask("commesso('theme', 'auto')").await;
    wears(browser, ["20px", "system-ui, sans-serif", LIGHT, INITIALS]).await;
    browser.ask("commesso('theme', 'dark')").await;
    wears(browser, ["20px", "system-ui, sans-serif", DARK, INITIALS]).await;
    browser.ask("commesso('theme', 'auto')").await;
    wears(browser, ["20px", "system-ui, sans-serif", LIGHT, INITIALS]).await;
    shopper.leaves().await;
}

#[tokio::test]
async fn lk2_a_logo_that_does_not_come_leaves_the_initials() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper {
        browser: Browser::open(DESKTOP).await,
    };
    let browser = &shopper.browser;
    for (page, logo) in [
        ("plain", format!("{}/nothing.svg", shop.relay)),
        // Whose policy lets no picture of another host be.
        ("strict", logo()),
    ] {
        chooses(&shop, &json!({ "logo": logo })).await;
        browser.go(&shop.storefront.page(page)).await;
        opens(&shopper).await;
        let given_up = format!(
            "const logo = {ROOT}.querySelector('header .face img'); return logo?.src === '{logo}' && logo.complete"
        );
        browser.until("the logo is not there", &given_up).await;
        let (own, mark) = ("system-ui, sans-serif", INITIALS);
        wears(browser, ["20px", own, LIGHT, mark]).await;
        browser.ask("commesso('logout')").await;
    }
    shopper
        .leaves_after(&["nothing.svg", "Content Security Policy"])
        .await;
}
