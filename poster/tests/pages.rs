//! What holds on every poster, whatever stands in the campaign's file.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "what cannot be read must fail the test"
)]

use poster::page::{Area, Ink, Mark};
use poster::{Face, Fonts, Page, Poster, Size, font::Weight, layout, link::Address};
use proptest::prelude::*;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};
use survey::questionnaire::Approval;
use survey::{Campaign, Questionnaire, Text};

/// A font with Chinese characters where Debian keeps it; `cargo xtask test` installs it.
static FONTS: LazyLock<Fonts> = LazyLock::new(|| {
    let face = |name: &str, weight| {
        let path = PathBuf::from("/usr/share/fonts/opentype/noto").join(name);
        let data = std::fs::read(&path).expect("fonts-noto-cjk is installed");
        Face::new(Arc::new(data), 2, weight).expect("a font")
    };
    Fonts {
        regular: face("NotoSansCJK-Regular.ttc", Weight::Regular),
        bold: face("NotoSansCJK-Bold.ttc", Weight::Bold),
    }
});

fn campaign() -> Campaign {
    serde_json::from_str(include_str!("../../survey/data/campaign.json")).unwrap()
}

fn questionnaire() -> Questionnaire {
    let json = include_str!("../../survey/data/questionnaires/resident.json");
    serde_json::from_str(json).unwrap()
}

fn poster(name: &Text, title: &Text, approval: Option<Approval>, address: &str) -> Poster {
    let mut campaign = campaign();
    let mut questionnaire = questionnaire();
    questionnaire.title = title.clone();
    questionnaire.approval = approval;
    let site = &mut campaign.sites[1];
    site.name = name.clone();
    site.kind = name.clone();
    let site = site.clone();
    campaign.office = name.clone();
    let address = Address::new(address);
    Poster::new(&campaign, &site, &questionnaire, &address, false)
}

fn areas(page: &Page) -> Vec<(Area, String)> {
    let quiet = |area: &Area, modules: usize| {
        let quiet = area.width * 4.0 / modules as f32;
        Area {
            x: area.x - quiet,
            y: area.y - quiet,
            width: area.width + 2.0 * quiet,
            height: area.height + 2.0 * quiet,
        }
    };
    page.marks
        .iter()
        .filter_map(|mark| match mark {
            Mark::Text(line) => Some((line.area, line.text.clone())),
            Mark::Code(area, code) => Some((quiet(area, code.modules), "the code".to_owned())),
            // The band below white text is there to be written on.
            Mark::Bar(_, Ink::Black) => None,
            Mark::Bar(area, _) => Some((*area, "a bar".to_owned())),
        })
        .collect()
}

/// A hundredth of a millimetre is no overlap.
const SLACK: f32 = 0.01;

fn overlap(a: &Area, b: &Area) -> bool {
    a.x + a.width > b.x + SLACK
        && b.x + b.width > a.x + SLACK
        && a.y + a.height > b.y + SLACK
        && b.y + b.height > a.y + SLACK
}

fn check(page: &Page) {
    let (width, height) = page.size.millimetres();
    let areas = areas(page);
    for (number, (area, what)) in areas.iter().enumerate() {
        assert!(
            area.x >= -SLACK
                && area.y >= -SLACK
                && area.x + area.width <= width + SLACK
                && area.y + area.height <= height + SLACK,
            "leaves the page: {what} {area:?}"
        );
        for (other, its) in &areas[number + 1..] {
            assert!(
                !overlap(area, other),
                "{what} {area:?} covers {its} {other:?}"
            );
        }
    }
    let side = page.marks.iter().find_map(|mark| match mark {
        Mark::Code(area, _) => Some(area.width),
        _ => None,
    });
    assert!(side.unwrap() >= 45.0, "the code is small: {side:?}");
}

/// Names of any length: short ones, sentences, one word that never ends.
fn text() -> impl Strategy<Value = Text> {
    let chinese = prop_oneof![
        "[城关镇农贸市场东街小区，（）、。&<>\"]{1,120}",
        "[城关镇 a-z]{1,40}",
        "[W]{1,300}",
    ];
    let english = prop_oneof!["", "([A-Za-z&<>\"']{1,12} ){1,40}", "[gjpqyWM]{1,200}"];
    (chinese, english).prop_map(|(chinese, english)| Text { chinese, english })
}

fn approval() -> impl Strategy<Value = Option<Approval>> {
    let field = || "[青禾旗统计局〔〕0-9号 ]{0,60}";
    let all = (field(), field(), field(), field(), field(), field());
    proptest::option::of(all.prop_map(|(a, b, c, d, e, f)| Approval {
        form_number: a,
        issued_by: b,
        document_number: c,
        approved_by: d,
        approval_number: e,
        valid_until: f,
    }))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn nothing_leaves_the_page_or_covers_anything_else(
        name in text(),
        title in text(),
        approval in approval(),
        host in "[a-z0-9-]{3,200}",
        a5 in any::<bool>(),
        local in any::<bool>(),
    ) {
        let address = if local { "http://127.0.0.1:8080".to_owned() } else { format!("https://{host}.cn") };
        let size = if a5 { Size::A5 } else { Size::A4 };
        let poster = poster(&name, &title, approval, &address);
        let page = layout(&poster, size, &FONTS).unwrap();
        check(&page);
        // The address is never cut, however long.
        let typed = poster::link::typed(&poster.link).to_owned();
        let all: String = page.marks.iter().filter_map(|mark| match mark {
            Mark::Text(line) => Some(line.text.clone()),
            _ => None,
        }).collect();
        prop_assert!(all.contains(&typed), "{typed} not in {all}");
        let svg = poster::svg(&page);
        prop_assert!(is_well_formed(&svg), "{svg}");
    }
}

