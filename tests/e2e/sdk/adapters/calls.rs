//! What a page of each other chat's calls beside opening it: it is told what happens, asks how it is, and says what it knows.

use serde_json::{Value, json};
use tests::{
    Browser, Relay, Shop, Shopper,
    browser::DESKTOP,
    eventually,
    shopper::{COMPOSER, LAUNCHER, ROOT},
};

/// Arrives at a page that was written for this chat.
async fn arrives(shop: &Shop, name: &str) -> Shopper {
    Shopper::arrives(Browser::open(DESKTOP).await, shop, name).await
}

/// Waits until the page has heard these, in this order, beside that the chat is ready.
async fn hears(browser: &Browser, names: &[&str]) {
    let same = format!(
        "return heard.filter((name) => name !== 'ready').join() === '{}'",
        names.join(",")
    );
    browser
        .until(&format!("the page hears {names:?}"), &same)
        .await;
}

/// Waits until the composer says this.
async fn is_filled(browser: &Browser, words: &str) {
    let filled = format!("return {ROOT}.querySelector('textarea').value === '{words}'");
    browser
        .until(&format!("{words:?} is in the composer"), &filled)
        .await;
}

/// Waits until the operator reads exactly these of the shopper.
async fn is_known(shop: &Shop, known: &[(&str, &str)]) {
    let mut known: Vec<_> = known
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect();
    known.sort();
    eventually(&format!("the operator reads {known:?}"), async || {
        let page = shop.caller().open_conversations().await.pop()?.page?;
        let facts = page.facts.into_iter().map(|fact| (fact.name, fact.text));
        let mut facts: Vec<_> = facts.collect();
        facts.sort();
        (facts == known).then_some(())
    })
    .await;
}

/// Waits until the console says once of each of these that it does nothing, and no more.
async fn cannot(browser: &Browser, names: &[&str]) {
    let mut said = vec![];
    eventually(&format!("{names:?} do nothing here"), async || {
        said.extend(browser.complaints().await);
        (said.len() >= names.len()).then_some(())
    })
    .await;
    for name in names {
        let of = said.iter().filter(|line| line.contains(name)).count();
        assert_eq!(of, 1, "{name}: {said:#?}");
    }
    assert_eq!(said.len(), names.len(), "{said:#?}");
}

/// Waits until the page is answered this.
async fn is(browser: &Browser, asked: &str, expected: Value) {
    eventually(&format!("{asked} is {expected}"), async || {
        let answer = browser.ask(&format!("return {asked}")).await;
        (answer == expected).then_some(())
    })
    .await;
}

/// The shopper writes, and the shop answers while the chat is closed.
async fn is_answered(shopper: &Shopper, shop: &Shop, close: &str) {
    shopper.writes_for_sure("Is the moka in stock?").await;
    let id = shop
        .caller()
        .conversation_with("Is the moka in stock?")
        .await
        .id;
    shopper.browser.ask(close).await;
    shopper.browser.see_no("textbox", COMPOSER).await;
    shop.caller().write(id, "Three are left").await;
    shopper
        .browser
        .see("button", "Chat, 1 unread message")
        .await;
}

/// Hides the launcher and shows it again.
async fn hides_and_shows(browser: &Browser, hide: &str, show: &str) {
    browser.ask(hide).await;
    browser.see_no("button", LAUNCHER).await;
    browser.ask(show).await;
    browser.see("button", LAUNCHER).await;
}

