//! What the shop asks beside the first words. Whatever is missing in it, the message goes.

use protocol::{
    api::{Shop as Settings, ShopChange},
    entry::Content,
    form::{Consent, Field, FieldKind, Form, Words},
    frame::InboxServerFrame,
    id::ConversationId,
};
use reqwest::Method;
use serde_json::json;
use tests::{
    Browser, Caller, Operator, Peer, Relay, Shop, Shopper,
    browser::{DESKTOP, PHONE},
    eventually,
    shopper::{COMPOSER, ROOT},
};
use thirtyfour::{Key, TypingData};

use crate::{accessible::assert_widget_accessible, own::goes_on};

fn words(text: &str) -> Words {
    [("en".to_owned(), text.to_owned())].into()
}

pub(crate) fn field(name: &str, kind: FieldKind, required: bool) -> Field {
    let label = match kind {
        FieldKind::Text => words("Order number"),
        FieldKind::Name | FieldKind::Email | FieldKind::Unknown => Words::new(),
    };
    Field {
        name: name.into(),
        kind,
        label,
        required,
    }
}

pub(crate) async fn asks(shop: &Shop, form: Form) {
    let caller = shop.caller();
    let change = ShopChange {
        form: Some(form),
        ..ShopChange::default()
    };
    let asked = caller.request(Method::PATCH, "/v1/shop").json(&change);
    let changed: Settings = caller.send(asked).await.json();
    assert_eq!(changed.front.form, change.form);
}

/// Sends what was filled in. Every part has a button of this name at most: the composer's, which comes last, is empty and cannot
/// be pressed.
pub(crate) async fn sends(browser: &Browser) {
    let send = browser.all("button", Some("Send")).await;
    let first = send.first().expect("a button");
    first.click().await.expect("a click");
}

/// Waits until these answers are in the transcript, as names and values.
pub(crate) async fn answers(
    owner: &Caller,
    conversation: ConversationId,
    expected: &[(&str, &str)],
) {
    eventually(&format!("{expected:?} is answered"), async || {
        let entries = owner.transcript(conversation).await;
        let forms = entries.iter().filter_map(|entry| {
            let Content::Form { answers } = &entry.content else {
                return None;
            };
            Some(answers.all().to_vec())
        });
        let [form] = &forms.collect::<Vec<_>>()[..] else {
            return None;
        };
        let told: Vec<_> = form
            .iter()
            .map(|answer| (answer.name.as_str(), answer.value.as_str()))
            .collect();
        (told == expected).then_some(())
    })
    .await;
}

#[tokio::test]
async fn what_is_filled_in_goes_along_with_the_first_message() {
    let shop = Relay::shared().await.shop().await;
    let form = Form {
        fields: vec![
            field("name", FieldKind::Name, true),
            field("order", FieldKind::Text, false),
        ],
        consent: Some(Consent {
            text: words("I agree that my answers are kept"),
            link: Some("https://shop.example/privacy".into()),
        }),
        away: false,
    };
    asks(&shop, form).await;
    let (browser, desk) = Browser::two(PHONE, DESKTOP).await;
    let shopper = Shopper::arrives(browser, &shop, "plain").await;
    shopper.opens_the_chat().await;
    let browser = &shopper.browser;
    let name = browser.see("textbox", "Your name").await;
    name.send_keys("Anna <b>").await.expect("keys");
    browser.click("checkbox", "I agree").await;
    browser.see("link", "Read more, opens in a new tab").await;
    assert_widget_accessible(browser, "a form").await;
    // It is on the device: a page that is loaded again has it.
    browser.reload().await;
    shopper.opens_the_chat().await;
    browser.see("textbox", "Order number (optional)").await;
    browser.click("checkbox", "I agree").await;
    shopper.writes("Is the moka in stock?").await;
    browser.see_words_anywhere("Thanks for your answers.").await;
    // What was filled in leaves right behind the words, and is the last of the group.
    shopper.is_stored("Your name: Anna <b>").await;
    let owner = shop.caller();
    let conversation = owner.conversation_with("Is the moka in stock?").await.id;
    let link = "https://shop.example/privacy";
    answers(
        &owner,
        conversation,
        &[("name", "Anna <b>"), ("consent", link)],
    )
    .await;
    // It is asked once.
    browser.reload().await;
    shopper.opens_the_chat().await;
    shopper.reads("Is the moka in stock?").await;
    shopper.reads("Your name: Anna <b>").await;
    browser.see_no("textbox", "Your name").await;
    let operator = Operator::signs_in(desk, &shop).await;
    operator.opens("Is the moka in stock?").await;
    operator.reads("Anna <b>").await;
    operator
        .browser
        .see_words_anywhere("What they filled in")
        .await;
    operator.leaves().await;
    shopper.leaves().await;
}

