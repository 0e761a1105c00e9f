//! What is asked of files by who may not, and of what is no file: the relay's own word, without a browser.

use protocol::{
    api::{Addresses, NewMessage, WantedFiles},
    id::FileId,
    limits,
    part::{File, Part},
    time::Timestamp,
};
use reqwest::{Method, Response};
use tests::{Caller, Relay, shop};

use crate::plain::DOT;

const PDF: &str = "%PDF-1.4\n%%EOF";

#[tokio::test]
async fn what_is_no_file_is_refused_in_words() {
    let made = Relay::shared().await.shop().await;
    let (visitor, _) = Caller::visitor(&made).await;
    let conversation = shop::conversation_id();
    let path = format!("/v1/conversations/{conversation}/files");
    let hand = async |body: Vec<u8>| {
        visitor
            .send(visitor.request(Method::POST, &path).body(body))
            .await
    };
    for body in [
        &b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>"[..],
        b"<!DOCTYPE html>",
        b"MZ\x90",
        b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\xff\xff\xff\xff\xff\xff\xff\xff",
    ] {
        let problem = hand(body.to_vec()).await.problem(415);
        assert_eq!(problem.kind, "/problems/unfit-file");
    }
    hand(vec![]).await.problem(422);
    let mut largest = PDF.as_bytes().to_vec();
    largest.resize(limits::FILE_MAX as usize, b' ');
    let kept: File = hand(largest.clone()).await.json();
    assert_eq!(
        (kept.size, kept.media.as_str()),
        (limits::FILE_MAX, "application/pdf")
    );
    largest.push(b' ');
    let problem = hand(largest).await.problem(413);
    assert_eq!(problem.limit, Some(limits::FILE_MAX));
    let nobody = Caller::nobody(&made.relay);
    nobody
        .send(nobody.request(Method::POST, &path).body(PDF))
        .await
        .problem(401);
}

/// What anybody is told of a file beside its kind and its name.
const HEADERS: [(&str, &str); 5] = [
    ("x-content-type-options", "nosniff"),
    (
        "content-security-policy",
        "default-src 'none'; sandbox; frame-ancestors 'none'",
    ),
    ("cross-origin-resource-policy", "cross-origin"),
    ("referrer-policy", "no-referrer"),
    ("cache-control", "private, max-age=3600, immutable"),
];

fn assert_headers(read: &Response, of: &[(&str, &str)]) {
    for (name, value) in of.iter().chain(&HEADERS) {
        let is = read.headers().get(*name).and_then(|is| is.to_str().ok());
        assert_eq!(is, Some(*value), "{name}");
    }
    assert!(read.headers().get("set-cookie").is_none());
}

#[tokio::test]
async fn a_picture_is_shown_where_it_is_opened_under_the_name_of_its_kind() {
    let made = Relay::shared().await.shop().await;
    let (visitor, _) = Caller::visitor(&made).await;
    let conversation = shop::conversation_id();
    // It is called a page, and has what ends a header's value in its name.
    let name = "è%20%22rotta%22.html";
    let file = visitor.show(conversation, name, DOT).await;
    assert_eq!((file.width, file.height), (Some(2), Some(2)));
    let place = visitor.address(conversation, &file).await;
    let nobody = Caller::nobody(&made.relay);
    let read = nobody.request(Method::GET, &place).send().await;
    let read = read.expect("an answer");
    assert_eq!(read.status(), 200);
    let named =
        "inline; filename=\"_ _rotta_.html.gif\"; filename*=UTF-8''%C3%A8%20%22rotta%22.html.gif";
    let size = DOT.len().to_string();
    let is = [
        ("content-type", "image/gif"),
        ("content-disposition", named),
        ("content-length", &size),
    ];
    assert_headers(&read, &is);
    assert_eq!(read.bytes().await.expect("a body"), DOT);
}

#[tokio::test]
async fn a_file_is_kept_once_and_is_its_conversations_alone() {
    let made = Relay::shared().await.shop().await;
    let (visitor, _) = Caller::visitor(&made).await;
    let (stranger, _) = Caller::visitor(&made).await;
    let owner = Caller::with_key(&made.relay, &made.made.key);
    let conversation = shop::conversation_id();
    let id = FileId::mint(
        Timestamp(1_760_000_000_000),
        *conversation.as_bytes().last_chunk().expect("ten"),
    );
    let path = format!("/v1/conversations/{conversation}/files?id={id}&name=scontrino.pdf");
    let hand = async |who: &Caller, body: &'static str| {
        who.send(who.request(Method::POST, &path).body(body)).await
    };
    let file: File = hand(&visitor, PDF).await.json();
    assert_eq!(file, hand(&visitor, PDF).await.json());
    hand(&visitor, "%PDF-1.7\n%%EOF").await.problem(409);
    hand(&owner, PDF).await.problem(409);
    hand(&stranger, PDF).await.problem(404);

    let messages = format!("/v1/conversations/{conversation}/messages");
    let showing = |file: &File| NewMessage {
        id: None,
        text: String::new(),
        parts: vec![Part::File(file.clone())].into(),
    };
    let other = File {
        name: "altro.pdf".into(),
        ..file.clone()
    };
    let problem = visitor.post(&messages, &showing(&other)).await.problem(422);
    assert_eq!(problem.kind, "/problems/file-missing");
    owner.post(&messages, &showing(&file)).await.problem(422);
    assert_eq!(visitor.post(&messages, &showing(&file)).await.status, 201);

    let addresses = format!("/v1/conversations/{conversation}/addresses");
    let wanted = WantedFiles {
        files: vec![file.id, FileId::from_bytes([9; 16])],
    };
    stranger.post(&addresses, &wanted).await.problem(404);
    let found: Addresses = owner.post(&addresses, &wanted).await.json();
    let again: Addresses = visitor.post(&addresses, &wanted).await.json();
    assert_eq!(
        (&found, found.addresses.len()),
        (&again, 1),
        "the same, and of what is there"
    );

    // Whoever has the address reads it, with nothing else.
    let nobody = Caller::nobody(&made.relay);
    let place = &found.addresses[0].path;
    let read = nobody
        .request(Method::GET, place)
        .send()
        .await
        .expect("an answer");
    assert_eq!(read.status(), 200);
    let is = [
        ("content-type", "application/pdf"),
        (
            "content-disposition",
            "attachment; filename=\"scontrino.pdf\"; filename*=UTF-8''scontrino.pdf",
        ),
    ];
    assert_headers(&read, &is);
    assert_eq!(read.text().await.expect("a body"), PDF);
    let head = nobody
        .request(Method::HEAD, place)
        .send()
        .await
        .expect("an answer");
    assert_eq!(head.status(), 200);
    assert_eq!(head.text().await.expect("a body"), "");
    nobody
        .request(Method::POST, place)
        .send()
        .await
        .map(|answer| assert_eq!(answer.status(), 405))
        .expect("an answer");
    // Nothing else does: not a changed address, and not a token in its place.
    let token = place.replace("/files/cf_", "/files/cv_");
    let cut = &place[..place.len() - 4];
    for wrong in [token.as_str(), cut, "/files/", "/files/x"] {
        nobody.get(wrong).await.problem(404);
    }
}