#[tokio::test]
async fn crisp() {
    let shop = Relay::shared().await.shop().await;
    let shopper = arrives(&shop, "crisp").await;
    let browser = &shopper.browser;
    let listen = "for (const name of ['chat:closed', 'message:sent', 'message:received']) $crisp.push(['on', name, () => heard.push(name)])";
    browser.ask(listen).await;
    let says = "$crisp.push(['set', 'user:nickname', ['Ada']], ['set', 'user:phone', ['+39 081']]);
        $crisp.push(['set', 'session:data', ['plan', 'gold']]); $crisp.push(['set', 'session:data', [[['orders', 3], ['city', 'Napoli']]]])";
    browser.ask(says).await;
    is(browser, "$crisp.is('chat:opened')", json!(false)).await;
    is(browser, "$crisp.is('chat:closed')", json!(true)).await;
    browser.ask("$crisp.push(['do', 'chat:open'])").await;
    shopper.is_in_the_chat().await;
    is(browser, "$crisp.is('chat:opened')", json!(true)).await;
    is(browser, "$crisp.is('chat:closed')", json!(false)).await;
    is_filled(browser, "About the moka").await;
    browser.press("Send").await;
    shopper.is_stored("About the moka").await;
    browser
        .ask("$crisp.push(['set', 'message:text', ['And the cups']])")
        .await;
    is_filled(browser, "And the cups").await;
    browser.press("Send").await;
    shopper.is_stored("And the cups").await;
    let close = "$crisp.push(['do', 'chat:close'])";
    is_answered(&shopper, &shop, close).await;
    let sent = "message:sent";
    let until_now = [
        "opened",
        sent,
        sent,
        sent,
        "chat:closed",
        "message:received",
    ];
    hears(browser, &until_now).await;
    is(browser, "$crisp.get('chat:unread:count')", json!(1)).await;
    let known = [
        ("name", "Ada"),
        ("phone", "+39 081"),
        ("plan", "gold"),
        ("orders", "3"),
        ("city", "Napoli"),
    ];
    is_known(&shop, &known).await;

    // What is not listened to any more is not told.
    browser.ask("$crisp.push(['off', 'chat:closed'])").await;
    browser.ask("$crisp.push(['do', 'chat:toggle'])").await;
    shopper.is_in_the_chat().await;
    browser.ask(close).await;
    browser.see_no("textbox", COMPOSER).await;
    hears(browser, &[&until_now[..], &["opened"]].concat()).await;
    let hide = "$crisp.push(['do', 'chat:hide'])";
    hides_and_shows(browser, hide, "$crisp.push(['do', 'chat:show'])").await;
    is(browser, "$crisp.is('chat:visible')", json!(true)).await;
    shopper.leaves().await;
}

#[tokio::test]
async fn chatwoot() {
    let shop = Relay::shared().await.shop().await;
    let shopper = arrives(&shop, "chatwoot").await;
    let browser = &shopper.browser;
    let user =
        "{ name: 'Ada', email: 'ada@example.org', phone_number: '+39 081', identifier_hash: '0f' }";
    browser
        .ask(&format!(
            "$chatwoot.setUser('7', {user}); $chatwoot.setUser('7', {user}); $chatwoot.setCustomAttributes({{ plan: 'gold', orders: 3 }})"
        ))
        .await;
    cannot(browser, &["setUser's identifier_hash"]).await;
    is(
        browser,
        "[$chatwoot.hasLoaded, $chatwoot.isOpen]",
        json!([true, false]),
    )
    .await;
    browser.press("Ask us").await;
    shopper.is_in_the_chat().await;
    is(browser, "$chatwoot.isOpen", json!(true)).await;
    is_answered(&shopper, &shop, "$chatwoot.toggle('close')").await;
    hears(browser, &["opened", "closed"]).await;
    is(browser, "$chatwoot.isOpen", json!(false)).await;
    let of_them = [
        ("name", "Ada"),
        ("email", "ada@example.org"),
        ("phone", "+39 081"),
        ("orders", "3"),
    ];
    is_known(&shop, &[&of_them[..], &[("plan", "gold")]].concat()).await;
    browser.ask("$chatwoot.deleteCustomAttribute('plan')").await;
    is_known(&shop, &of_them).await;

    let hide = "$chatwoot.toggleBubbleVisibility('hide')";
    hides_and_shows(browser, hide, "$chatwoot.toggleBubbleVisibility('show')").await;
    browser.ask("$chatwoot.toggle()").await;
    shopper.is_in_the_chat().await;
    browser.ask("$chatwoot.setColorScheme('dark')").await;
    let dark = format!("return {ROOT}.querySelector('.root').matches('.dark')");
    browser.until("it is dark", &dark).await;
    browser.press("Italiano").await;
    browser.see("textbox", "Scrivi un messaggio").await;
    // In another language it begins anew, with a socket of its own.
    shopper
        .leaves_after(&["does nothing here", "before the connection is established"])
        .await;
}