#[tokio::test]
async fn a_message_waits_for_no_answer() {
    let shop = Relay::shared().await.shop().await;
    let form = Form {
        fields: vec![field("email", FieldKind::Email, true)],
        ..Form::default()
    };
    asks(&shop, form).await;
    let shopper = Shopper::arrives(Browser::open(PHONE).await, &shop, "plain").await;
    shopper.opens_the_chat().await;
    let browser = &shopper.browser;
    browser.see("textbox", "Your e-mail").await;
    shopper.writes_for_sure("Is the moka in stock?").await;
    let owner = shop.caller();
    let conversation = owner.conversation_with("Is the moka in stock?").await.id;
    browser
        .see(
            "status",
            "Your message is on its way and does not wait for this.",
        )
        .await;
    // What is chosen from is chosen from still when the form has been filled in.
    let offer = json!({
        "text": "Which one?",
        "parts": [{ "type": "reply", "text": "The first" }, { "type": "reply", "text": "The second" }],
    });
    let offered = owner
        .post("/v1/conversations/latest/messages", &offer)
        .await;
    assert_eq!(offered.status, 201, "{}", offered.body);
    browser.see("button", "The second").await;
    // It is still asked on the next page, and says what is wrong with it.
    browser.reload().await;
    shopper.opens_the_chat().await;
    let email = browser.see("textbox", "Your e-mail").await;
    email.send_keys("anna").await.expect("keys");
    sends(browser).await;
    browser
        .see_words_anywhere("An e-mail address looks like anna@example.com.")
        .await;
    assert_widget_accessible(browser, "a form with a fault").await;
    email.send_keys("@example.com").await.expect("keys");
    sends(browser).await;
    answers(&owner, conversation, &[("email", "anna@example.com")]).await;
    browser.see_no("textbox", "Your e-mail").await;
    shopper.reads("Your e-mail: anna@example.com").await;
    browser.see("button", "The second").await;
    browser.click("button", "The first").await;
    browser.see_no("button", "The second").await;
    shopper.leaves().await;
}

/// The form's words do not come before they are let through.
const LATE: &str = "{
    const right = window.fetch;
    const held = new Promise((done) => (window.letThrough = done));
    window.fetch = async (...asked) => {
        if (String(asked[0]).includes('/form/')) { window.isHeld = true; await held; }
        return right(...asked);
    };
}";

#[tokio::test]
async fn fo6_who_wrote_before_they_could_be_asked_is_asked_as_long_as_nobody_has_answered() {
    let shop = Relay::shared().await.shop().await;
    let form = Form {
        fields: vec![field("email", FieldKind::Email, true)],
        ..Form::default()
    };
    asks(&shop, form).await;
    shop.storefront.begins_with(LATE);
    let (browser, other) = Browser::two(PHONE, PHONE).await;
    let waiting = writes_too_early(browser, &shop, "Is the moka in stock?").await;
    let answered = writes_too_early(other, &shop, "And the grinder?").await;
    let owner = shop.caller();
    let grinder = owner.conversation_with("And the grinder?").await.id;
    owner.write(grinder, "It is").await;
    answered.reads("It is").await;
    for shopper in [&waiting, &answered] {
        shopper.browser.ask("window.letThrough()").await;
    }
    let email = waiting.browser.see("textbox", "Your e-mail").await;
    waiting
        .browser
        .see(
            "status",
            "Your message is on its way and does not wait for this.",
        )
        .await;
    let looked = format!(
        "return !!localStorage['commesso:{}:form']?.includes('{grinder}')",
        shop.id.as_str()
    );
    let browser = &answered.browser;
    browser.until("what was said is looked at", &looked).await;
    browser.see_no("textbox", "Your e-mail").await;
    // Answered meanwhile, it can be filled in still: it is taken out of nobody's hands.
    let moka = owner.conversation_with("Is the moka in stock?").await.id;
    owner.write(moka, "Since today").await;
    waiting.reads("Since today").await;
    email.send_keys("anna@example.com").await.expect("keys");
    sends(&waiting.browser).await;
    answers(&owner, moka, &[("email", "anna@example.com")]).await;
    waiting.leaves().await;
    answered.leaves().await;
}

async fn writes_too_early(browser: Browser, shop: &Shop, words: &str) -> Shopper {
    let shopper = Shopper::arrives(browser, shop, "plain").await;
    shopper.opens_the_chat().await;
    let held = "return window.isHeld === true";
    shopper.browser.until("the form is on its way", held).await;
    shopper.writes_for_sure(words).await;
    shopper
}

