//! Pictures and papers: chosen, pasted or dropped, made fit on the device, sent, shown to the other side, and kept from doing harm.

mod doors;
mod leaving;
mod limits;
mod refused;

use protocol::{
    entry::Content,
    id::ConversationId,
    part::{File, Part},
};
use serde_json::json;
use tests::{
    Browser, Caller, Operator, Relay, Shop, Shopper,
    browser::{DESKTOP, PHONE},
    eventually,
    fault_proxy::{Door, FaultProxy},
    shopper::ROOT,
};
use thirtyfour::Key;

use crate::{
    accessible::assert_widget_accessible,
    network::{BROKEN, behind_a_proxy},
    phone::too_small,
};

/// Chooses, pastes or drops files of these names and kinds.
pub(crate) async fn takes(browser: &Browser, how: &str, files: &[(&str, &str)]) {
    // The way in is loaded with the panel.
    browser.see("button", "Attach a picture or PDF").await;
    let files: Vec<_> = files
        .iter()
        .map(|(name, kind)| json!({ "name": name, "kind": kind }))
        .collect();
    let arguments = vec![json!(how), json!(files)];
    let script = include_str!("files/choose.js");
    let took = browser.driver.execute(script, arguments).await;
    took.expect("the files are taken");
}

async fn in_a_chat(size: (u32, u32), words: &str) -> (Shop, Shopper, Caller, ConversationId) {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(size).await, &shop, "plain").await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure(words).await;
    let owner = Caller::with_key(&shop.relay, &shop.made.key);
    let conversation = owner.conversation_with(words).await.id;
    (shop, shopper, owner, conversation)
}

/// The files of the transcript, with the words they came with, as soon as there are so many messages with files.
pub(crate) async fn sent(
    owner: &Caller,
    conversation: ConversationId,
    many: usize,
) -> Vec<(String, Vec<File>)> {
    eventually(
        &format!("{many} messages with files are stored"),
        async || {
            let entries = owner.transcript(conversation).await;
            let with_files = entries.into_iter().filter_map(|entry| {
                let Content::Message { text, parts } = entry.content else {
                    return None;
                };
                let files: Vec<File> = parts
                    .all()
                    .iter()
                    .filter_map(|part| match part {
                        Part::File(file) => Some(file.clone()),
                        Part::Card(_) | Part::Reply { .. } | Part::Unknown => None,
                    })
                    .collect();
                (!files.is_empty()).then_some((text, files))
            });
            let with_files: Vec<_> = with_files.collect();
            (with_files.len() >= many).then_some(with_files)
        },
    )
    .await
}

#[tokio::test]
async fn a_photo_is_sent_without_what_it_knows_and_is_looked_at() {
    let (shop, shopper, owner, conversation) = in_a_chat(PHONE, "The handle broke").await;
    let browser = &shopper.browser;
    takes(browser, "choose", &[("moka rotta.jpg", "photo")]).await;
    browser.see("button", "Remove moka rotta.jpg").await;
    let made = format!("return !!{ROOT}.querySelector('.tray img')");
    browser.until("the picture is made", &made).await;
    assert_widget_accessible(browser, "a picture to be sent").await;
    shopper.writes("Look").await;
    browser.see_no("button", "Remove moka rotta.jpg").await;
    browser.see("button", "Open moka rotta.jpg").await;
    shopper.is_stored("Look").await;

    let (text, files) = sent(&owner, conversation, 1).await.remove(0);
    let [photo] = &files[..] else {
        panic!("one file")
    };
    assert_eq!(
        (text.as_str(), photo.name.as_str()),
        ("Look", "moka rotta.jpg")
    );
    assert_eq!(photo.media, "image/jpeg");
    // As it was held, and no larger than a screen.
    assert_eq!((photo.width, photo.height), (Some(1365), Some(2048)));
    let path = owner.address(conversation, photo).await;
    let read = Caller::nobody(&shop.relay).request(reqwest::Method::GET, &path);
    let read = read.send().await.expect("an answer");
    let bytes = read.bytes().await.expect("a body");
    assert_eq!(bytes.len() as u64, photo.size);
    let holds = |word: &[u8]| bytes.windows(word.len()).any(|part| part == word);
    assert!(
        !holds(b"Exif") && !holds(b"Milano"),
        "it says where it was taken"
    );

    // After a reload it comes from the relay, and keeps its place before it is there.
    browser.reload().await;
    shopper.opens_the_chat().await;
    browser.see("button", "Open moka rotta.jpg").await;
    let loaded = format!("return {ROOT}.querySelector('.picture img')?.naturalWidth === 1365");
    browser.until("the picture is there", &loaded).await;
    browser.click("button", "Open moka rotta.jpg").await;
    browser.see("dialog", "moka rotta.jpg").await;
    browser.see("button", "Close the picture").await;
    let large = format!("return {ROOT}.querySelector('dialog img').naturalWidth === 1365");
    browser.until("it is large", &large).await;
    assert_widget_accessible(browser, "a picture above the page").await;
    let escape = browser.see("button", "Close the picture").await;
    escape.send_keys(Key::Escape + "").await.expect("a key");
    browser.see_no("dialog", "moka rotta.jpg").await;
    // The panel stays, and the focus is where it was.
    let back = format!("return {ROOT}.activeElement?.ariaLabel === 'Open moka rotta.jpg'");
    browser.until("the focus is back", &back).await;
    // The picture goes with the chat.
    browser.click("button", "Open moka rotta.jpg").await;
    browser.see("dialog", "moka rotta.jpg").await;
    browser.ask("commesso('close')").await;
    browser.see_no("dialog", "moka rotta.jpg").await;
    shopper.leaves().await;
}

