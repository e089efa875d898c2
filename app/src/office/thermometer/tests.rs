//! Whatever the data and the width: nothing overlaps, nothing is cut off, nothing is lost.

use super::labels::{MARGIN, Span};
use super::layout::{Label, Layout, layout};
use super::line::Line;
use super::size::Size;
use crate::office::numbers::{Reading, Unit};
use survey::Language;

fn reading(value: f64, half: f64) -> Option<Reading> {
    Some(Reading {
        value,
        lower: (value - half).max(0.0),
        upper: (value + half).min(100.0),
        n: 100,
    })
}

fn line(unit: Unit, government: f64, society: f64, half: f64) -> Line {
    Line {
        name: "居住小区满意度".to_owned(),
        unit,
        government: reading(government, half),
        society: reading(society, half),
        gap: Some(Reading {
            value: government - society,
            lower: government - society - half,
            upper: government - society + half,
            n: 200,
        }),
        one_sided: false,
        change: Some("较第一轮 +12.3 (−10.1 至 14.8)".to_owned()),
    }
}

fn span(label: &Label) -> Span {
    Span::from_left(label.x, label.width)
}

fn check(layout: &Layout, lines: &[Line]) {
    let mut floor = layout.axis;
    for (row, line) in layout.rows.iter().zip(lines) {
        let (government, society) = (&row.government.label, &row.society.label);
        let gap = row.gap.as_ref();
        assert_eq!(gap.is_some(), line.gap.is_some());
        for label in [government, society]
            .into_iter()
            .chain(gap.map(|gap| &gap.label))
        {
            assert!(label.x >= -0.01, "{label:?}");
            assert!(label.x + label.width <= layout.width + 0.01, "{label:?}");
            assert!(label.y > floor && label.y < layout.height, "{label:?}");
        }
        if (government.y - society.y).abs() < 8.0 {
            assert!(!span(government).touches(span(society)), "{row:?}");
        }
        // A label beside a mark leaves the mark and its whisker free.
        for lane in [&row.government, &row.society] {
            if let Some(reading) = lane.reading
                && (lane.label.y - lane.y).abs() < 8.0
            {
                let whisker = Span {
                    left: layout.scale.x(reading.lower),
                    right: layout.scale.x(reading.upper),
                };
                let label = span(&lane.label);
                let apart = label.right + MARGIN / 2.0 <= whisker.left
                    || whisker.right + MARGIN / 2.0 <= label.left;
                assert!(apart, "{:?} {row:?}", layout.width);
            }
        }
        if let Some(gap) = gap {
            assert!(gap.y > row.government.y && gap.y > row.society.y);
            floor = floor.max(gap.label.y);
        }
    }
}

#[test]
fn nothing_overlaps_whatever_the_readings_and_the_width() {
    for width in [
        288.0, 328.0, 360.0, 480.0, 600.0, 640.0, 768.0, 960.0, 1120.0, 1400.0,
    ] {
        for language in Language::ALL {
            for size in [Size::HEADLINE, Size::OTHERS] {
                for government in 0..=10 {
                    for society in 0..=10 {
                        for half in [0.5, 4.0, 20.0, 45.0] {
                            let (g, s) = (f64::from(government) * 10.0, f64::from(society) * 10.0);
                            let lines = [
                                line(Unit::Percent, g, s, half),
                                line(Unit::Degrees, g, s, half),
                                line(Unit::Percent, s, g, half),
                            ];
                            let picture = layout(&lines, width, 90.0, 0.95, size, language);
                            check(&picture, &lines);
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn a_side_without_data_says_so_and_has_no_mark() {
    let lines = [Line {
        government: None,
        gap: None,
        ..line(Unit::Percent, 90.0, 50.0, 3.0)
    }];
    let picture = layout(&lines, 960.0, 90.0, 0.95, Size::HEADLINE, Language::Chinese);
    let row = &picture.rows[0];
    assert_eq!(row.government.reading, None);
    assert_eq!(row.government.label.parts, ["政府", "暂无数据"]);
    assert!(row.gap.is_none());
    check(&picture, &lines);
}

#[test]
fn the_first_line_names_the_level_and_only_the_first() {
    let lines = [
        line(Unit::Degrees, 90.0, 50.0, 3.0),
        line(Unit::Percent, 90.0, 50.0, 3.0),
    ];
    let picture = layout(&lines, 960.0, 90.0, 0.95, Size::HEADLINE, Language::Chinese);
    assert_eq!(
        picture.rows[0].government.label.parts,
        ["政府", "90.0°", "(95% 区间 87.0–93.0)"]
    );
    assert_eq!(
        picture.rows[1].government.label.parts,
        ["政府", "90.0%", "(87.0–93.0)"]
    );
}

#[test]
fn no_number_breaks_the_picture() {
    let odd = Some(Reading {
        value: f64::NAN,
        lower: f64::NEG_INFINITY,
        upper: f64::INFINITY,
        n: 0,
    });
    let lines = [Line {
        government: odd,
        society: odd,
        gap: odd,
        ..line(Unit::Percent, 0.0, 0.0, 0.0)
    }];
    for width in [0.0, f64::NAN, 1e9] {
        let picture = layout(
            &lines,
            width,
            f64::NAN,
            0.95,
            Size::OTHERS,
            Language::English,
        );
        assert!(picture.height.is_finite());
    }
    let empty = layout(&[], 960.0, 90.0, 0.95, Size::HEADLINE, Language::Chinese);
    assert!(empty.rows.is_empty());
}
