//! Lines that fit a width, broken where Chinese and Latin text may be (Unicode's rules), and
//! inside a word only where the word alone is wider than the line.

use crate::font::{Fonts, Glyph, Weight};
use unicode_linebreak::linebreaks;

/// How a text may be set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// The size that is wanted, in millimetres to the em.
    pub size: f32,
    /// The least size that can still be read.
    pub least: f32,
    /// How wide a line may be, in millimetres.
    pub width: f32,
    /// How many lines there may be.
    pub lines: usize,
}

/// Lines of one size.
#[derive(Debug, Clone, PartialEq)]
pub struct Set {
    /// In millimetres to the em.
    pub size: f32,
    /// The lines, without blanks at their ends.
    pub lines: Vec<String>,
}

/// Sets a text as large as its limits allow: first smaller, then, at the least size, with the
/// rest left out and an ellipsis in its place.
pub fn set(text: &str, weight: Weight, limits: Limits, fonts: &Fonts) -> Set {
    let glyphs = fonts.face(weight).glyphs(text);
    let places = places(text);
    let mut size = limits.size;
    loop {
        let width = limits.width / size;
        let lines = lines(&glyphs, &places, width);
        let fits = lines.len() <= limits.lines;
        if fits || size <= limits.least {
            let mut texts: Vec<String> = lines.iter().map(|line| spelled(line)).collect();
            if !fits {
                texts.truncate(limits.lines);
                if let Some(last) = texts.last_mut() {
                    shorten(last, weight, width, fonts);
                }
            }
            return Set { size, lines: texts };
        }
        size = (size * 0.96).max(limits.least);
    }
}

/// After how many characters a line may end; the last place is the text's end.
fn places(text: &str) -> Vec<usize> {
    let mut characters = 0;
    let mut from = 0;
    linebreaks(text)
        .map(|(to, _)| {
            characters += text.get(from..to).map_or(0, |piece| piece.chars().count());
            from = to;
            characters
        })
        .collect()
}

/// Breaks glyphs into lines of at most `width` ems, each as full as it can be.
fn lines<'g>(glyphs: &'g [Glyph], places: &[usize], width: f32) -> Vec<&'g [Glyph]> {
    let between = |from: usize, to: usize| trimmed(glyphs.get(from..to).unwrap_or_default());
    let fits = |from: usize, to: usize| extent(between(from, to)) <= width;
    let mut lines = Vec::new();
    let (mut start, mut end) = (0, 0);
    for &place in places {
        if !fits(start, place) && end > start {
            lines.push(between(start, end));
            start = end;
        }
        // A word that is wider than a line is broken anywhere.
        while !fits(start, place) && place - start > 1 {
            let mut cut = start + 1;
            while fits(start, cut + 1) {
                cut += 1;
            }
            lines.push(between(start, cut));
            start = cut;
        }
        end = place;
    }
    lines.push(between(start, end));
    lines.retain(|line| !line.is_empty());
    lines
}

fn extent(glyphs: &[Glyph]) -> f32 {
    glyphs.iter().map(|glyph| glyph.advance).sum()
}

fn spelled(glyphs: &[Glyph]) -> String {
    glyphs.iter().map(|glyph| glyph.character).collect()
}

/// Without blanks at the end.
fn trimmed(glyphs: &[Glyph]) -> &[Glyph] {
    let blank = |glyph: &Glyph| glyph.character.is_whitespace();
    let length = glyphs.iter().rposition(|glyph| !blank(glyph));
    glyphs
        .get(..length.map_or(0, |last| last + 1))
        .unwrap_or_default()
}

fn shorten(line: &mut String, weight: Weight, width: f32, fonts: &Fonts) {
    while !line.is_empty() && fonts.width(&format!("{line}…"), weight) > width {
        line.pop();
    }
    line.truncate(line.trim_end().len());
    line.push('…');
}