#[tokio::test]
async fn pictures_are_turned_by_a_finger() {
    let (_, shopper, owner, conversation) = in_a_chat(PHONE, "Which cup is it?").await;
    let browser = &shopper.browser;
    takes(
        browser,
        "choose",
        &[("one.jpg", "photo"), ("two.jpg", "photo")],
    )
    .await;
    browser.see("button", "Remove two.jpg").await;
    let made = format!("return {ROOT}.querySelectorAll('.tray img').length === 2");
    browser.until("the pictures are made", &made).await;
    shopper.writes("These").await;
    sent(&owner, conversation, 1).await;
    browser.click("button", "Open one.jpg").await;
    browser.see("dialog", "one.jpg").await;
    // From one place to another, as far as a finger is concerned.
    let goes = |from: u32, to: u32| {
        format!(
            "const image = {ROOT}.querySelector('dialog img');
            for (const [name, clientX] of [['pointerdown', {from}], ['pointerup', {to}]]) {{
                image.dispatchEvent(new PointerEvent(name, {{ clientX, clientY: 200, isPrimary: true, bubbles: true }}));
            }}
            image.click()"
        )
    };
    browser.ask(&goes(200, 100)).await;
    browser.see("dialog", "two.jpg").await;
    browser.ask(&goes(100, 200)).await;
    browser.see("dialog", "one.jpg").await;
    // A finger that trembles turns nothing, and a tap closes it.
    browser.ask(&goes(100, 120)).await;
    browser.see("dialog", "one.jpg").await;
    browser.ask(&goes(100, 103)).await;
    browser.see_no("dialog", "one.jpg").await;
    shopper.leaves().await;
}

#[tokio::test]
async fn what_the_shop_sends_is_shown_and_saved() {
    let (shop, shopper, owner, conversation) = in_a_chat(DESKTOP, "May I have the invoice?").await;
    let pdf = b"%PDF-1.4\n%%EOF";
    let file = owner.show(conversation, "Fattura%20n.%207", pdf).await;
    assert_eq!(file.name, "Fattura n. 7.pdf");
    let link = shopper
        .browser
        .see("link", "Download Fattura n. 7.pdf, 1 kB")
        .await;
    eventually("the link leads to it", async || {
        let href = link.attr("href").await.ok()??;
        href.starts_with(&format!("{}/files/", shop.relay))
            .then_some(())
    })
    .await;
    let summary = owner.conversation_with("Fattura n. 7.pdf").await;
    assert_eq!(summary.id, conversation);
    shopper.leaves().await;
}

