//! The QR code's modules.

use crate::Fault;
use qrcode::{Color, EcLevel, QrCode};

/// White modules that must surround the code, on every side.
pub const QUIET: usize = 4;

/// A link longer than this makes modules so small that phones read them from near only.
const LONGEST: usize = 300;
/// Up to this length a quarter of the code may be dirty or torn, beyond it a seventh.
const LONGEST_QUARTILE: usize = 120;

/// A square of dark and light modules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// How many modules it has on a side.
    pub modules: usize,
    dark: Vec<bool>,
}

/// Dark modules side by side: column, row, how many.
pub type Run = (usize, usize, usize);

impl Code {
    /// The code that holds a link.
    ///
    /// # Errors
    /// [`Fault::LinkTooLong`].
    pub fn of(link: &str) -> Result<Code, Fault> {
        let level = if link.len() <= LONGEST_QUARTILE {
            EcLevel::Q
        } else {
            EcLevel::M
        };
        let code = QrCode::with_error_correction_level(link, level)
            .ok()
            .filter(|_| link.len() <= LONGEST)
            .ok_or_else(|| Fault::LinkTooLong(link.to_owned()))?;
        Ok(Code {
            modules: code.width(),
            dark: code
                .into_colors()
                .into_iter()
                .map(|color| color == Color::Dark)
                .collect(),
        })
    }

    /// Every run of dark modules, row by row: fewer pieces to draw, and no seams inside a row.
    pub fn runs(&self) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        for (y, row) in self.dark.chunks(self.modules.max(1)).enumerate() {
            for (x, _) in row.iter().enumerate().filter(|(_, dark)| **dark) {
                match runs.last_mut() {
                    Some((from, line, length)) if *line == y && *from + *length == x => {
                        *length += 1
                    }
                    _ => runs.push((x, y, 1)),
                }
            }
        }
        runs
    }
}
