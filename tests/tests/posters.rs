//! Posters: what is printed on them is read off the finished files, and leads where it should.

use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use system::browser::{Browser, DESKTOP, PHONE};
use system::codes::{Picture, text_of_pdf};
use system::plain::{PlainBrowser, answer_and_go_on};
use system::server::{Place, Server};
use system::target;

const PUBLIC: &str = "https://wendu.example";

/// A campaign file as it is built in, with other names of a site.
fn campaign(place: &Place, chinese: &str, english: &str) -> PathBuf {
    let source = include_str!("../../survey/data/campaign.json");
    let mut campaign: Value = serde_json::from_str(source).unwrap();
    campaign["sites"][1]["name"] = json!({ "zh-CN": chinese, "en": english });
    let path = place.path().join("campaign.json");
    std::fs::write(&path, campaign.to_string()).unwrap();
    path
}

/// What the codes on the pages of a PDF say.
fn codes_of_pdf(path: &Path) -> Vec<String> {
    Picture::of_pdf(path)
        .iter()
        .flat_map(Picture::codes)
        .collect()
}

/// Opens a picture in the browser, on a screen as large as the paper; returns what its codes say.
async fn codes_on_screen(browser: &Browser, url: &str, name: &str) -> Vec<String> {
    browser.open(url).await;
    // After the page is open: opening one sets the window's own size again.
    let metrics = json!({ "width": 800, "height": 1130, "deviceScaleFactor": 1, "mobile": false });
    browser
        .devtools("Emulation.setDeviceMetricsOverride", metrics)
        .await;
    browser.screenshot(name).await;
    let folder = target().join("screenshots");
    Picture::of_png(&folder.join(format!("{name}.png"))).codes()
}

async fn fetch(server: &Server, path: &str, cookie: &str) -> (u16, String, Vec<u8>) {
    let request = server.client.get(server.url(path)).header("cookie", cookie);
    let answer = request.send().await.unwrap();
    let header = |name| {
        let value = answer.headers().get(name);
        value.map_or("", |value| value.to_str().unwrap())
    };
    let said = format!(
        "{}; {}",
        header("content-type"),
        header("content-disposition")
    );
    let status = answer.status().as_u16();
    (status, said, answer.bytes().await.unwrap().to_vec())
}

