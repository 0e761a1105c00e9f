//! The chat without a script: plain pages of the relay, in which a browser does nothing but show and send (SPEC, PP).

mod axe;

use crate::{form, rating};
use protocol::form::{Consent, FieldKind, Form};
use reqwest::{Client, Method, RequestBuilder, Response, redirect::Policy};
use tests::{Browser, Caller, Relay, Shop, browser::PHONE, eventually, shop, shopper::COMPOSER};

/// A picture of two by two.
pub(crate) const DOT: &[u8] =
    b"GIF89a\x02\0\x02\0\x80\0\0\x7a\x3b\x1d\0\0\0,\0\0\0\0\x02\0\x02\0\0\x02\x02\x84Q\0;";

/// A shopper's browser, as far as plain pages need one.
struct Plain {
    http: Client,
    pages: String,
}

impl Plain {
    fn of(shop: &Shop) -> Self {
        let client = Client::builder().no_proxy().redirect(Policy::none());
        Self {
            http: client.build().expect("an HTTP client"),
            pages: format!("{}/chat/{}", shop.relay, shop.id.as_str()),
        }
    }

    /// Sends a form to a page of the shop's; fields need no escapes.
    fn form(&self, page: &str, fields: &[(&str, &str)]) -> RequestBuilder {
        let fields = fields.iter().map(|(name, value)| format!("{name}={value}"));
        let body = fields.collect::<Vec<_>>().join("&");
        let request = self
            .http
            .request(Method::POST, format!("{}/{page}", self.pages));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        request.body(body)
    }

    /// The same from the relay's own page.
    fn own(&self, fields: &[(&str, &str)]) -> RequestBuilder {
        self.form("", fields)
            .header("sec-fetch-site", "same-origin")
    }

    async fn get(&self, page: &str, cookie: &str) -> Response {
        let request = self.http.get(format!("{}/{page}", self.pages));
        sent(request.header("cookie", cookie)).await
    }
}

async fn sent(request: RequestBuilder) -> Response {
    request.send().await.expect("the relay answers")
}

/// The cookie that an answer sets, as a browser would send it.
fn cookie(answer: &Response) -> Option<String> {
    let set = answer.headers().get("set-cookie")?.to_str().ok()?;
    set.split(';').next().map(str::to_owned)
}

fn header<'a>(answer: &'a Response, name: &str) -> &'a str {
    let value = answer.headers().get(name);
    value.map_or("", |value| value.to_str().expect("text"))
}

#[tokio::test]
async fn pp7_a_shopper_without_scripts_writes_and_reads_what_comes() {
    let shop = Relay::shared().await.shop().await;
    let browser = Browser::open(PHONE).await;
    let page = format!("{}/chat/{}", shop.relay, shop.id.as_str());
    browser.go(&page).await;
    browser.see("heading", "Bottega Aroma").await;
    let scripts = "return document.scripts.length";
    assert_eq!(browser.ask(scripts).await, 0);
    assert!(shop.caller().open_conversations().await.is_empty());

    writes(&browser, "Is the moka back?").await;
    in_transcript(&browser).await;
    browser.see_bubble("Is the moka back?", &["Sent"]).await;
    let conversation = shop.caller().conversation_with("Is the moka back?").await;
    assert!(conversation.visitor_present);

    // What comes is shown by itself, and what is shown was delivered.
    shop.caller()
        .write(conversation.id, "It is, since Monday")
        .await;
    browser.see_bubble("It is, since Monday", &["minute"]).await;
    eventually("the shop is told that it was delivered", async || {
        let page = shop.caller().entries(conversation.id).await;
        let delivered = page.receipts.iter().any(|one| one.delivered.0 == 2);
        delivered.then_some(())
    })
    .await;
    out_of_transcript(&browser).await;
    writes(&browser, "Keep one for me").await;
    in_transcript(&browser).await;
    browser.see_bubble("Keep one for me", &["Sent"]).await;
    let words = shop.caller().words(conversation.id).await;
    let said = [
        "Is the moka back?",
        "It is, since Monday",
        "Keep one for me",
    ];
    assert_eq!(words, said);

    // It can be told to stand still, and to go on.
    browser.click("link", "Stop updating").await;
    browser.see("link", "Look for new messages").await;
    shop.caller().write(conversation.id, "Done").await;
    browser.click("link", "Look for new messages").await;
    browser.see_words("Done").await;
    browser.click("link", "Update by itself again").await;
    browser.see("link", "Stop updating").await;
    out_of_transcript(&browser).await;

    // A page that is loaded again doubles nothing, and knows who it is.
    browser.reload().await;
    in_transcript(&browser).await;
    browser.see_words("Keep one for me").await;
    assert_eq!(shop.caller().words(conversation.id).await.len(), 4);
    browser.leave(&[]).await;
}