#[tokio::test]
async fn while_nobody_is_there_an_address_is_asked_for_and_can_be_kept_back() {
    let shop = Relay::shared().await.shop().await;
    let away = Form {
        away: true,
        ..Form::default()
    };
    asks(&shop, away).await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    shopper.opens_the_chat().await;
    let browser = &shopper.browser;
    browser
        .see_words_anywhere("Leave your e-mail, so that we can reach you later too.")
        .await;
    browser.see("textbox", "Your e-mail (optional)").await;
    shopper.writes_for_sure("Is anybody there?").await;
    browser.press("Not now").await;
    browser.see_no("textbox", "Your e-mail").await;
    shopper.leaves().await;
    // Somebody is: nothing is asked.
    let mut duty = Peer::inbox(&shop).await;
    duty.hear("somebody is on duty", |frame| {
        matches!(frame, InboxServerFrame::Welcome { .. }).then_some(())
    })
    .await;
    let other = Shopper::arrives(Browser::open(PHONE).await, &shop, "plain").await;
    other.opens_the_chat().await;
    other.browser.see_words_anywhere("Giulia").await;
    other.writes_for_sure("Hello Giulia").await;
    other.browser.see_no("textbox", "Your e-mail").await;
    other.leaves().await;
}

#[tokio::test]
async fn what_is_said_stands_below_what_is_asked_before_the_shoppers_eyes() {
    let shop = Relay::shared().await.shop().await;
    let form = Form {
        fields: vec![
            field("name", FieldKind::Name, true),
            field("email", FieldKind::Email, true),
            field("order", FieldKind::Text, false),
        ],
        consent: Some(Consent {
            text: words("I agree"),
            link: None,
        }),
        away: false,
    };
    asks(&shop, form).await;
    // As large as an iPhone SE.
    let shopper = Shopper::arrives(Browser::open((375, 667)).await, &shop, "plain").await;
    let browser = &shopper.browser;
    shopper.opens_the_chat().await;
    browser.see("textbox", "Your name").await;
    let in_sight = |words: &str| {
        format!(
            "const main = {ROOT}.querySelector('main').getBoundingClientRect();
            const all = [...{ROOT}.querySelectorAll('.bubble')];
            const bubble = all.find((one) => one.textContent.includes('{words}'))?.getBoundingClientRect();
            return Boolean(bubble) && bubble.top >= main.top && bubble.bottom <= main.bottom"
        )
    };
    browser
        .until("the first words come first", &in_sight("Hello"))
        .await;
    let email = browser.see("textbox", "Your e-mail").await;
    email.send_keys("anna@").await.expect("keys");
    shopper.writes_for_sure("Is the moka in stock?").await;
    browser
        .until("the message is in sight", &in_sight("Is the moka"))
        .await;
    // Why the answers have not gone along.
    browser
        .see_words_anywhere("An e-mail address looks like")
        .await;
    let owner = shop.caller();
    let conversation = owner.conversation_with("Is the moka in stock?").await.id;
    owner.write(conversation, "Three are left").await;
    browser
        .until("the answer is in sight", &in_sight("Three are left"))
        .await;
    shopper.leaves().await;
}

#[tokio::test]
async fn what_was_answered_in_one_tab_is_not_asked_in_another() {
    let shop = Relay::shared().await.shop().await;
    let form = Form {
        fields: vec![field("name", FieldKind::Name, false)],
        ..Form::default()
    };
    asks(&shop, form).await;
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    let browser = &shopper.browser;
    let first = browser.driver.window().await.expect("a tab");
    shopper.opens_the_chat().await;
    browser.see("textbox", "Your name").await;
    let second = browser.tab(&shop.storefront.page("plain")).await;
    shopper.opens_the_chat().await;
    browser.see("textbox", "Your name").await;
    browser.front(&first).await;
    let name = browser.see("textbox", "Your name").await;
    name.send_keys("Anna").await.expect("keys");
    shopper.writes("Is the moka in stock?").await;
    shopper.is_stored("Your name").await;
    browser.front(&second).await;
    shopper.reads("Is the moka in stock?").await;
    browser.see_no("textbox", "Your name").await;
    shopper
        .leaves_after(&["before the connection is established"])
        .await;
}

#[tokio::test]
async fn an_address_that_is_left_goes_along_with_the_words() {
    let shop = Relay::shared().await.shop().await;
    let away = Form {
        away: true,
        ..Form::default()
    };
    asks(&shop, away).await;
    let shopper = Shopper::arrives(Browser::open(PHONE).await, &shop, "plain").await;
    shopper.opens_the_chat().await;
    let browser = &shopper.browser;
    browser
        .see_words_anywhere("Leave your e-mail, so that we can reach you later too.")
        .await;
    let email = browser.see("textbox", "Your e-mail").await;
    email.send_keys("anna@example.com").await.expect("keys");
    shopper.writes("Is anybody there?").await;
    // What was filled in leaves right behind the words, and is the last of the group.
    shopper.is_stored("Your e-mail: anna@example.com").await;
    browser.see_no("textbox", "Your e-mail").await;
    let owner = shop.caller();
    let conversation = owner.open_conversations().await.remove(0).id;
    answers(&owner, conversation, &[("email", "anna@example.com")]).await;
    shopper.leaves().await;
}