#[tokio::test]
async fn pasted_and_dropped_they_go_together() {
    let (_, shopper, owner, conversation) = in_a_chat(DESKTOP, "Two things").await;
    let browser = &shopper.browser;
    takes(browser, "paste", &[("image.png", "screenshot")]).await;
    browser.see("button", "Remove image.png").await;
    takes(
        browser,
        "drop",
        &[("scontrino.pdf", "pdf"), ("altro.pdf", "pdf")],
    )
    .await;
    browser.click("button", "Remove altro.pdf").await;
    browser.see_no("button", "Remove altro.pdf").await;
    // Without a word the button sends them.
    browser.press("Send").await;
    let (text, files) = sent(&owner, conversation, 1).await.remove(0);
    let names: Vec<_> = files
        .iter()
        .map(|file| (file.name.as_str(), file.media.as_str()))
        .collect();
    assert_eq!(
        names,
        [
            ("image.png", "image/png"),
            ("scontrino.pdf", "application/pdf")
        ]
    );
    assert_eq!(text, "");
    browser.see("button", "Open image.png").await;
    browser.see("link", "Download scontrino.pdf").await;
    browser.see_no("button", "Cancel").await;
    // What is written next is words alone.
    shopper.writes_for_sure("That is all").await;
    assert_eq!(sent(&owner, conversation, 1).await.len(), 1);
    shopper.leaves().await;
}

#[tokio::test]
async fn what_cannot_be_sent_is_said_at_once() {
    let (_, shopper, owner, conversation) = in_a_chat(DESKTOP, "Look at this").await;
    let browser = &shopper.browser;
    let files = [
        ("page.html", "page"),
        ("drawing.svg", "drawing"),
        ("scontrino.pdf", "pdf"),
    ];
    takes(browser, "choose", &files[..1]).await;
    browser.see_words_anywhere("page.html cannot be sent").await;
    assert_widget_accessible(browser, "a file that cannot be sent").await;
    takes(browser, "choose", &files[2..]).await;
    browser.see("button", "Remove scontrino.pdf").await;
    browser.see_no("button", "Remove page.html").await;
    shopper.writes("Only this one").await;
    let (text, files) = sent(&owner, conversation, 1).await.remove(0);
    assert_eq!((text.as_str(), files.len()), ("Only this one", 1));
    shopper.leaves().await;
}

/// Sends pictures, with words, when the chat is out of reach.
async fn sends_in_the_tunnel(proxy: &FaultProxy, shopper: &Shopper, files: &[(&str, &str)]) {
    let browser = &shopper.browser;
    takes(browser, "choose", files).await;
    for (name, _) in files {
        browser.see("button", &format!("Remove {name}")).await;
    }
    let many = files.len();
    let made = format!("return {ROOT}.querySelectorAll('.tray img').length === {many}");
    browser.until("the pictures are made", &made).await;
    proxy.door(Door::NoChat);
    proxy.reset();
    shopper.writes("In the tunnel").await;
    let waits = "It leaves when it is back";
    browser.see_words_anywhere(waits).await;
}

#[tokio::test]
async fn a_photo_survives_the_tunnel_and_the_tab() {
    let (proxy, shop) = behind_a_proxy().await;
    let browser = Browser::open(DESKTOP).await;
    let shopper = Shopper::arrives(browser, &shop, "plain").await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("Hello").await;
    let owner = shop.caller();
    let conversation = owner.conversation_with("Hello").await.id;
    let browser = &shopper.browser;
    // Another tab, which had something in its tray, stays open beside it.
    takes(browser, "choose", &[("other.jpg", "photo")]).await;
    browser.press("Remove other.jpg").await;
    browser.tab(&shop.storefront.page("plain")).await;
    shopper.opens_the_chat().await;
    sends_in_the_tunnel(&proxy, &shopper, &[("moka.jpg", "photo")]).await;
    assert_widget_accessible(browser, "a picture that waits").await;
    // The tab goes, and the next one takes it up by itself.
    browser.reload().await;
    proxy.calm();
    let (text, files) = sent(&owner, conversation, 1).await.remove(0);
    assert_eq!((text.as_str(), files.len()), ("In the tunnel", 1));
    browser.see("button", "Open moka.jpg").await;
    browser.see_no("button", "Cancel").await;
    assert_eq!(sent(&owner, conversation, 1).await.len(), 1, "and once");
    shopper.leaves_after(&BROKEN).await;
}

