//! Which characters a font has and how wide they are. Text is set character by character: right
//! for Chinese and for Latin letters, and without a shaping engine.

use crate::Fault;
use skrifa::instance::{Location, Size};
use skrifa::raw::types::Tag;
use skrifa::{FontRef, GlyphId, MetadataProvider};
use std::collections::BTreeSet;
use std::sync::Arc;

/// One face of a font, from the bytes of its file.
#[derive(Clone)]
pub struct Face {
    data: Arc<Vec<u8>>,
    index: u32,
    /// The weight that is asked of a variable font; a fixed one has its own.
    weight: Option<f32>,
}

/// Normal or strong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Running text.
    Regular,
    /// What is read first.
    Bold,
}

/// The two faces with which a poster is set.
#[derive(Clone)]
pub struct Fonts {
    /// For running text.
    pub regular: Face,
    /// For what is read first; may be the same face.
    pub bold: Face,
}

/// A character as it is set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glyph {
    /// The character.
    pub character: char,
    /// Its number in the font.
    pub id: u32,
    /// How far it moves the pen, in ems.
    pub advance: f32,
}

const WEIGHT_AXIS: Tag = Tag::new(b"wght");

impl Face {
    /// The face at an index of a file (0 but for collections).
    ///
    /// # Errors
    /// [`Fault::NoFont`] if the bytes cannot be read as one.
    pub fn new(data: Arc<Vec<u8>>, index: u32, weight: Weight) -> Result<Face, Fault> {
        let font = FontRef::from_index(&data, index).map_err(|_| Fault::NoFont)?;
        if !font.charmap().has_map() {
            return Err(Fault::NoFont);
        }
        let wanted = match weight {
            Weight::Regular => 400.0,
            Weight::Bold => 700.0,
        };
        let weight = font
            .axes()
            .get_by_tag(WEIGHT_AXIS)
            .map(|axis| f32::clamp(wanted, axis.min_value(), axis.max_value()));
        Ok(Face {
            data,
            index,
            weight,
        })
    }

    /// The bytes of the whole file.
    pub fn data(&self) -> &Arc<Vec<u8>> {
        &self.data
    }

    /// Which face of the file it is.
    pub fn index(&self) -> u32 {
        self.index
    }

    /// Where it stands on the weight axis, if it has one.
    pub fn weight(&self) -> Option<f32> {
        self.weight
    }

    /// Those of the characters for which it has no glyph.
    pub fn missing(&self, characters: &BTreeSet<char>) -> Vec<char> {
        let Some(font) = self.read() else {
            return characters.iter().copied().collect();
        };
        let map = font.charmap();
        let has = |c: &char| map.map(*c).is_some_and(|glyph| glyph != GlyphId::NOTDEF);
        characters.iter().copied().filter(|c| !has(c)).collect()
    }

    /// A text as glyphs, in its order.
    pub fn glyphs(&self, text: &str) -> Vec<Glyph> {
        let Some(font) = self.read() else {
            return Vec::new();
        };
        let location = match self.weight {
            Some(weight) => font.axes().location([(WEIGHT_AXIS, weight)]),
            None => Location::default(),
        };
        let map = font.charmap();
        let metrics = font.glyph_metrics(Size::new(1.0), &location);
        text.chars()
            .map(|character| {
                let id = map.map(character).unwrap_or(GlyphId::NOTDEF);
                Glyph {
                    character,
                    id: id.to_u32(),
                    advance: metrics.advance_width(id).unwrap_or(1.0),
                }
            })
            .collect()
    }

    fn read(&self) -> Option<FontRef<'_>> {
        FontRef::from_index(&self.data, self.index).ok()
    }
}

impl Fonts {
    /// The face of a weight.
    pub fn face(&self, weight: Weight) -> &Face {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }

    /// How wide a text is, in ems.
    pub fn width(&self, text: &str, weight: Weight) -> f32 {
        self.face(weight)
            .glyphs(text)
            .iter()
            .map(|g| g.advance)
            .sum()
    }

    /// Those of the characters that one of the faces lacks.
    pub fn missing(&self, characters: &BTreeSet<char>) -> Vec<char> {
        let mut missing = self.regular.missing(characters);
        missing.extend(self.bold.missing(characters));
        missing.sort_unstable();
        missing.dedup();
        missing
    }
}
