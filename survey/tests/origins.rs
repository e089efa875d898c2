//! What may stand in a list of origins: exactly what browsers say, because it is compared exactly.

use survey::campaign::is_origin;

#[test]
fn an_origin_is_written_as_browsers_write_it() {
    for origin in [
        "https://news.example",
        "http://news.example:8080",
        "https://news.example:80",
        "https://news.example.",
        "http://127.0.0.1:5173",
        "https://[2001:db8::1]",
        "https://[::1]:8443",
        "https://xn--fiq228c.example",
    ] {
        assert!(is_origin(origin), "{origin}");
    }
    for other in [
        "",
        "null",
        "news.example",
        "//news.example",
        "ftp://news.example",
        "https://",
        "https://News.example",
        "https://news.example/",
        "https://news.example/path",
        "https://user@news.example",
        "https://news.example:443",
        "http://news.example:80",
        "https://news.example:",
        "https://news.example:0",
        "https://news.example:08443",
        "https://news.example:99999",
        "https://a:b:c",
        "https://[::1",
        "https://::1",
        "https://*.example",
        "https://新闻.example",
        "https://news.example; script-src *",
        "https://news.example\r\nx: y",
    ] {
        assert!(!is_origin(other), "{other}");
    }
}