#[tokio::test]
async fn pp10_a_shopper_without_scripts_sees_what_the_shop_shows() {
    let shop = Relay::shared().await.shop().await;
    let browser = Browser::open(PHONE).await;
    let page = format!("{}/chat/{}/", shop.relay, shop.id.as_str());
    browser.go(&page).await;
    writes(&browser, "May I see it?").await;
    let owner = shop.caller();
    let conversation = owner.conversation_with("May I see it?").await.id;
    owner.show(conversation, "moka.gif", DOT).await;
    owner
        .show(conversation, "invoice", b"%PDF-1.4\n%%EOF")
        .await;
    in_transcript(&browser).await;
    browser.see("img", "File: moka.gif").await;
    let drawn = "return document.querySelector('img').naturalWidth === 2";
    browser.until("the picture is drawn", drawn).await;
    let link = browser.see("link", "File: invoice.pdf").await;
    let href = link.prop("href").await.expect("the link").expect("it has");
    assert!(
        href.starts_with(&format!("{}/files/", shop.relay)),
        "{href}"
    );
    let pdf = reqwest::get(&href).await.expect("the relay answers");
    assert_eq!(pdf.status(), 200);
    assert_eq!(&pdf.bytes().await.expect("bytes")[..4], b"%PDF");
    browser.leave(&[]).await;
}

fn consent() -> Consent {
    Consent {
        text: [("en".to_owned(), "You may write to me".to_owned())].into(),
        link: None,
    }
}

async fn writes(browser: &Browser, words: &str) {
    let field = browser.see("textbox", COMPOSER).await;
    field.send_keys(words).await.expect("keys");
    browser.press("Send").await;
    // The page that comes has an empty composer.
    let empty = "return document.readyState == 'complete' && document.querySelector('textarea')?.value === ''";
    browser
        .until("the words have left the composer", empty)
        .await;
}

async fn in_transcript(browser: &Browser) {
    let entered = browser.driver.enter_frame(0).await;
    entered.expect("the transcript is a frame");
}

#[tokio::test]
async fn pp11_a_shopper_without_scripts_fills_in_what_the_shop_asks() {
    let shop = Relay::shared().await.shop().await;
    let asked = Form {
        fields: vec![
            form::field("email", FieldKind::Email, true),
            form::field("order", FieldKind::Text, false),
        ],
        consent: Some(consent()),
        away: false,
    };
    form::asks(&shop, asked).await;
    let browser = Browser::open(PHONE).await;
    let page = format!("{}/chat/{}/", shop.relay, shop.id.as_str());
    browser.go(&format!("{page}form")).await;
    // Nobody is asked anything before they write.
    browser.see("textbox", COMPOSER).await;
    writes(&browser, "Is the moka back?").await;
    let owner = shop.caller();
    let conversation = owner.conversation_with("Is the moka back?").await.id;
    in_transcript(&browser).await;
    goes_to(&browser, "A few questions, opens in a new tab").await;
    let email = browser.see("textbox", "Your e-mail").await;
    email.send_keys("anna@shop.example").await.expect("keys");
    browser.click("checkbox", "You may write to me").await;
    browser.press("Send").await;
    browser.see("textbox", COMPOSER).await;
    in_transcript(&browser).await;
    browser
        .see_bubble("Your e-mail: anna@shop.example", &["Sent"])
        .await;
    browser.see_no("link", "A few questions").await;
    let answered = [("email", "anna@shop.example"), ("consent", "✓")];
    form::answers(&owner, conversation, &answered).await;
    browser.leave(&[]).await;
}

