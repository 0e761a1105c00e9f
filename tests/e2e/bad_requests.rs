//! What the HTTPS API answers to what it should not be asked: a typed problem each time, and what to do.

use protocol::{
    api::{Entries, Me, NewMessage, NewNote, NewReceipt, NewVisitor, SignIn},
    cursor::Seq,
    limits,
    part::Parts,
};
use reqwest::Method;
use serde_json::json;
use tests::{Caller, Peer, Relay, Shop, eventually, shop};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

#[tokio::test]
async fn words_have_a_limit_that_the_answer_names() {
    let shop = Relay::shared().await.shop().await;
    let (visitor, _) = Caller::visitor(&shop).await;
    let path = format!("/v1/conversations/{}/messages", shop::conversation_id());
    let say = |text: String| NewMessage {
        id: None,
        text,
        parts: Parts::default(),
    };
    let long = say("x".repeat(limits::TEXT_MAX + 1));
    let problem = visitor.post(&path, &long).await.problem(422);
    assert_eq!(problem.kind, "/problems/too-long");
    assert_eq!(problem.limit, Some(limits::TEXT_MAX as u64));
    let empty = visitor.post(&path, &say("  ".into())).await.problem(422);
    assert_eq!(empty.kind, "/problems/empty");
    let longest = say("x".repeat(limits::TEXT_MAX));
    assert_eq!(visitor.post(&path, &longest).await.status, 201);
}

#[tokio::test]
async fn a_body_has_a_limit() {
    let shop = Relay::shared().await.shop().await;
    let body = vec![b'x'; 1024 * 1024];
    for path in ["/v1/conversations/latest/messages", "/v1/visitors"] {
        let request = shop.caller().request(Method::POST, path);
        let answer = shop.caller().send(request.body(body.clone())).await;
        assert_eq!(answer.problem(413).kind, "/problems/body-too-large");
    }
}

