//! What a laid-out poster is made of: lines of text, bars and a code, in millimetres from the
//! sheet's upper left corner.

use crate::code::{Code, Run};
use crate::font::Weight;

/// A sheet of paper, upright.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Size {
    /// 210 × 297 mm.
    #[default]
    A4,
    /// 148 × 210 mm.
    A5,
}

impl Size {
    /// The size of a name, in small or capital letters.
    pub fn parse(name: &str) -> Option<Size> {
        [Size::A4, Size::A5]
            .into_iter()
            .find(|size| size.name().eq_ignore_ascii_case(name))
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Size::A4 => "A4",
            Size::A5 => "A5",
        }
    }

    /// Width and height in millimetres.
    pub fn millimetres(self) -> (f32, f32) {
        match self {
            Size::A4 => (210.0, 297.0),
            Size::A5 => (148.0, 210.0),
        }
    }
}

/// A rectangle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    /// Its left edge.
    pub x: f32,
    /// Its upper edge.
    pub y: f32,
    /// Its width.
    pub width: f32,
    /// Its height.
    pub height: f32,
}

/// With what something is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// Black.
    Black,
    /// The paper's white, on black.
    White,
    /// The one accent.
    Accent,
}

/// One line of text.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// What it covers, with room for everything that rises or hangs.
    pub area: Area,
    /// Where its characters stand.
    pub baseline: f32,
    /// Millimetres to the em.
    pub size: f32,
    /// How strong.
    pub weight: Weight,
    /// With what.
    pub ink: Ink,
    /// The text.
    pub text: String,
}

/// Something on the sheet.
#[derive(Debug, Clone, PartialEq)]
pub enum Mark {
    /// A line of text.
    Text(Line),
    /// A filled rectangle.
    Bar(Area, Ink),
    /// The QR code, without its quiet zone.
    Code(Area, Code),
}

/// A poster, laid out.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The sheet.
    pub size: Size,
    /// What it is, for whoever lists or reads out the file.
    pub title: String,
    /// Everything on it, the lowest first.
    pub marks: Vec<Mark>,
}

impl Area {
    pub(crate) fn new(x: f32, y: f32, width: f32, height: f32) -> Area {
        Area {
            x,
            y,
            width,
            height,
        }
    }

    pub(crate) fn scaled(self, by: f32) -> Area {
        Area::new(self.x * by, self.y * by, self.width * by, self.height * by)
    }

    /// A run of modules, where the code is here.
    pub fn run(&self, (x, y, length): Run, modules: usize) -> Area {
        let module = self.width / count(modules);
        Area::new(
            self.x + count(x) * module,
            self.y + count(y) * module,
            count(length) * module,
            module,
        )
    }
}

impl Mark {
    pub(crate) fn scaled(self, by: f32) -> Mark {
        match self {
            Mark::Text(line) => Mark::Text(Line {
                area: line.area.scaled(by),
                baseline: line.baseline * by,
                size: line.size * by,
                ..line
            }),
            Mark::Bar(area, ink) => Mark::Bar(area.scaled(by), ink),
            Mark::Code(area, code) => Mark::Code(area.scaled(by), code),
        }
    }
}

/// A count of modules, as a length in modules.
pub(crate) fn count(n: usize) -> f32 {
    u16::try_from(n).map_or(f32::MAX, f32::from)
}