#[tokio::test]
async fn pp11_what_is_missing_is_asked_for_again_and_nothing_is_stored() {
    let shop = Relay::shared().await.shop().await;
    let asked = Form {
        fields: vec![form::field("email", FieldKind::Email, true)],
        ..Form::default()
    };
    form::asks(&shop, asked).await;
    let plain = Plain::of(&shop);
    let pass = cookie(&sent(plain.own(&[("text", "Ciao")])).await).expect("a cookie");
    let page = async || {
        let drawn = plain.get("form?lang=en", &pass).await;
        drawn.text().await.expect("a page")
    };
    let hidden = |page: &str, name: &str| {
        let (_, rest) = page
            .split_once(&format!("name=\"{name}\" value=\""))
            .expect("a field");
        rest.split_once('"').expect("its end").0.to_owned()
    };
    let first = page().await;
    // Base64 in a form that is sent.
    let (id, asked) = (hidden(&first, "id"), hidden(&first, "form"));
    let asked = asked.replace('+', "%2B").replace('=', "%3D");
    let fills = async |email: &str, cookie: &str, site: &str| {
        let fields = [
            ("asked-email", email),
            ("lang", "en"),
            ("form", &asked),
            ("id", &id),
        ];
        let request = plain.form("form", &fields).header("cookie", cookie);
        sent(request.header("sec-fetch-site", site)).await
    };
    for (email, why) in [
        ("", "We need this."),
        ("anna", "An e-mail address looks like"),
    ] {
        let answer = fills(email, &pass, "same-origin").await;
        assert_eq!(answer.status(), 422);
        let page = answer.text().await.expect("a page");
        assert!(page.contains(why) && page.contains(&format!("value=\"{email}\"")));
    }
    let stranger = fills("a@b.example", "", "same-origin").await;
    assert_eq!(stranger.status(), 422, "it stands there still");
    assert!(
        stranger
            .text()
            .await
            .expect("a page")
            .contains("a@b.example")
    );
    assert_eq!(
        fills("a@b.example", &pass, "cross-site").await.status(),
        403
    );
    let conversation = shop.caller().conversation_with("Ciao").await.id;
    let entries = async || shop.caller().entries(conversation).await.entries.len();
    // The shop asks something else by now.
    let other = Form {
        fields: vec![
            form::field("email", FieldKind::Email, true),
            form::field("order", FieldKind::Text, false),
        ],
        ..Form::default()
    };
    form::asks(&shop, other).await;
    let answer = fills("a@b.example", &pass, "same-origin").await;
    assert_eq!((answer.status().as_u16(), entries().await), (422, 1));
    let page = answer.text().await.expect("a page");
    assert!(page.contains("Order number") && page.contains("a@b.example"));
    let one = Form {
        fields: vec![form::field("email", FieldKind::Email, true)],
        ..Form::default()
    };
    form::asks(&shop, one).await;
    // Once, however often it is sent, and nobody is asked again.
    for _ in 0..2 {
        assert_eq!(
            fills("a@b.example", &pass, "same-origin").await.status(),
            303
        );
        assert_eq!(entries().await, 2);
    }
    assert_eq!(plain.get("form", &pass).await.status(), 303);
    assert_eq!(plain.get("rating", &pass).await.status(), 303, "it is open");
}