#[tokio::test]
async fn intercom() {
    let shop = Relay::shared().await.shop().await;
    let shopper = arrives(&shop, "intercom").await;
    let browser = &shopper.browser;
    let listen = "Intercom('onHide', () => heard.push('closed')); Intercom('onUnreadCountChange', (many) => many && heard.push('unread ' + many))";
    browser.ask(listen).await;
    let update = "Intercom('update', { name: 'Ada', phone: '+39 081', custom_attributes: { plan: 'gold' }, user_id: '7', user_hash: '0f' });";
    browser.ask(&update.repeat(2)).await;
    cannot(browser, &["Intercom's identity (user_id, user_hash)"]).await;
    browser
        .ask("Intercom('showNewMessage', 'About the moka')")
        .await;
    shopper.is_in_the_chat().await;
    is_filled(browser, "About the moka").await;
    browser.press("Send").await;
    shopper.is_stored("About the moka").await;
    // Words of the shopper's own stay.
    shopper.types("And").await;
    browser
        .ask("Intercom('showNewMessage', 'Never mind')")
        .await;
    shopper.writes(" the cups").await;
    shopper.is_stored("And the cups").await;
    browser
        .ask("Intercom('trackEvent', 'Opened the size guide', { size: 3 })")
        .await;
    is_answered(&shopper, &shop, "Intercom('hide')").await;
    hears(browser, &["opened", "closed", "unread 1"]).await;
    let known = [
        ("email", "ada@example.org"),
        ("name", "Ada"),
        ("phone", "+39 081"),
        ("plan", "gold"),
        ("Opened the size guide", "size: 3"),
    ];
    is_known(&shop, &known).await;

    let hide = "Intercom('update', { hide_default_launcher: true })";
    hides_and_shows(
        browser,
        hide,
        "Intercom('update', { hide_default_launcher: false })",
    )
    .await;
    browser
        .ask("Intercom('update', { alignment: 'left', language_override: 'it' })")
        .await;
    let looks = format!(
        "const root = {ROOT}.querySelector('.root'); return root.lang == 'it' && root.querySelector('.launcher').getBoundingClientRect().left < 100"
    );
    browser.until("the chat is Italian and left", &looks).await;
    browser
        .ask("Intercom('update', { language_override: 'en' })")
        .await;
    let looks = format!("return {ROOT}.querySelector('.root').lang == 'en'");
    browser.until("the chat is English again", &looks).await;
    browser.ask("Intercom('shutdown')").await;
    browser.see_no("button", LAUNCHER).await;
    assert_eq!(browser.ask(super::super::STORED).await, json!([]));
    browser.ask("Intercom('showMessages')").await;
    shopper.is_in_the_chat().await;
    assert_eq!(browser.transcript().await, [""; 0], "somebody else's");
    // In another language it begins anew, with a socket of its own.
    shopper
        .leaves_after(&["does nothing here", "before the connection is established"])
        .await;
}

#[tokio::test]
async fn tawk() {
    let shop = Relay::shared().await.shop().await;
    let shopper = arrives(&shop, "tawk").await;
    let browser = &shopper.browser;
    // Pages set what they listen by at any time.
    let listen = "Tawk_API.onChatMinimized = () => heard.push('closed');
        Tawk_API.onChatMessageVisitor = () => heard.push('sent');
        Tawk_API.onChatMessageAgent = () => heard.push('received');
        Tawk_API.onUnreadCountChanged = (many) => many && heard.push('unread ' + many)";
    browser.ask(listen).await;
    let state = "[Tawk_API.isChatMaximized(), Tawk_API.isChatMinimized(), Tawk_API.isChatHidden()]";
    is(browser, state, json!([false, true, false])).await;
    let says = "Tawk_API.setAttributes({ plan: 'gold', hash: 'signed' }, () => heard.push('set'));
        Tawk_API.addEvent('Opened the size guide', { size: 3 }, () => heard.push('added'))";
    browser.ask(says).await;
    browser.press("Ask us").await;
    shopper.is_in_the_chat().await;
    is(browser, state, json!([true, false, false])).await;
    is_answered(&shopper, &shop, "Tawk_API.minimize()").await;
    is(browser, state, json!([false, true, false])).await;
    let heard = "heard.filter((name) => !/ready|unread/.test(name))";
    let expected = json!(["set", "added", "opened", "sent", "closed", "received"]);
    is(browser, heard, expected).await;
    is(browser, "heard.includes('unread 1')", json!(true)).await;
    let known = [
        ("name", "Ada"),
        ("email", "ada@example.org"),
        ("plan", "gold"),
        ("Opened the size guide", "size: 3"),
    ];
    is_known(&shop, &known).await;
    let open = shop.caller().open_conversations().await.pop();
    let page = open.and_then(|one| one.page).expect("they are on a page");
    assert!(
        !page.facts.iter().any(|fact| fact.text == "signed"),
        "{page:?}"
    );
    // Who asks what nobody knows here is told so in the console, and reads no yes.
    let unknown = "['isChatOngoing', 'isVisitorEngaged', 'getStatus', 'getWindowType']
        .every((name) => Tawk_API[name]() === undefined)";
    is(browser, unknown, json!(true)).await;

    browser.ask("Tawk_API.hideWidget()").await;
    browser.see_no("button", LAUNCHER).await;
    is(browser, state, json!([false, false, true])).await;
    browser.ask("Tawk_API.toggleVisibility()").await;
    browser.see("button", LAUNCHER).await;
    browser.ask("Tawk_API.toggle()").await;
    shopper.is_in_the_chat().await;
    browser
        .ask("Tawk_API.logout(() => heard.push('forgotten'))")
        .await;
    browser.see_no("textbox", COMPOSER).await;
    is(browser, "heard.at(-1)", json!("forgotten")).await;
    assert_eq!(browser.ask(super::super::STORED).await, json!([]));
    shopper.leaves_after(&["does nothing here"]).await;
}