#[tokio::test]
async fn a_body_that_is_not_what_it_should_be_is_named() {
    let shop = Relay::shared().await.shop().await;
    let caller = shop.caller();
    let (_, conversation, _) = Peer::visitor(&shop).await;
    let path = format!("/v1/conversations/{conversation}/messages");
    for (body, kind) in [
        ("", "/problems/body-not-json"),
        ("{", "/problems/body-not-json"),
        ("{}", "/problems/invalid"),
        (r#"{"text":7}"#, "/problems/invalid"),
        (r#"{"text":"x","id":"1"}"#, "/problems/invalid"),
    ] {
        let request = caller.request(Method::POST, &path);
        let request = request.header("content-type", "application/json");
        let problem = caller.send(request.body(body)).await.problem(400);
        assert_eq!(problem.kind, kind, "{body:?}: {}", problem.detail);
    }
}

#[tokio::test]
async fn an_unknown_route_or_method_is_told_apart() {
    let relay = Relay::shared().await;
    let nobody = Caller::nobody(&relay.url());
    for path in ["/v1/nothing", "/v1", "/v1/conversations/x/y/z"] {
        let problem = nobody.get(path).await.problem(404);
        assert_eq!(problem.kind, "/problems/not-found", "{path}");
    }
    for (method, path) in [
        (Method::POST, "/v1/health"),
        (Method::GET, "/v1/visitors"),
        (Method::DELETE, "/v1/shop"),
        (Method::PUT, "/v1/conversations"),
    ] {
        let request = nobody.request(method.clone(), path);
        let answer = request.send().await.expect("the relay answers");
        assert_eq!(answer.status(), 405, "{method} {path}");
        assert!(answer.headers().contains_key("allow"), "{method} {path}");
    }
}

#[tokio::test]
async fn a_method_that_is_not_known_is_not_taken_for_another() {
    let shop = Relay::shared().await.shop().await;
    let caller = shop.caller();
    for method in ["PROPFIND", "QUERY", "TRACE"] {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        for path in ["/v1/me", "/v1/conversations", "/widget.js"] {
            let answer = caller.send(caller.request(method.clone(), path)).await;
            assert_eq!(answer.problem(405).kind, "/problems/method-not-allowed");
        }
    }
}

#[tokio::test]
async fn an_address_with_a_host_that_is_none_is_refused() {
    let relay = Relay::shared().await;
    let address = relay.url().replace("http://", "");
    for host in ["[::1", "a b", "%", "shop:99999", "1.2.3.4.5"] {
        for path in ["/v1/health", "/index.html"] {
            let mut stream = TcpStream::connect(&address).await.expect("the relay");
            let request =
                format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
            stream.write_all(request.as_bytes()).await.expect("sent");
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.expect("text");
            assert!(answer.starts_with("HTTP/1.1 400 "), "{host}: {answer}");
            assert!(answer.contains("/problems/invalid"), "{host}: {answer}");
        }
    }
}

#[tokio::test]
async fn a_place_may_be_any_of_64_bits() {
    let shop = Relay::shared().await.shop().await;
    let (mut peer, conversation, pass) = Peer::visitor(&shop).await;
    peer.say_for_sure("Here").await;
    let visitor = Caller::nobody(&shop.relay).bearing(&pass.token);
    let path = format!("/v1/conversations/{conversation}");
    for place in [1 << 53, (1 << 53) + 1, u64::MAX - 1, u64::MAX] {
        let page = async |query: String| -> Entries {
            let path = format!("{path}/entries?{query}");
            visitor.get(&path).await.json()
        };
        let after = page(format!("after={place}")).await;
        assert_eq!((after.entries.len(), after.previous), (0, Seq(1)));
        assert_eq!(page(format!("before={place}")).await.entries.len(), 1);
        let elsewhere = page(format!("after=1&epoch={place}")).await;
        assert_eq!(
            elsewhere.entries.len(),
            1,
            "of another epoch it starts over"
        );
        let (delivered, read) = (Seq(place), Seq(place));
        let receipt = NewReceipt { delivered, read };
        let answer = visitor.post(&format!("{path}/receipts"), &receipt).await;
        assert_eq!(answer.status, 204, "{}", answer.body);
        assert_eq!(page("after=1".into()).await.receipts[0].read, Seq(1));
    }
}

#[tokio::test]
async fn a_wait_is_not_ended_by_what_the_reader_must_not_know_of() {
    let shop = Relay::shared().await.shop().await;
    let (mut peer, conversation, pass) = Peer::visitor(&shop).await;
    peer.say_for_sure("Is anybody there?").await;
    let visitor = Caller::nobody(&shop.relay).bearing(&pass.token);
    let path = format!("/v1/conversations/{conversation}");
    let operator = shop.caller();
    let wait = format!("{path}/entries?after=1&wait=25");
    let waited = tokio::spawn(async move { visitor.get(&wait).await.json::<Entries>() });
    // The wait has begun before these have been there and back.
    for _ in 0..5 {
        operator.entries(conversation).await;
    }
    let note = NewNote {
        id: None,
        text: "Who answers?".into(),
    };
    let noted = operator.post(&format!("{path}/notes"), &note).await;
    assert_eq!(noted.status, 201);
    operator.entries(conversation).await;
    assert!(!waited.is_finished(), "the note ended the wait");
    operator.write(conversation, "I am").await;
    let page = waited.await.expect("an answer");
    let texts: Vec<_> = page.entries.iter().map(|e| e.content.text()).collect();
    assert_eq!(texts, [Some("I am")]);
}

#[tokio::test]
async fn opening_hours_are_four_digits() {
    let shop = Relay::shared().await.shop().await;
    let caller = shop.caller();
    let patch = async |from: &str| {
        let open = json!([{ "day": 1, "from": from, "to": "18:00" }]);
        let change = json!({ "hours": { "time_zone": "Europe/Rome", "open": open } });
        let request = caller.request(Method::PATCH, "/v1/shop").json(&change);
        caller.send(request).await.status
    };
    assert_eq!(patch("09:30").await, 200);
    for from in ["+9:30", "09:+3", "9:30", "09:60", "25:00", "09-30", "18:00"] {
        assert_eq!(patch(from).await, 400, "{from}");
    }
}

#[tokio::test]
async fn a_socket_asked_for_as_a_page_is_told_what_it_is() {
    let shop = Relay::shared().await.shop().await;
    let (_, conversation, _) = Peer::visitor(&shop).await;
    let path = format!("/v1/socket?conversation={conversation}");
    let problem = shop.caller().get(&path).await.problem(426);
    assert_eq!(problem.kind, "/problems/upgrade-required");
}

#[tokio::test]
async fn an_unknown_shop_or_conversation_is_not_there() {
    let shop = Relay::shared().await.shop().await;
    let nobody = Caller::nobody(&shop.relay).from(&shop.storefront.origin());
    let new = NewVisitor {
        shop: shop::word().parse().expect("an id"),
        renewal: None,
    };
    let problem = nobody.post("/v1/visitors", &new).await.problem(404);
    assert_eq!(problem.kind, "/problems/unknown-shop");
    for conversation in [shop::conversation_id().to_string(), "latest".into()] {
        let path = format!("/v1/conversations/{conversation}/entries");
        shop.caller().get(&path).await.problem(404);
    }
    let path = "/v1/conversations/not-an-id/entries";
    let answer = shop.caller().get(path).await;
    assert!([400, 404].contains(&answer.status.as_u16()));
}

#[tokio::test]
async fn a_wrong_password_is_told_as_little_as_possible_and_then_slowed_down() {
    let shop = Relay::shared().await.shop().await;
    let nobody = Caller::nobody(&shop.relay);
    let sign_in = |email: &str, password: &str| SignIn {
        shop: shop.id.clone(),
        email: email.into(),
        password: password.into(),
    };
    // An address that nobody has is answered as a wrong password is.
    let stranger = sign_in("nobody@example.com", "wrong password");
    let stranger = nobody.post("/v1/sessions", &stranger).await.problem(401);
    let wrong = sign_in(&shop.owner.email, "wrong password");
    let first = nobody.post("/v1/sessions", &wrong).await.problem(401);
    assert_eq!(
        (&first.kind, &first.detail),
        (&stranger.kind, &stranger.detail)
    );
    // The first waits are short, and Argon2 takes its time on a busy machine: one that is long enough to look at.
    let slowed = eventually("wrong passwords are slowed down", async || {
        let answer = nobody.post("/v1/sessions", &wrong).await;
        let problem = (answer.status != 401).then(|| answer.problem(429))?;
        (problem.retry_after_ms? > 2_000).then_some(problem)
    })
    .await;
    assert_eq!(slowed.kind, "/problems/too-many-attempts");
    // The right password waits as well: the answer must not say which one it was.
    let right = sign_in(&shop.owner.email, &shop.owner.password);
    nobody.post("/v1/sessions", &right).await.problem(429);
}

#[tokio::test]
async fn the_right_password_opens_a_session_that_only_the_inbox_can_use() {
    let shop = Relay::shared().await.shop().await;
    let nobody = Caller::nobody(&shop.relay);
    // By another name than the machine's own, where the cookie has another name and is not `Secure`.
    let request = |method, path| {
        let request = nobody.request(method, path);
        request.header("host", "chat.shop.example")
    };
    let sign_in = SignIn {
        shop: shop.id.clone(),
        email: shop.owner.email.clone(),
        password: shop.owner.password.clone(),
    };
    let answer = request(Method::POST, "/v1/sessions");
    let answer = answer.json(&sign_in).send().await.expect("an answer");
    let cookie = answer.headers()["set-cookie"].to_str().expect("text");
    for part in [
        "__Host-commesso=",
        "HttpOnly",
        "Secure",
        "SameSite=Strict",
        "Path=/",
    ] {
        assert!(cookie.contains(part), "{part} is not in the cookie");
    }
    let cookie = cookie.split(';').next().expect("a pair").to_owned();
    let me = request(Method::GET, "/v1/me").header("cookie", &cookie);
    let me: Me = nobody.send(me).await.json();
    assert_eq!(me.operator, shop.made.operator);

    // Another page cannot make the browser act: it cannot send the header, nor open the socket.
    let sign_out = request(Method::DELETE, "/v1/sessions/current").header("cookie", &cookie);
    let problem = nobody.send(sign_out).await.problem(403);
    assert_eq!(problem.kind, "/problems/cross-site");
    let sign_out = request(Method::DELETE, "/v1/sessions/current")
        .header("cookie", &cookie)
        .header("x-commesso", "1");
    assert_eq!(nobody.send(sign_out).await.status, 204);
    let me = request(Method::GET, "/v1/me").header("cookie", &cookie);
    nobody.send(me).await.problem(401);
}

#[tokio::test]
async fn shops_are_made_with_the_admin_secret_alone_and_once() {
    let relay = Relay::shared().await;
    let made = relay.shop().await;
    let new = Shop::proposal(&shop::word(), "https://shop.example");
    for caller in [Caller::nobody(&relay.url()), made.caller()] {
        let answer = caller.post("/v1/shops", &new).await;
        assert!([401, 403].contains(&answer.status.as_u16()));
    }
    let admin = Caller::with_key(&relay.url(), relay.admin());
    let taken = Shop::proposal(made.id.as_str(), "https://shop.example");
    let problem = admin.post("/v1/shops", &taken).await.problem(409);
    assert_eq!(problem.kind, "/problems/shop-taken");
    let mut weak = new.clone();
    weak.owner.password = "short".into();
    admin.post("/v1/shops", &weak).await.problem(400);
}

#[tokio::test]
async fn the_log_names_problems_and_never_words_addresses_or_tokens() {
    let relay = Relay::shared().await;
    let shop = relay.shop().await;
    let (mut visitor, _, pass) = Peer::visitor(&shop).await;
    visitor.say_for_sure("Words for the log to forget").await;
    let problem = shop.caller().get("/v1/nothing").await.problem(404);
    eventually("the problem stands in the log", async || {
        relay.log().contains(&problem.id).then_some(())
    })
    .await;
    let log = relay.log();
    for secret in [
        "Words for the log to forget",
        &pass.token,
        &shop.made.key,
        &shop.owner.email,
        &shop.owner.password,
    ] {
        assert!(!log.contains(secret), "the log holds {secret:?}");
    }
}