#[tokio::test]
async fn pp12_a_shopper_without_scripts_says_how_it_was() {
    let shop = Relay::shared().await.shop().await;
    let browser = Browser::open(PHONE).await;
    let page = format!("{}/chat/{}/", shop.relay, shop.id.as_str());
    browser.go(&page).await;
    writes(&browser, "Which one for two?").await;
    let owner = shop.caller();
    let conversation = owner.conversation_with("Which one for two?").await.id;
    rating::close(&owner, conversation).await;
    in_transcript(&browser).await;
    goes_to(&browser, "How did we do?").await;
    browser.see("radio", "Very well").await;
    browser.click("radio", "Badly").await;
    let field = browser.see("textbox", "Anything to add?").await;
    field.send_keys("Slow").await.expect("keys");
    browser.press("Send").await;
    browser.see("textbox", COMPOSER).await;
    in_transcript(&browser).await;
    says(&browser, "Thanks. You said: Badly.").await;
    goes_to(&browser, "Change").await;
    // What was said before stands there.
    let kept = "return document.querySelector(':checked').value + document.querySelector('textarea').value";
    assert_eq!(browser.ask(kept).await, "2Slow");
    browser.click("radio", "So-so").await;
    browser.press("Send").await;
    browser.see("textbox", COMPOSER).await;
    in_transcript(&browser).await;
    says(&browser, "Thanks. You said: So-so.").await;
    rating::ratings(&owner, conversation, &[(2, "Slow"), (3, "Slow")]).await;
    browser.leave(&[]).await;
}

/// Waits until a line that nobody wrote is there.
async fn says(browser: &Browser, line: &str) {
    let script = format!("return document.body.innerText.includes({line:?})");
    browser.until(line, &script).await;
}

/// Goes where a link in the transcript leads, in the same tab.
async fn goes_to(browser: &Browser, link: &str) {
    let link = browser.see("link", link).await;
    let target = link.attr("target").await.expect("the link");
    // What stands in the composer stays there.
    assert_eq!(target.as_deref(), Some("_blank"));
    let to = link.prop("href").await.expect("the link");
    out_of_transcript(browser).await;
    browser.go(&to.expect("an address")).await;
}

async fn out_of_transcript(browser: &Browser) {
    let left = browser.driver.enter_default_frame().await;
    left.expect("the page around it");
}

#[tokio::test]
async fn pp2_the_cookie_is_the_shops_pages_own() {
    let shop = Relay::shared().await.shop().await;
    let plain = Plain::of(&shop);
    // Asked for by another name than the machine's own: the cookie is for closed lines.
    let closed = plain
        .own(&[("text", "Hello")])
        .header("host", "chat.shop.example");
    let answer = sent(closed).await;
    let set = header(&answer, "set-cookie").to_owned();
    for word in ["Secure", "HttpOnly", "SameSite=Lax"] {
        assert!(set.contains(word), "{set}");
    }
    // Without a path it goes to the folder of the shop's pages.
    assert!(!set.contains("Path") && !set.contains("Domain"), "{set}");
    let (_, value) = set
        .split(';')
        .next()
        .and_then(|pair| pair.split_once('='))
        .expect("a pair");
    let refused = Caller::nobody(&shop.relay)
        .bearing(value)
        .get("/v1/me")
        .await;
    refused.problem(401);
    // Another shop's pages know nobody by it.
    let other = Relay::shared().await.shop().await;
    let page = Plain::of(&other)
        .get("transcript", &format!("commesso-chat={value}"))
        .await;
    let page = page.text().await.expect("a page");
    assert!(!page.contains("Hello</p>"), "{page}");
}