#[tokio::test]
async fn fo7_what_was_passed_over_is_asked_again_in_the_next_conversation_and_what_was_filled_in_is_not()
 {
    let shop = Relay::shared().await.shop().await;
    let form = Form {
        fields: vec![field("name", FieldKind::Name, false)],
        ..Form::default()
    };
    asks(&shop, form).await;
    shop.storefront.begins_with(LOOKS);
    let shopper = Shopper::arrives(Browser::open(DESKTOP).await, &shop, "plain").await;
    shopper.opens_the_chat().await;
    let browser = &shopper.browser;
    browser.see("textbox", "Your name (optional)").await;
    shopper.writes_for_sure("Is the moka in stock?").await;
    browser.press("Not now").await;
    browser.reload().await;
    shopper.is_in_the_chat().await;
    shopper.reads("Is the moka in stock?").await;
    begins_another(browser).await;
    let name = browser.see("textbox", "Your name (optional)").await;
    name.send_keys("Anna").await.expect("keys");
    shopper.writes("And the grinder?").await;
    let owner = shop.caller();
    let second = owner.conversation_with("And the grinder?").await.id;
    answers(&owner, second, &[("name", "Anna")]).await;
    browser.ask("window.looks = 0").await;
    begins_another(browser).await;
    // Whoever is to be asked would be by now, and again when they write.
    let looked = "return looks > 0";
    browser.until("it was looked whom to ask", looked).await;
    browser.see_no("textbox", "Your name").await;
    shopper.writes_for_sure("And the scales?").await;
    browser.see_no("textbox", "Your name").await;
    shopper.leaves().await;
}

/// Counts how often the form's words have come and what was to be done with them is done.
const LOOKS: &str = "{
    window.looks = 0;
    const right = window.fetch;
    window.fetch = async (...asked) => {
        const answer = await right(...asked);
        if (!String(asked[0]).includes('/form/')) return answer;
        return { json: async () => {
            const words = await answer.json();
            setTimeout(() => looks++);
            return words;
        } };
    };
}";

async fn begins_another(browser: &Browser) {
    browser.press("More").await;
    browser.click("menuitem", "Your conversations").await;
    goes_on(browser, "Start a new one").await;
    browser.see("textbox", COMPOSER).await;
}

#[tokio::test]
async fn a_shopkeeper_chooses_what_is_asked() {
    let shop = Relay::shared().await.shop().await;
    let (browser, desk) = Browser::two(PHONE, DESKTOP).await;
    let operator = Operator::signs_in(desk, &shop).await;
    let page = &operator.browser;
    page.press("Install").await;
    page.see("heading", "What would you like to know?").await;
    page.press("Add a question").await;
    page.see("textbox", "Your question").await;
    page.press("Save").await;
    page.see("alert", "Write the question, or remove it.").await;
    // Saving has led there.
    page.until(
        "the question is led to",
        "return document.activeElement.id == 'question-1'",
    )
    .await;
    let question = page.see("textbox", "Your question").await;
    question.send_keys("Order number").await.expect("keys");
    page.see_no("alert", "Write the question, or remove it.")
        .await;
    page.see_no("alert", "Not saved: look at what is marked above.")
        .await;
    page.choose("Needed").await;
    let link = page.see("textbox", "Address of your privacy page").await;
    link.send_keys("shop.example/privacy").await.expect("keys");
    page.see("alert", "This is not the address of a page.")
        .await;
    link.send_keys(TypingData::from(Key::Home) + "https://")
        .await
        .expect("keys");
    page.press("Save").await;
    page.see("alert", "Say what they agree to, or take the address away.")
        .await;
    let consent = page.see("textbox", "What they agree to").await;
    consent.send_keys("I agree").await.expect("keys");
    page.until(
        "the preview asks what is not saved yet",
        "const chat = document.querySelector('.preview-frame iframe').contentDocument.querySelector('commesso-chat')?.shadowRoot;
        const form = chat?.querySelector('.form')?.textContent ?? '';
        return form.includes('Order number') && form.includes('I agree')",
    )
    .await;
    page.press("Save").await;
    page.see("status", "Saved.").await;
    let shopper = Shopper::arrives(browser, &shop, "plain").await;
    shopper.opens_the_chat().await;
    shopper.browser.see("textbox", "Your name").await;
    shopper
        .browser
        .see("textbox", "Order number (optional)")
        .await;
    shopper.leaves().await;
    operator.leaves().await;
}
