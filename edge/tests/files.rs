//! What a browser is told about a file that somebody sent, and what its address gives.

use edge::{
    auth::{self, TokenFault, TokenKeys, address::Address},
    files::{POLICY, dress},
};
use protocol::{
    id::{ConversationId, FileId, VisitorId},
    part::File,
    time::Timestamp,
};

const NOW: Timestamp = Timestamp(1_795_313_443_800);

fn keys() -> TokenKeys {
    TokenKeys::parse("k1:0123456789abcdef0123456789abcdef").unwrap_or_else(|_| panic!("keys"))
}

fn address() -> Address {
    Address {
        shop: "demo".parse().unwrap(),
        conversation: ConversationId::mint(NOW, [1; 10]),
        file: FileId::mint(NOW, [2; 10]),
        ends: Timestamp(NOW.0 + 1),
    }
}

fn file(name: &str, media: &str) -> File {
    File {
        id: FileId::mint(NOW, [2; 10]),
        name: name.into(),
        media: media.into(),
        size: 48_213,
        width: None,
        height: None,
    }
}

fn told(file: &File, wanted: &str) -> String {
    let headers = dress(file);
    let found = headers.into_iter().find(|(name, _)| *name == wanted);
    found.unwrap_or_else(|| panic!("{wanted} is told")).1
}

#[test]
fn an_address_gives_its_file_until_it_ends_and_nothing_else() {
    let path = address().path(&keys()).unwrap();
    assert_eq!(Address::read(&keys(), &path, NOW), Ok(address()));
    let again = address().path(&keys()).unwrap();
    assert_eq!(again, path, "the same for who asks again");
    let later = Timestamp(NOW.0 + 1);
    assert_eq!(
        Address::read(&keys(), &path, later),
        Err(TokenFault::Expired)
    );
    // No part of it opens a conversation, and no token a file.
    let signed = path.strip_prefix("/files/").unwrap();
    for text in [signed.to_owned(), signed.replace("cf_", "cv_")] {
        let proven = auth::verify_visitor(&keys(), &text, NOW);
        assert_eq!(proven, Err(TokenFault::Forged));
    }
    let renewed = auth::verify_renewal(&keys(), &signed.replace("cf_", "cr_"), NOW);
    assert!(renewed.is_err());
    let visitor = VisitorId::mint(NOW, [3; 10]);
    let (token, _) = auth::visitor_token(&keys(), &address().shop, visitor, NOW).unwrap();
    for text in [token.clone(), token.replace("cv_", "cf_")] {
        let read = Address::read(&keys(), &format!("/files/{text}"), NOW);
        assert_eq!(read, Err(TokenFault::Forged));
    }
}

#[test]
fn a_changed_address_gives_nothing() {
    let path = address().path(&keys()).unwrap();
    // But for the last sign of the signature, which has bits that mean nothing.
    for place in 0..path.len() - 1 {
        let mut bytes = path.clone().into_bytes();
        bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        let read = Address::read(&keys(), &changed, NOW);
        assert_eq!(read, Err(TokenFault::Forged), "{changed}");
    }
    for text in ["", "/files/", "/files/cf_", "/files/cf_k1..", "/v1/files/x"] {
        let read = Address::read(&keys(), text, NOW);
        assert_eq!(read, Err(TokenFault::Forged));
    }
}

#[test]
fn nothing_in_a_file_can_do_anything() {
    for media in ["image/jpeg", "image/png", "image/webp", "image/gif"] {
        let picture = file("moka.jpg", media);
        assert_eq!(told(&picture, "content-type"), media);
        assert!(told(&picture, "content-disposition").starts_with("inline; "));
    }
    // What is no picture is saved; what is not known has no type that a browser would run.
    let pdf = file("fattura.pdf", "application/pdf");
    assert_eq!(told(&pdf, "content-type"), "application/pdf");
    let page = file("page.html", "text/html");
    assert_eq!(told(&page, "content-type"), "application/octet-stream");
    for file in [pdf, page] {
        assert!(told(&file, "content-disposition").starts_with("attachment; "));
        assert_eq!(told(&file, "content-security-policy"), POLICY);
    }
    assert!(POLICY.contains("sandbox;") && POLICY.contains("default-src 'none'"));
}

#[test]
fn a_name_stays_within_its_header() {
    let named = |name: &str| told(&file(name, "application/pdf"), "content-disposition");
    assert_eq!(
        named("Caffè \"1\".pdf"),
        "attachment; filename=\"Caff_ _1_.pdf\"; filename*=UTF-8''Caff%C3%A8%20%221%22.pdf"
    );
    let header = named("a\r\nset-cookie: x=1;\".pdf");
    assert!(header.is_ascii() && !header.contains(['\r', '\n']));
}
