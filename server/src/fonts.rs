//! Fonts to draw posters with: one that the operator names, or one of the system's.

use fontdb::{Database, FaceInfo, Source, Style, Weight};
use poster::{Face, Fonts, font};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Simplified Chinese sans-serif families, the first that has every character is taken.
const FAMILIES: [&str; 11] = [
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "思源黑体",
    "思源黑体 CN",
    "PingFang SC",
    "Microsoft YaHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Droid Sans Fallback",
];

/// Why no font can be used.
#[derive(Debug, thiserror::Error)]
pub enum FontError {
    /// The named file cannot be read.
    #[error("font: {path}: {why}")]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// There is none with these characters.
    #[error(
        "no font here has all characters of the poster; missing: {}. Install one that has them \
         (apt install fonts-noto-cjk) or name one with --font FILE", listed(.0)
    )]
    Missing(Vec<char>),
}

/// How many missing characters are named.
const NAMED: usize = 20;

fn listed(missing: &[char]) -> String {
    let mut text = missing
        .iter()
        .take(NAMED)
        .map(|c| format!("{c} (U+{:04X})", u32::from(*c)))
        .collect::<Vec<_>>()
        .join(", ");
    if missing.len() > NAMED {
        text.push_str(&format!(" and {} more", missing.len() - NAMED));
    }
    text
}

/// Fonts that have all `characters`. Reads whole files: not for an asynchronous thread.
///
/// # Errors
/// [`FontError`], with the remedy.
pub fn find(named: Option<&Path>, characters: &BTreeSet<char>) -> Result<Fonts, FontError> {
    let mut database = Database::new();
    match named {
        Some(path) => database
            .load_font_file(path)
            .map_err(|error| unreadable(path, &error))?,
        None => database.load_system_fonts(),
    }
    let mut fewest: Vec<char> = characters.iter().copied().collect();
    for family in candidates(&database, named.is_some()) {
        let fonts = match load(&family, named) {
            Ok(fonts) => fonts,
            // A broken file among the system's is not the end; the next may do.
            Err(error) if named.is_none() => {
                tracing::warn!(%error, "a font is left out");
                continue;
            }
            Err(error) => return Err(error),
        };
        let missing = fonts.missing(characters);
        if missing.is_empty() {
            return Ok(fonts);
        }
        if missing.len() < fewest.len() {
            fewest = missing;
        }
    }
    Err(FontError::Missing(fewest))
}

/// The upright faces of a family.
type Family<'d> = Vec<&'d FaceInfo>;

/// The families to try, the best first; of a file that was named, whatever is in it.
fn candidates(database: &Database, any: bool) -> Vec<Family<'_>> {
    let upright = |face: &&FaceInfo| face.style == Style::Normal;
    let of = |family: &str| -> Family<'_> {
        let named = |face: &&FaceInfo| face.families.iter().any(|(name, _)| name == family);
        database.faces().filter(upright).filter(named).collect()
    };
    let mut families: Vec<Family<'_>> = FAMILIES.iter().map(|family| of(family)).collect();
    if any {
        families.extend(database.faces().map(|face| vec![face]));
    }
    families.retain(|family| !family.is_empty());
    families
}

fn load(family: &[&FaceInfo], named: Option<&Path>) -> Result<Fonts, FontError> {
    let nearest = |wanted: Weight| {
        family
            .iter()
            .min_by_key(|face| face.weight.0.abs_diff(wanted.0))
    };
    let path = named.unwrap_or(Path::new("the system's fonts"));
    let (Some(regular), Some(bold)) = (nearest(Weight::NORMAL), nearest(Weight::BOLD)) else {
        return Err(unreadable(path, &"there is no face in it"));
    };
    let data = read(regular)?;
    let bold_data = if regular.id == bold.id {
        Arc::clone(&data)
    } else {
        read(bold)?
    };
    let face = |data, info: &FaceInfo, weight| {
        Face::new(data, info.index, weight).map_err(|error| unreadable(path, &error))
    };
    Ok(Fonts {
        regular: face(data, regular, font::Weight::Regular)?,
        bold: face(bold_data, bold, font::Weight::Bold)?,
    })
}

fn read(face: &FaceInfo) -> Result<Arc<Vec<u8>>, FontError> {
    match &face.source {
        Source::File(path) | Source::SharedFile(path, _) => std::fs::read(path)
            .map(Arc::new)
            .map_err(|error| unreadable(path, &error)),
        Source::Binary(bytes) => Ok(Arc::new(bytes.as_ref().as_ref().to_vec())),
    }
}

fn unreadable(path: &Path, why: &dyn std::fmt::Display) -> FontError {
    FontError::File {
        path: path.to_owned(),
        why: why.to_string(),
    }
}
