//! Text blocks below one another, measured before they are placed.

use crate::font::{Fonts, Weight};
use crate::page::{Area, Ink, Line, Mark};
use crate::wrap::{Limits, Set, set};

/// From one baseline to the next, in ems.
const LEADING: f32 = 1.28;
/// From the top of a line to its baseline, in ems.
const BASELINE: f32 = 0.97;
/// How far characters rise above the baseline and hang below it, in ems.
const ASCENT: f32 = 0.88;
const DESCENT: f32 = 0.24;
/// No text is set smaller, in millimetres on A5: six points.
const LEAST: f32 = 2.1;

/// How a block of text is wanted.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Millimetres to the em.
    pub size: f32,
    /// How strong.
    pub weight: Weight,
    /// The most lines.
    pub lines: usize,
}

/// One thing in a stack.
enum Piece {
    Text(Set, Weight),
    Gap(f32),
    Rule(f32),
}

/// Texts, gaps and rules from top to bottom in a column of one width.
pub struct Stack<'f> {
    fonts: &'f Fonts,
    width: f32,
    scale: f32,
    pieces: Vec<Piece>,
}

impl<'f> Stack<'f> {
    /// An empty column. Sizes and gaps that go in are multiplied by `scale`.
    pub fn new(fonts: &'f Fonts, width: f32, scale: f32) -> Self {
        Stack {
            fonts,
            width,
            scale,
            pieces: Vec::new(),
        }
    }

    /// Adds a text; an empty one adds nothing.
    pub fn text(mut self, text: &str, style: Style) -> Self {
        if !text.is_empty() {
            let set = fitted(text, style, self.width, self.scale, self.fonts);
            self.pieces.push(Piece::Text(set, style.weight));
        }
        self
    }

    /// Adds a gap.
    pub fn gap(mut self, height: f32) -> Self {
        self.pieces.push(Piece::Gap(height * self.scale));
        self
    }

    /// Adds a line across the column.
    pub fn rule(mut self, thickness: f32) -> Self {
        self.pieces.push(Piece::Rule(thickness));
        self
    }

    /// How high it is.
    pub fn height(&self) -> f32 {
        self.pieces.iter().map(Piece::height).sum()
    }

    /// Places it with its upper left corner at a point.
    pub fn place(self, x: f32, y: f32, ink: Ink, marks: &mut Vec<Mark>) {
        let mut top = y;
        for piece in self.pieces {
            let height = piece.height();
            match piece {
                Piece::Gap(_) => {}
                Piece::Rule(thickness) => marks.push(Mark::Bar(
                    Area::new(x, top, self.width, thickness),
                    Ink::Black,
                )),
                Piece::Text(set, weight) => {
                    for (number, text) in (0_u8..).zip(set.lines) {
                        let line_top = top + f32::from(number) * LEADING * set.size;
                        marks.push(line(text, x, line_top, set.size, weight, ink, self.fonts));
                    }
                }
            }
            top += height;
        }
    }
}

impl Piece {
    fn height(&self) -> f32 {
        match self {
            Piece::Text(set, _) => set.lines.iter().map(|_| LEADING * set.size).sum(),
            Piece::Gap(height) | Piece::Rule(height) => *height,
        }
    }
}

/// How wide a text would be on one line.
pub fn extent(text: &str, style: Style, scale: f32, fonts: &Fonts) -> f32 {
    fonts.width(text, style.weight) * style.size * scale
}

fn fitted(text: &str, style: Style, width: f32, scale: f32, fonts: &Fonts) -> Set {
    let size = style.size * scale;
    let limits = Limits {
        size,
        least: (size * 0.55).max(LEAST).min(size),
        width,
        lines: style.lines,
    };
    set(text, style.weight, limits, fonts)
}

fn line(
    text: String,
    x: f32,
    top: f32,
    size: f32,
    weight: Weight,
    ink: Ink,
    fonts: &Fonts,
) -> Mark {
    let width = fonts.width(&text, weight) * size;
    let baseline = top + BASELINE * size;
    Mark::Text(Line {
        area: Area::new(
            x,
            baseline - ASCENT * size,
            width,
            (ASCENT + DESCENT) * size,
        ),
        baseline,
        size,
        weight,
        ink,
        text,
    })
}
