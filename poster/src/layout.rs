//! Where everything stands, in millimetres from the sheet's upper left corner.
//!
//! One grid: a left edge that everything shares, the code as large as the texts leave room for,
//! the three facts beside it. Black on white, one bar in the accent's colour, so that any office
//! printer prints it. A4 is A5 seen through a magnifying glass.

use crate::code::{Code, QUIET};
use crate::content::{Bilingual, Poster};
use crate::flow::{Stack, Style, extent};
use crate::font::{Fonts, Weight};
use crate::page::{Area, Ink, Mark, Page, Size, count};
use crate::{Fault, link};

/// The sheet on which the layout is thought out, and its margin.
const WIDTH: f32 = 148.0;
const MARGIN: f32 = 12.0;
/// The code's side: no larger than looks well, and texts shrink before it is smaller than this.
const LARGEST: f32 = 76.0;
const SMALLEST: f32 = 54.0;
/// By how much texts are made smaller, one after the other, until the code has its room.
const SCALES: [f32; 6] = [1.0, 0.92, 0.84, 0.76, 0.68, 0.6];

/// Lays a poster out.
///
/// # Errors
/// [`Fault::Missing`] if the fonts lack characters, [`Fault::LinkTooLong`].
pub fn layout(poster: &Poster, size: Size, fonts: &Fonts) -> Result<Page, Fault> {
    let missing = fonts.missing(&poster.characters());
    if !missing.is_empty() {
        return Err(Fault::Missing(missing));
    }
    let code = Code::of(&poster.link)?;
    let (width, height) = size.millimetres();
    let by = width / WIDTH;
    let mut marks = Vec::new();
    for scale in SCALES {
        let side;
        (marks, side) = arrange(poster, &code, height / by, scale, fonts);
        if side >= SMALLEST {
            break;
        }
    }
    Ok(Page {
        size,
        title: format!(
            "{} · {} {}",
            poster.title.chinese, poster.code, poster.name.chinese
        ),
        marks: marks.into_iter().map(|mark| mark.scaled(by)).collect(),
    })
}

const fn bold(size: f32, lines: usize) -> Style {
    Style {
        size,
        weight: Weight::Bold,
        lines,
    }
}

const fn regular(size: f32, lines: usize) -> Style {
    Style {
        size,
        weight: Weight::Regular,
        lines,
    }
}

/// Everything on a sheet of A5 proportions, and the code's side.
fn arrange(
    poster: &Poster,
    code: &Code,
    height: f32,
    scale: f32,
    fonts: &Fonts,
) -> (Vec<Mark>, f32) {
    let measure = WIDTH - 2.0 * MARGIN;
    let mut marks = Vec::new();
    let y = banner(poster, measure, fonts, &mut marks);

    let invitation = Poster::invitation();
    let head = Stack::new(fonts, measure, scale)
        .text(&both(&poster.office), regular(3.9, 2))
        .gap(7.0)
        .text(&poster.title.chinese, bold(7.0, 2))
        .text(&poster.title.english, regular(4.0, 2))
        .gap(6.0)
        .text(&invitation.chinese, bold(13.2, 1))
        .text(&invitation.english, regular(5.0, 1));
    let head_end = y + head.height();
    head.place(MARGIN, y, Ink::Black, &mut marks);

    let site_top = site(poster, measure, height - MARGIN, scale, fonts, &mut marks);
    let foot = Stack::new(fonts, measure, scale)
        .text(&both(&Poster::typing()), regular(3.3, 1))
        .text(link::typed(&poster.link), bold(6.4, 3))
        .gap(4.5);
    let foot_top = site_top - foot.height();
    foot.place(MARGIN, foot_top, Ink::Black, &mut marks);

    let modules = count(code.modules);
    let quiet = count(QUIET) / modules;
    let side = ((foot_top - head_end) / (1.0 + 2.0 * quiet))
        .min(LARGEST)
        .min(MARGIN / quiet)
        .max(0.0);
    let top = (head_end + foot_top - side) / 2.0;
    let area = Area::new(MARGIN, top, side, side);
    marks.push(Mark::Code(area, code.clone()));
    facts(poster, area, side * quiet, scale, fonts, &mut marks);
    (marks, side)
}