#[tokio::test]
async fn pp3_nothing_is_begun_before_the_first_words() {
    let shop = Relay::shared().await.shop().await;
    let plain = Plain::of(&shop);
    for page in ["", "transcript"] {
        let answer = plain.get(page, "").await;
        assert_eq!(answer.status(), 200);
        assert_eq!(cookie(&answer), None);
    }
    let answer = sent(plain.own(&[("text", "  ")])).await;
    assert_eq!((answer.status().as_u16(), cookie(&answer)), (303, None));
    assert!(shop.caller().open_conversations().await.is_empty());
    let answer = sent(plain.own(&[("text", "Hello")])).await;
    assert_eq!(answer.status(), 303);
    assert!(cookie(&answer).is_some());
    shop.caller().conversation_with("Hello").await;
}

#[tokio::test]
async fn pp4_a_page_of_the_shop_hands_its_visitor_over() {
    let shop = Relay::shared().await.shop().await;
    let plain = Plain::of(&shop);
    let (visitor, pass) = Caller::visitor(&shop).await;
    let conversation = shop::conversation_id();
    visitor.write(conversation, "From the widget").await;
    let named = conversation.to_string();
    let fields = [
        ("renewal", pass.renewal.as_str()),
        ("conversation", named.as_str()),
        ("text", "From-the-plain-page"),
        ("lang", "it"),
    ];
    // From anywhere else nobody is handed over.
    let stranger = plain
        .form("in", &fields)
        .header("origin", "https://elsewhere.example");
    assert_eq!(sent(stranger).await.status(), 403);
    let nowhere = sent(plain.form("in", &fields).header("origin", "null")).await;
    assert_eq!((nowhere.status().as_u16(), cookie(&nowhere)), (200, None));
    let page = nowhere.text().await.expect("a page");
    assert!(page.contains("From-the-plain-page</textarea>"), "{page}");
    assert_eq!(shop.caller().words(conversation).await, ["From the widget"]);

    let own = plain
        .form("in", &fields)
        .header("origin", shop.storefront.origin());
    let answer = sent(own).await;
    assert_eq!(
        (answer.status().as_u16(), header(&answer, "location")),
        (303, "./?lang=it")
    );
    let cookie = cookie(&answer).expect("a cookie");
    let page = plain.get("transcript?lang=it", &cookie).await;
    let page = page.text().await.expect("a page");
    assert!(page.contains("From the widget") && page.contains("From-the-plain-page"));
    let words = shop.caller().words(conversation).await;
    assert_eq!(words, ["From the widget", "From-the-plain-page"]);
}

#[tokio::test]
async fn pp5_a_form_is_taken_from_our_own_page_and_stored_once() {
    let shop = Relay::shared().await.shop().await;
    let plain = Plain::of(&shop);
    let id = shop::message_id().to_string();
    let fields = [("id", id.as_str()), ("text", "Once")];
    for from in ["cross-site", "same-site", "none"] {
        let forged = plain.form("", &fields).header("sec-fetch-site", from);
        assert_eq!(sent(forged).await.status(), 403, "{from}");
    }
    // A browser that does not say so names the page.
    assert_eq!(sent(plain.form("", &fields)).await.status(), 403);
    let first = sent(plain.form("", &fields).header("origin", &shop.relay)).await;
    assert_eq!(first.status(), 303);
    let cookie = cookie(&first).expect("a cookie");
    let again = || plain.own(&fields).header("cookie", &cookie);
    for answer in [sent(again()).await, sent(again()).await] {
        assert_eq!(answer.status(), 303);
    }
    let conversation = shop.caller().conversation_with("Once").await;
    assert_eq!(shop.caller().words(conversation.id).await, ["Once"]);

    // Other words under the name stand in the composer again, under a new one (PP6).
    let other = [("id", id.as_str()), ("text", "Twice")];
    let answer = sent(plain.own(&other).header("cookie", &cookie)).await;
    assert_eq!(answer.status(), 422);
    let page = answer.text().await.expect("a page");
    assert!(
        page.contains("Twice</textarea>") && !page.contains(&id),
        "{page}"
    );
}
