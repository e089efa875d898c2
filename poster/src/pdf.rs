//! Pages as one PDF, with those glyphs of the fonts embedded that are used, and text that can be
//! searched and copied.

use crate::Fault;
use crate::font::{Face, Fonts};
use crate::page::{Area, Ink, Mark, Page};
use krilla::Document;
use krilla::color::{luma, rgb};
use krilla::geom::{Path, PathBuilder, Point, Rect};
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::paint::{Fill, Paint};
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph, Tag};

/// Points to a millimetre.
const POINTS: f32 = 72.0 / 25.4;

/// Draws pages into one document, which is called `title`.
///
/// # Errors
/// [`Fault::NoFont`] and [`Fault::Pdf`].
pub fn pdf(pages: &[Page], title: &str, fonts: &Fonts) -> Result<Vec<u8>, Fault> {
    let faces = [embedded(&fonts.regular)?, embedded(&fonts.bold)?];
    let mut document = Document::new();
    document.set_metadata(
        Metadata::new()
            .title(title.to_owned())
            .language("zh-CN".to_owned())
            .creator("Wendu".to_owned()),
    );
    for page in pages {
        let (width, height) = page.size.millimetres();
        let settings = PageSettings::from_wh(width * POINTS, height * POINTS)
            .ok_or_else(|| Fault::Pdf("a page without a size".to_owned()))?;
        let mut sheet = document.start_page_with(settings);
        let mut surface = sheet.surface();
        for mark in &page.marks {
            draw(mark, &mut surface, fonts, &faces);
        }
        surface.finish();
        sheet.finish();
    }
    document
        .finish()
        .map_err(|error| Fault::Pdf(format!("{error:?}")))
}

fn embedded(face: &Face) -> Result<Font, Fault> {
    let weight = face.weight().map(|weight| (Tag::new(b"wght"), weight));
    Font::new_variable(face.data().clone().into(), face.index(), weight.as_slice())
        .ok_or(Fault::NoFont)
}

fn draw(mark: &Mark, surface: &mut Surface<'_>, fonts: &Fonts, [regular, bold]: &[Font; 2]) {
    match mark {
        Mark::Bar(area, ink) => fill(surface, *ink, path([*area])),
        Mark::Code(area, code) => {
            let runs = code.runs();
            let areas = runs.into_iter().map(|run| area.run(run, code.modules));
            fill(surface, Ink::Black, path(areas));
        }
        Mark::Text(line) => {
            let mut end = 0;
            let glyphs: Vec<KrillaGlyph> = fonts
                .face(line.weight)
                .glyphs(&line.text)
                .into_iter()
                .map(|glyph| {
                    let start = end;
                    end += glyph.character.len_utf8();
                    let id = GlyphId::new(glyph.id);
                    KrillaGlyph::new(id, glyph.advance, 0.0, 0.0, 0.0, start..end, None)
                })
                .collect();
            let font = match line.weight {
                crate::font::Weight::Regular => regular,
                crate::font::Weight::Bold => bold,
            };
            let start = Point::from_xy(line.area.x * POINTS, line.baseline * POINTS);
            surface.set_fill(Some(with(line.ink)));
            surface.draw_glyphs(
                start,
                &glyphs,
                font.clone(),
                &line.text,
                line.size * POINTS,
                false,
            );
        }
    }
}

fn fill(surface: &mut Surface<'_>, ink: Ink, path: Option<Path>) {
    if let Some(path) = path {
        surface.set_fill(Some(with(ink)));
        surface.draw_path(&path);
    }
}

fn path(areas: impl IntoIterator<Item = Area>) -> Option<Path> {
    let mut path = PathBuilder::new();
    for area in areas {
        let Area {
            x,
            y,
            width,
            height,
        } = area;
        let rect = Rect::from_xywh(x * POINTS, y * POINTS, width * POINTS, height * POINTS);
        if let Some(rect) = rect {
            path.push_rect(rect);
        }
    }
    path.finish()
}

/// Black is the printer's black alone, not a mixture of its colours.
fn with(ink: Ink) -> Fill {
    let paint: Paint = match ink {
        Ink::Black => luma::Color::black().into(),
        Ink::White => luma::Color::white().into(),
        Ink::Accent => rgb::Color::new(0x00, 0x72, 0xb2).into(),
    };
    Fill {
        paint,
        ..Fill::default()
    }
}