/// The bar on top, or the warning in its place. Returns where the rest begins.
fn banner(poster: &Poster, measure: f32, fonts: &Fonts, marks: &mut Vec<Mark>) -> f32 {
    if !poster.trial {
        marks.push(Mark::Bar(
            Area::new(MARGIN, MARGIN, measure, 1.6),
            Ink::Accent,
        ));
        return MARGIN + 1.6 + 3.0;
    }
    let warning = Poster::warning();
    let band = Area::new(MARGIN, MARGIN, measure, 10.0);
    marks.push(Mark::Bar(band, Ink::Black));
    let text = Stack::new(fonts, measure - 6.0, 1.0).text(&both(&warning), bold(5.0, 1));
    let top = band.y + (band.height - text.height()) / 2.0;
    text.place(MARGIN + 3.0, top, Ink::White, marks);
    band.y + band.height + 3.0
}

/// The three facts beside the code, a line above each, as high together as the code.
fn facts(
    poster: &Poster,
    code: Area,
    quiet: f32,
    scale: f32,
    fonts: &Fonts,
    marks: &mut Vec<Mark>,
) {
    let x = code.x + code.width + quiet;
    let width = WIDTH - MARGIN - x;
    for (number, fact) in (0_u8..).zip(poster.facts()) {
        let top = code.y + f32::from(number) * code.height / 3.0;
        Stack::new(fonts, width, scale)
            .rule(0.35)
            .gap(2.2)
            .text(&fact.chinese, bold(6.2, 1))
            .text(&fact.english, regular(3.2, 2))
            .place(x, top, Ink::Black, marks);
    }
}

/// Which place it is, and the fields of the statistics law, upwards from `bottom`. Returns where
/// it begins.
fn site(
    poster: &Poster,
    measure: f32,
    bottom: f32,
    scale: f32,
    fonts: &Fonts,
    marks: &mut Vec<Mark>,
) -> f32 {
    let gutter = 4.0;
    let style = bold(5.4, 2);
    let code_width = extent(&poster.code, style, scale, fonts).min(measure / 3.0);
    let code = Stack::new(fonts, code_width + 0.1, scale).text(&poster.code, style);
    let name =
        Stack::new(fonts, measure - code_width - gutter, scale).text(&poster.name.chinese, style);
    let words = [
        &poster.kind.chinese,
        &poster.name.english,
        &poster.kind.english,
    ];
    let words: Vec<&str> = words
        .into_iter()
        .map(String::as_str)
        .filter(|w| !w.is_empty())
        .collect();
    let mut below = Stack::new(fonts, measure, scale).text(&words.join(" · "), regular(3.4, 2));
    if !poster.approval.is_empty() {
        below = below.gap(2.5);
    }
    let half = (measure - gutter) / 2.0;
    let rows: Vec<Vec<Stack<'_>>> = poster
        .approval
        .chunks(2)
        .map(|row| {
            let cell = |field: &String| Stack::new(fonts, half, scale).text(field, regular(2.5, 2));
            row.iter().map(cell).collect()
        })
        .collect();

    let rule = Stack::new(fonts, measure, scale).rule(0.35).gap(2.5);
    let first = name.height().max(code.height());
    let total: f32 = rows.iter().map(|row| tallest(row)).sum();
    let start = bottom - total - below.height() - first - rule.height();
    let mut y = start + rule.height();
    rule.place(MARGIN, start, Ink::Black, marks);
    name.place(MARGIN, y, Ink::Black, marks);
    code.place(MARGIN + measure - code_width, y, Ink::Black, marks);
    y += first;
    let height = below.height();
    below.place(MARGIN, y, Ink::Black, marks);
    y += height;
    for row in rows {
        let height = tallest(&row);
        for (number, cell) in (0_u8..).zip(row) {
            let x = MARGIN + f32::from(number) * (half + gutter);
            cell.place(x, y, Ink::Black, marks);
        }
        y += height;
    }
    start
}

fn tallest(row: &[Stack<'_>]) -> f32 {
    row.iter().map(Stack::height).fold(0.0, f32::max)
}

/// Both languages on one line.
fn both(text: &Bilingual) -> String {
    if text.english.is_empty() {
        text.chinese.clone()
    } else {
        format!("{} · {}", text.chinese, text.english)
    }
}
