//! Where a request goes: its method and path, an origin, a place in a list, what it takes for codings. One of them per line.

use edge::{
    assets,
    call::Place,
    origin,
    route::{Found, find},
};

/// Takes a text of lines.
pub fn take(bytes: &[u8]) {
    let Ok(text) = core::str::from_utf8(bytes) else {
        return;
    };
    for line in text.lines() {
        let (method, path) = line.split_once(' ').unwrap_or(("GET", line));
        routed(method, path);
        kept(line);
        filed(path);
        let codings = assets::codings(line);
        assert_eq!(codings.last(), Some(&assets::Coding::Plain), "{line}");
        if let Some(place) = Place::read(line) {
            assert_eq!(Place::read(&place.text()), Some(place), "{line}");
        }
    }
}

fn routed(method: &str, path: &str) {
    match find(method, path) {
        Found::Route(route, place) => {
            assert_eq!(route.method.name(), method);
            assert_eq!(place.is_some(), route.path.contains('{'), "{path}");
            let named = place.is_none_or(|place| !place.is_empty() && !place.contains('/'));
            assert!(named, "{path} has {place:?} in it");
        }
        Found::OtherMethods(routes) => {
            assert!(!routes.is_empty(), "{path}");
            for route in routes {
                let other = find(route.method.name(), path);
                assert!(matches!(other, Found::Route(..)), "{path}");
            }
        }
        Found::Nothing => {}
    }
}

fn kept(line: &str) {
    if let Some(origin) = origin::normal(line) {
        assert_eq!(
            origin::normal(&origin).as_deref(),
            Some(&*origin),
            "{line} is kept as browsers send it"
        );
    }
}

/// A file of the site, and no other.
fn filed(path: &str) {
    let Some(file) = assets::file_of(path) else {
        return;
    };
    let hidden = file.split('/').any(|name| name.starts_with('.'));
    assert!(file.starts_with('/') && !hidden, "{path} is {file}");
    let copy = file.ends_with(".br") || file.ends_with(".gz");
    assert!(!file.contains("//") && !copy, "{path} is {file}");
    assert!(!assets::content_type(&file).is_empty());
}
