//! Files: which a path means, and what a browser is told about it.

use edge::assets::{
    Coding, cache_control, codings, content_security_policy, content_type, file_of, is_for_shops,
};

#[test]
fn a_path_means_a_file_and_never_one_outside() {
    for (path, file) in [
        ("/", "/index.html"),
        ("/inbox", "/inbox/index.html"),
        ("/inbox/", "/inbox/index.html"),
        ("/inbox/preview", "/inbox/preview/index.html"),
        ("/docs", "/docs/index.html"),
        ("/docs/sdk", "/docs/sdk/index.html"),
        ("/commesso.d.ts", "/commesso.d.ts"),
        ("/widget.js", "/widget.js"),
        (
            "/assets/widget-0a1b2c3d.wasm",
            "/assets/widget-0a1b2c3d.wasm",
        ),
    ] {
        assert_eq!(file_of(path).as_deref(), Some(file), "{path}");
    }
    for path in [
        "",
        "//",
        "/../secret.txt",
        "/a/../b.txt",
        "/.env",
        "/a/.git/config",
        "/%2e%2e/x.txt",
        "/a%2fb.txt",
        "/a\\b.txt",
        "/widget.js.br",
        "/widget.js.gz",
        "//evil.example/x.js",
    ] {
        assert_eq!(file_of(path), None, "{path}");
    }
}

#[test]
fn the_smallest_accepted_copy_is_sent() {
    use Coding::{Brotli, Gzip, Plain};
    assert_eq!(codings("gzip, deflate, br, zstd"), [Brotli, Gzip, Plain]);
    assert_eq!(codings("GZIP;q=0.8"), [Gzip, Plain]);
    assert_eq!(codings("br;q=0, gzip"), [Gzip, Plain]);
    assert_eq!(codings("br; q=0.0"), [Plain]);
    assert_eq!(codings("identity"), [Plain]);
    assert_eq!(codings(""), [Plain]);
}

#[test]
fn a_browser_is_told_what_a_file_is_and_how_long_to_keep_it() {
    assert_eq!(
        content_type("/assets/widget-0a1b2c3d.wasm"),
        "application/wasm"
    );
    assert_eq!(content_type("/widget.js"), "text/javascript; charset=utf-8");
    assert_eq!(content_type("/x.unknown"), "application/octet-stream");
    assert!(cache_control("/assets/widget-0a1b2c3d.wasm").contains("immutable"));
    assert!(cache_control("/widget.js").contains("max-age=300"));
    assert!(cache_control("/adapters/crisp.js").contains("max-age=300"));
    assert_eq!(content_type("/commesso.d.ts"), "text/plain; charset=utf-8");
    assert_eq!(cache_control("/inbox/index.html"), "no-cache");
    assert!(is_for_shops("/widget.js") && is_for_shops("/assets/x.css"));
    assert!(is_for_shops("/adapters/crisp.js"));
    assert!(!is_for_shops("/inbox/index.html") && !is_for_shops("/shop/beans.webp"));
}

#[test]
fn pages_may_do_only_what_they_are_made_of() {
    for page in ["/inbox/index.html", "/docs/index.html"] {
        let policy = content_security_policy(page).unwrap();
        assert!(policy.starts_with("default-src 'none'"), "{page}");
        assert!(policy.contains("frame-ancestors 'none'"), "{page}");
        assert!(
            !policy.contains("'unsafe-eval'") && !policy.contains("script-src 'unsafe-inline'"),
            "{page}"
        );
    }
    let preview = content_security_policy("/inbox/preview/index.html").unwrap();
    assert!(
        preview.starts_with("default-src 'none'") && preview.contains("frame-ancestors 'self'")
    );
    for policy in [
        content_security_policy("/inbox/index.html").unwrap(),
        preview,
    ] {
        assert!(!policy.contains("unsafe-inline"), "{policy}");
    }
    assert!(
        content_security_policy("/index.html")
            .unwrap()
            .contains("'wasm-unsafe-eval'")
    );
    assert_eq!(content_security_policy("/widget.js"), None);
}
