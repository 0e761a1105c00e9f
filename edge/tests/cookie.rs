//! The relay's cookies: none goes over an open line, and a browser on the relay's own machine keeps them all.

use edge::cookie::{Cookie, Line};

const SESSION: Cookie = Cookie {
    name: "__Host-commesso",
    attributes: "Path=/; SameSite=Strict",
};

fn line(url: &str, tried: bool) -> Line {
    Line::of(&url.parse().expect("an address"), tried)
}

#[test]
fn only_the_machines_own_browser_has_an_open_line() {
    for url in [
        "http://localhost:8787/inbox",
        "http://127.0.0.1:8787/",
        "http://[::1]:8787/",
    ] {
        assert_eq!(line(url, true), Line::Machine, "{url}");
        // A proxy on the machine may name the relay by where it listens.
        assert_eq!(line(url, false), Line::Network, "{url}");
    }
    for url in [
        "https://localhost/",
        "http://chat.shop.example/",
        "http://192.168.1.7:8787/",
        "http://localhost.shop.example/",
        "http://127.0.0.1.shop.example/",
    ] {
        assert_eq!(line(url, true), Line::Network, "{url}");
    }
}

#[test]
fn a_cookie_is_for_closed_lines_but_on_the_machine_itself() {
    assert_eq!(
        SESSION.written(Line::Network, "cs_1", 60),
        "__Host-commesso=cs_1; HttpOnly; Secure; Path=/; SameSite=Strict; Max-Age=60"
    );
    assert_eq!(
        SESSION.written(Line::Machine, "cs_1", 60),
        "commesso=cs_1; HttpOnly; Path=/; SameSite=Strict; Max-Age=60"
    );
}

#[test]
fn a_cookie_is_found_by_its_whole_name() {
    let said = "theme=dark; commesso=planted; x__Host-commesso=no; __Host-commesso=cs_1=;";
    assert_eq!(SESSION.found(Line::Network, said), Some("cs_1="));
    // Any host beside can set this name, so it counts on the machine alone.
    assert_eq!(SESSION.found(Line::Machine, said), Some("planted"));
    assert_eq!(SESSION.found(Line::Network, "commesso=planted"), None);
    assert_eq!(SESSION.found(Line::Network, ""), None);
}
