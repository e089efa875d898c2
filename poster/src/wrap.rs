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

/// How much smaller a text may become only to save a line, as a share of the size that is wanted.
const TO_SAVE_A_LINE: f32 = 0.7;

/// Sets a text as large as its limits allow: a little smaller on fewer lines rather than larger
/// on more; then, at the least size, with the rest left out and an ellipsis in its place.
pub fn set(text: &str, weight: Weight, limits: Limits, fonts: &Fonts) -> Set {
    let glyphs = fonts.face(weight).glyphs(text);
    let places = places(text);
    for most in 1..=limits.lines {
        let least = if most == limits.lines {
            limits.least
        } else {
            limits.least.max(limits.size * TO_SAVE_A_LINE)
        };
        let mut size = limits.size;
        loop {
            let width = limits.width / size;
            if lines(&glyphs, &places, width).len() <= most {
                let lines = balanced(&glyphs, &places, width, most);
                return Set { size, lines };
            }
            if size <= least {
                break;
            }
            size = (size * 0.96).max(least);
        }
    }
    let width = limits.width / limits.least;
    let lines = lines(&glyphs, &places, width);
    let mut lines: Vec<String> = lines.into_iter().map(spelled).collect();
    lines.truncate(limits.lines);
    if let Some(last) = lines.last_mut() {
        shorten(last, weight, width, fonts);
    }
    Set {
        size: limits.least,
        lines,
    }
}

/// Lines of about the same length, no more of them than `most`: no single character stands alone
/// on the last.
fn balanced(glyphs: &[Glyph], places: &[usize], width: f32, most: usize) -> Vec<String> {
    // Never so narrow that a word which fits is broken for it.
    let starts = std::iter::once(&0).chain(places);
    let words = starts.zip(places).map(|(from, to)| glyphs.get(*from..*to));
    let widest = words
        .map(|word| extent(trimmed(word.unwrap_or_default())))
        .filter(|word| *word <= width)
        .fold(0.0, f32::max);
    let narrower = (10_u8..20)
        .map(|twentieths| width * f32::from(twentieths) / 20.0)
        .filter(|narrower| *narrower >= widest);
    let enough = lines(glyphs, places, width);
    let even = narrower
        .map(|width| lines(glyphs, places, width))
        .find(|lines| lines.len() <= most.min(enough.len()));
    even.unwrap_or(enough).into_iter().map(spelled).collect()
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