async fn signed_in(server: &Server) -> String {
    let body = json!({ "password": server.password });
    let answer = server
        .client
        .post(server.url("/api/v1/session"))
        .json(&body);
    let answer = answer.send().await.unwrap();
    let cookie = answer.headers()["set-cookie"].to_str().unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn the_command_line_draws_a_page_for_each_site_with_the_sites_own_link() {
    let place = Place::new();
    let run = async |args: &[&str]| {
        let all = [&["posters", "--public-url", PUBLIC], args].concat();
        let (success, said) = place.run(&all).await;
        assert!(success, "{said}");
    };
    let file = |name: &str| place.path().join(name);
    for size in ["a4", "a5"] {
        let name = format!("{size}.pdf");
        run(&["--area", "T01", "--size", size, "--out", &name]).await;
        let expected = ["S001", "S002", "S003", "S004"].map(|site| format!("{PUBLIC}/q/{site}"));
        assert_eq!(codes_of_pdf(&file(&name)), expected, "{size}");
    }
    let text = text_of_pdf(&file("a5.pdf"));
    for expected in [
        "您的感受，我们想听",
        "城关农贸市场",
        "wendu.example/q/S002",
        "约 3 分钟",
    ] {
        assert!(text.contains(expected), "{expected} is not in {text}");
    }
    assert!(!text.contains("测试"), "{text}");

    run(&[
        "--sites",
        "s005,S001",
        "--questionnaire",
        "merchant",
        "--out",
        "merchant.pdf",
    ])
    .await;
    let expected = ["S005", "S001"].map(|site| format!("{PUBLIC}/q/{site}?q=merchant"));
    assert_eq!(codes_of_pdf(&file("merchant.pdf")), expected);

    run(&[
        "--all", "--format", "svg", "--size", "a5", "--out", "drawings",
    ])
    .await;
    let drawings = std::fs::read_dir(file("drawings")).unwrap();
    let mut drawings: Vec<PathBuf> = drawings.map(|entry| entry.unwrap().path()).collect();
    drawings.sort();
    assert_eq!(drawings.len(), 12);
    let browser = Browser::start(DESKTOP).await;
    for drawing in &drawings {
        let url = url::Url::from_file_path(drawing).unwrap();
        let name = drawing.file_name().unwrap().to_str().unwrap();
        let site = name.split('-').nth(1).unwrap();
        let codes = codes_on_screen(&browser, url.as_str(), "poster-file").await;
        assert_eq!(codes, [format!("{PUBLIC}/q/{site}")], "{name}");
    }
    browser.close().await;
}

#[tokio::test]
async fn names_of_any_length_and_with_any_character_are_drawn() {
    let place = Place::new();
    let chinese =
        "青禾旗城关镇“西街”社区东北风味农贸综合批发市场（二期）<南门>停车场&入口处便民服务点";
    let english =
        "South gate of the \"Chengguan & Northeast\" <farmers'> wholesale market, phase two";
    let campaign = campaign(&place, chinese, english);
    let campaign = campaign.to_str().unwrap();
    for size in ["a4", "a5"] {
        for format in ["pdf", "svg"] {
            let (success, said) = place
                .run(&[
                    "posters",
                    "--public-url",
                    PUBLIC,
                    "--campaign",
                    campaign,
                    "--sites",
                    "S002",
                    "--size",
                    size,
                    "--format",
                    format,
                    "--out",
                    &format!("{size}.{format}"),
                ])
                .await;
            assert!(success, "{said}");
        }
    }
    let browser = Browser::start(DESKTOP).await;
    for size in ["a4", "a5"] {
        let expected = [format!("{PUBLIC}/q/S002")];
        let pdf = place.path().join(format!("{size}.pdf"));
        assert_eq!(codes_of_pdf(&pdf), expected);
        let copied: String = text_of_pdf(&pdf).split_whitespace().collect();
        assert!(copied.contains("<南门>停车场&入口处"), "{copied}");
        let svg = url::Url::from_file_path(place.path().join(format!("{size}.svg"))).unwrap();
        let name = format!("poster-long-{size}");
        assert_eq!(
            codes_on_screen(&browser, svg.as_str(), &name).await,
            expected
        );
        let shown = browser
            .script(
                "return [...document.querySelectorAll('text')].map(t => t.textContent).join('')",
            )
            .await;
        let shown = shown.as_str().unwrap();
        assert!(shown.contains("<南门>停车场&入口处"), "{shown}");
    }
    browser.close().await;
}

#[tokio::test]
async fn the_command_line_says_what_is_missing_and_what_to_do() {
    let place = Place::new();
    let refused = async |args: &[&str], expected: &[&str]| {
        let (success, said) = place.run(&[&["posters"], args].concat()).await;
        assert!(!success, "{said}");
        for words in expected {
            assert!(said.contains(words), "{words} is not in {said}");
        }
    };
    refused(&["--all"], &["--public-url"]).await;
    refused(&["--public-url", PUBLIC], &["--sites", "--area", "--all"]).await;
    refused(&["--sites", "S999", "--public-url", PUBLIC], &["S999"]).await;
    refused(&["--area", "T99", "--public-url", PUBLIC], &["T99"]).await;
    refused(
        &["--all", "--public-url", "wendu.example/x"],
        &["no origin"],
    )
    .await;
    let strange = campaign(&place, "\u{10FFFD}街", "");
    let strange = strange.to_str().unwrap();
    let missing = ["U+10FFFD", "apt install fonts-noto-cjk", "--font"];
    refused(
        &[
            "--sites",
            "S002",
            "--public-url",
            PUBLIC,
            "--campaign",
            strange,
        ],
        &missing,
    )
    .await;
    std::fs::write(place.path().join("no.ttf"), "no font").unwrap();
    refused(
        &["--all", "--public-url", PUBLIC, "--font", "no.ttf"],
        &["no.ttf", "no OpenType font"],
    )
    .await;
}

#[tokio::test]
async fn the_office_fetches_posters_and_nobody_else() {
    let place = Place::new();
    let server = place.serve(&["--public-url", PUBLIC]).await;
    for path in [
        "/api/v1/sites/S002/poster.svg",
        "/api/v1/posters.pdf?area=T01",
    ] {
        assert_eq!(fetch(&server, path, "").await.0, 401, "{path}");
    }
    let cookie = signed_in(&server).await;
    let (status, said, _) = fetch(&server, "/api/v1/sites/s002/poster.svg?size=a5", &cookie).await;
    assert_eq!(status, 200);
    assert!(said.starts_with("image/svg+xml; inline;"), "{said}");
    assert!(said.contains("filename=\"poster-S002-A5.svg\""), "{said}");

    let (status, said, pdf) = fetch(&server, "/api/v1/posters.pdf?area=T01&size=a5", &cookie).await;
    assert_eq!(status, 200);
    assert!(said.starts_with("application/pdf; attachment;"), "{said}");
    // 海报-城关镇-A5.pdf
    let name = "filename*=UTF-8''%E6%B5%B7%E6%8A%A5%2D%E5%9F%8E%E5%85%B3%E9%95%87%2DA5%2Epdf";
    assert!(said.contains(name), "{said}");
    let path = place.path().join("fetched.pdf");
    std::fs::write(&path, pdf).unwrap();
    assert_eq!(codes_of_pdf(&path).len(), 4);

    for (path, expected) in [
        ("/api/v1/sites/S999/poster.pdf", 404),
        ("/api/v1/sites/S002/poster.pdf?q=nothing", 404),
        ("/api/v1/posters.pdf?area=T99", 404),
        ("/api/v1/posters.pdf?size=a3", 400),
        ("/api/v1/posters.pdf?papier=a4", 400),
    ] {
        assert_eq!(fetch(&server, path, &cookie).await.0, expected, "{path}");
    }
}

#[tokio::test]
async fn a_scanned_poster_leads_to_its_site_without_scripts() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let browser = Browser::start(DESKTOP).await;
    let poster = server.url("/api/v1/sites/S002/poster.svg?size=a4");
    let codes = codes_on_screen(&browser, &poster, "poster-test-copy").await;
    let shown = browser
        .script("return document.documentElement.textContent")
        .await;
    assert!(
        shown.as_str().unwrap().contains("测试样张，请勿张贴"),
        "{shown}"
    );
    browser.close().await;
    assert_eq!(codes, [server.url("/q/S002")]);

    let phone = PlainBrowser::start(PHONE).await;
    phone.open(&codes[0]).await;
    assert_eq!(
        phone
            .attribute("input[name=_site]", "value")
            .await
            .as_deref(),
        Some("S002")
    );
    while answer_and_go_on(&phone).await {}
    phone.wait_for_text("撤回码").await;
    phone.close().await;
    drop(server);
    let (success, rows) = place.run(&["export", "--questionnaire", "resident"]).await;
    assert!(success, "{rows}");
    let row = rows.lines().nth(1).expect("the answers");
    assert!(row.contains(",site,S002,"), "{row}");
}