/// Whether `<` begins tags only and `&` the four references only.
fn is_well_formed(svg: &str) -> bool {
    let references = ["&amp;", "&lt;", "&gt;", "&quot;"];
    let tags = [
        "<svg ", "<title>", "<rect ", "<g ", "<text ", "<path ", "</",
    ];
    svg.match_indices('&')
        .all(|(at, _)| references.iter().any(|r| svg[at..].starts_with(r)))
        && svg
            .match_indices('<')
            .all(|(at, _)| tags.iter().any(|tag| svg[at..].starts_with(tag)))
}

fn plain(text: &str) -> Text {
    Text {
        chinese: text.to_owned(),
        english: String::new(),
    }
}

fn texts(page: &Page) -> Vec<&str> {
    page.marks
        .iter()
        .filter_map(|mark| match mark {
            Mark::Text(line) => Some(line.text.as_str()),
            _ => None,
        })
        .collect()
}

#[test]
fn a_poster_says_who_asks_what_for_and_where_it_hangs() {
    let approval = Approval {
        form_number: "青统 01 表".to_owned(),
        issued_by: "青禾旗文明办".to_owned(),
        document_number: "青文明办〔2026〕3号".to_owned(),
        approved_by: "青禾旗统计局".to_owned(),
        approval_number: "青统制〔2026〕7号".to_owned(),
        valid_until: "2027年12月".to_owned(),
    };
    let mut questionnaire = questionnaire();
    questionnaire.approval = Some(approval);
    let campaign = campaign();
    let address = Address::new("https://wendu.example");
    let poster = Poster::new(
        &campaign,
        &campaign.sites[1],
        &questionnaire,
        &address,
        false,
    );
    for size in [Size::A4, Size::A5] {
        let page = layout(&poster, size, &FONTS).unwrap();
        check(&page);
        let texts = texts(&page).join("\n");
        for expected in [
            "青禾旗文明办",
            "创城满意度问卷",
            "Resident survey",
            "您的感受，我们想听",
            "扫码即答",
            "约 3 分钟",
            "不记姓名",
            "wendu.example/q/S002",
            "S002",
            "城关农贸市场",
            "Farmers' market",
            "表号：青统 01 表",
            "有效期至：2027年12月",
        ] {
            assert!(texts.contains(expected), "{expected} is not in {texts}");
        }
        assert!(!texts.contains("测试"));
    }
}

#[test]
fn a_poster_that_leads_to_this_machine_or_to_simulated_data_says_so() {
    let name = plain("东街");
    let local = poster(&name, &name, None, "http://127.0.0.1:8080");
    let campaign = campaign();
    let address = Address::new("https://wendu.example");
    let simulated = Poster::new(
        &campaign,
        &campaign.sites[0],
        &questionnaire(),
        &address,
        true,
    );
    for poster in [local, simulated] {
        let page = layout(&poster, Size::A4, &FONTS).unwrap();
        check(&page);
        assert!(texts(&page).join("").contains("测试样张，请勿张贴"));
    }
}

#[test]
fn characters_that_no_font_has_are_named() {
    let name = plain("\u{10FFFD}街");
    let poster = poster(&name, &plain("问卷"), None, "https://wendu.example");
    let error = layout(&poster, Size::A4, &FONTS).unwrap_err().to_string();
    assert!(error.contains("U+10FFFD"), "{error}");
}

#[test]
fn a_long_text_becomes_smaller_then_shorter_but_never_wider() {
    use poster::wrap::{Limits, set};
    let limits = |lines| Limits {
        size: 6.0,
        least: 3.0,
        width: 40.0,
        lines,
    };
    let short = set("城关农贸市场", Weight::Bold, limits(1), &FONTS);
    assert_eq!((short.size, short.lines.len()), (6.0, 1));
    let longer = set("城关农贸市场南门停车场", Weight::Bold, limits(1), &FONTS);
    assert!(longer.size < 6.0 && longer.lines == ["城关农贸市场南门停车场"]);
    let endless = set(&"市场".repeat(60), Weight::Bold, limits(2), &FONTS);
    assert!(endless.size == 3.0 && endless.lines.len() == 2);
    assert!(endless.lines[1].ends_with('…'));
    // Chinese punctuation does not begin a line.
    let sentence = set(
        "您的感受，我们想听",
        Weight::Regular,
        Limits {
            width: 26.0,
            ..limits(3)
        },
        &FONTS,
    );
    assert_eq!(sentence.lines, ["您的感受，", "我们想听"]);
}

#[test]
fn a_link_that_no_phone_could_read_is_refused() {
    let address = format!("https://{}.example", "a".repeat(400));
    let poster = poster(&plain("街"), &plain("问卷"), None, &address);
    let error = layout(&poster, Size::A5, &FONTS).unwrap_err().to_string();
    assert!(error.contains("too long"), "{error}");
}