#[tokio::test]
async fn photos_on_their_way_survive_another_language() {
    let (proxy, shop) = behind_a_proxy().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("Hello").await;
    let owner = shop.caller();
    let conversation = owner.conversation_with("Hello").await.id;
    let browser = &shopper.browser;
    let two = [("one.jpg", "photo"), ("two.jpg", "photo")];
    sends_in_the_tunnel(&proxy, &shopper, &two).await;
    // The chat begins anew, and the letter is the new one's.
    browser.ask("commesso('locale', 'it')").await;
    browser.see("button", "Annulla").await;
    proxy.calm();
    let (text, files) = sent(&owner, conversation, 1).await.remove(0);
    assert_eq!((text.as_str(), files.len()), ("In the tunnel", 2));
    browser.see_no("button", "Annulla").await;
    assert_eq!(sent(&owner, conversation, 1).await.len(), 1, "and once");
    shopper.leaves_after(&BROKEN).await;
}

#[tokio::test]
async fn what_is_taken_back_is_not_sent_and_gives_its_words_back() {
    let (proxy, shop) = behind_a_proxy().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("Hello").await;
    let conversation = shop.caller().conversation_with("Hello").await.id;
    let browser = &shopper.browser;
    proxy.door(Door::NoChat);
    proxy.reset();
    takes(browser, "choose", &[("scontrino.pdf", "pdf")]).await;
    browser.see("button", "Remove scontrino.pdf").await;
    shopper.writes("Here it is").await;
    browser.see("button", "Cancel").await;
    assert_eq!(too_small(browser).await, json!([]), "for a finger");
    browser.click("button", "Cancel").await;
    browser.see_no("button", "Cancel").await;
    let given = format!("return {ROOT}.querySelector('textarea').value === 'Here it is'");
    browser.until("the words are back", &given).await;
    proxy.calm();
    shopper.writes(", without it").await;
    shopper.is_stored("Here it is, without it").await;
    let words = shop.caller().words(conversation).await;
    assert_eq!(words, ["Hello", "Here it is, without it"]);
    shopper.leaves_after(&BROKEN).await;
}

#[tokio::test]
async fn a_shop_may_do_without() {
    let shop = Relay::shared().await.shop().await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "without").await;
    shopper.opens_the_chat().await;
    shopper.writes_for_sure("Words alone").await;
    shopper.browser.see_no("button", "Attach").await;
    shopper.leaves().await;
}

#[tokio::test]
async fn the_inbox_shows_and_sends() {
    let shop = Relay::shared().await.shop().await;
    let (desk, office) = Browser::two(DESKTOP, DESKTOP).await;
    let shopper = Shopper::arrives(desk, &shop, "plain").await;
    shopper.opens_the_chat().await;
    takes(&shopper.browser, "choose", &[("moka.jpg", "photo")]).await;
    shopper.browser.see("button", "Remove moka.jpg").await;
    shopper.browser.press("Send").await;
    shopper.browser.see("button", "Open moka.jpg").await;

    let operator = Operator::signs_in(office, &shop).await;
    let browser = &operator.browser;
    browser.click("button", "moka.jpg").await;
    browser.see("button", "Open moka.jpg").await;
    let loaded = "return document.querySelector('.picture img')?.naturalWidth === 1365";
    browser.until("the picture is there", loaded).await;
    browser.click("button", "Open moka.jpg").await;
    browser.see("dialog", "moka.jpg").await;
    browser.click("button", "Close the picture").await;
    browser.see_no("dialog", "moka.jpg").await;

    takes(browser, "choose", &[("Fattura.pdf", "pdf")]).await;
    browser.see("button", "Remove Fattura.pdf").await;
    let inside = "return Boolean(document.querySelector('.tray')?.closest('.paper'))";
    browser
        .until("what waits lies in the composer", inside)
        .await;
    operator.answers("Here is the invoice").await;
    browser.see("link", "Download Fattura.pdf").await;
    let beside = "const there = document.elementFromPoint(innerWidth - 100, innerHeight / 2);
        return Boolean(there?.closest('.column.about'))";
    browser
        .until("who they talk with still stands beside", beside)
        .await;
    shopper.reads("Here is the invoice").await;
    shopper.browser.see("link", "Download Fattura.pdf").await;
    // A note goes without, and what waits above it stays.
    takes(browser, "choose", &[("altra.pdf", "pdf")]).await;
    operator.notes("Ask Marco first").await;
    browser.see("button", "Remove altra.pdf").await;
    shopper.leaves().await;
    operator.leaves().await;
}
