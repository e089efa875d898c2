//! Posters for the sites of a campaign: a QR code, a sentence, an address to type.
//!
//! What a poster says is put together from the campaign and the questionnaire ([`Poster`]), laid
//! out once, in millimetres ([`Page`]), and drawn by two small drawers, [`svg`] and [`pdf`]. Pure:
//! fonts come in as bytes, finished files go out as bytes.
//!
//! | module | holds |
//! |---|---|
//! | [`link`] | the short link: where this server is, and what stands in the code |
//! | [`content`] | what a poster says |
//! | [`font`] | which characters a font has and how wide they are |
//! | [`wrap`] | lines that fit a width |
//! | [`code`] | the QR code's modules |
//! | [`page`] | what a laid-out poster is made of |
//! | [`mod@layout`] | where everything stands, in millimetres |
//! | [`mod@svg`], [`mod@pdf`] | the drawers |

pub mod code;
pub mod content;
mod flow;
pub mod font;
pub mod layout;
pub mod link;
pub mod page;
pub mod pdf;
pub mod svg;
pub mod wrap;

pub use content::Poster;
pub use font::{Face, Fonts};
pub use layout::layout;
pub use link::Address;
pub use page::{Page, Size};
pub use pdf::pdf;
pub use svg::svg;

/// Why a poster cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The fonts lack characters.
    #[error("the font has no glyph for {}", .0.iter().map(|c| format!("{c} (U+{:04X})", u32::from(*c))).collect::<Vec<_>>().join(", "))]
    Missing(Vec<char>),
    /// The bytes are no font that can be read.
    #[error("this is no OpenType font that can be read")]
    NoFont,
    /// An address too long for a code that a phone reads from a poster.
    #[error("the link {0} is too long for a QR code on a poster: use a shorter public address")]
    LinkTooLong(String),
    /// The PDF writer refused.
    #[error("the PDF could not be written: {0}")]
    Pdf(String),
}