#[tokio::test]
async fn a_short_link_takes_what_people_type_and_never_leads_nowhere() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    let follow = async |path: &str, language: &str| {
        let request = server.client.get(server.url(path));
        let answer = request
            .header("accept-language", language)
            .send()
            .await
            .unwrap();
        let (status, url) = (answer.status().as_u16(), answer.url().clone());
        (status, url, answer.text().await.unwrap())
    };
    let (status, url, page) = follow("/q/s002", "en-GB").await;
    assert_eq!(
        (status, url.path(), url.query()),
        (200, "/s/resident", Some("site=S002"))
    );
    assert!(
        page.contains("lang=\"en\"") && page.contains("value=\"site\""),
        "{page}"
    );
    let (_, url, page) = follow("/q/S005?q=merchant", "zh-CN").await;
    assert_eq!(
        (url.path(), url.query()),
        ("/s/merchant", Some("site=S005"))
    );
    assert!(page.contains("lang=\"zh-CN\""));

    for path in ["/q/S999", "/q/%3Cscript%3E", "/q/S002?q=nothing"] {
        let (status, _, page) = follow(path, "zh-CN").await;
        assert_eq!(status, 404, "{path}");
        assert!(page.contains("没有找到这个点位") && page.contains("do not know this place"));
        assert!(!page.contains("<script>"), "{page}");
    }
    let phone = PlainBrowser::start(PHONE).await;
    phone.open(&server.url("/q/S999")).await;
    phone.screenshot("short-link-unknown").await;
    phone.click("button.next").await;
    phone.find("input[name=_mode][value=self]").await;
    phone.open(&server.url("/q/S002?q=nothing")).await;
    phone.click("button.next").await;
    phone.find("input[name=_site][value=S002]").await;
    phone.close().await;
}

#[tokio::test]
async fn the_office_lists_every_site_with_its_posters() {
    let place = Place::new();
    let server = place.serve(&[]).await;
    for (size, name) in [(DESKTOP, "office-posters"), (PHONE, "office-posters-phone")] {
        let browser = Browser::start(size).await;
        browser.open(&server.url("/office")).await;
        let field = browser.find("#password").await;
        field.send_keys(&server.password).await.unwrap();
        browser.click("button.primary").await;
        // Until everything is there the page moves below the mouse.
        browser.find(".empty").await;
        browser.click(".sites summary").await;
        browser.find(".sites details[open]").await;
        browser.wait_for_text("城关农贸市场").await;
        let links = browser
            .script("return [...document.querySelectorAll('.posters a')].map(a => a.getAttribute('href'))")
            .await;
        let links: Vec<&str> = links
            .as_array()
            .unwrap()
            .iter()
            .filter_map(Value::as_str)
            .collect();
        // Two papers as PDF for all sites and for each of eight townships, four files for each site.
        assert_eq!(links.len(), 2 + 8 * 2 + 12 * 4);
        for link in [
            "/api/v1/posters.pdf?size=a4&lang=zh-CN",
            "/api/v1/posters.pdf?area=T01&size=a5&lang=zh-CN",
            "/api/v1/sites/S002/poster.svg?size=a5&lang=zh-CN",
        ] {
            assert!(links.contains(&link), "{link} is not in {links:?}");
        }
        // Every link leads to a poster; once is enough.
        for link in links.iter().filter(|_| size == DESKTOP) {
            assert_eq!(fetch(&server, link, "").await.0, 200, "{link}");
        }
        browser
            .script("document.querySelector('.sites').scrollIntoView()")
            .await;
        browser.screenshot(name).await;
        let overflow = browser
            .script("return document.documentElement.scrollWidth > innerWidth")
            .await;
        assert_eq!(overflow, json!(false), "nothing sticks out at {name}");
        browser.close().await;
    }
}
