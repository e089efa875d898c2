//! Reading QR codes off finished pictures, as a phone would.

use std::path::Path;
use std::process::Command;

/// A picture in shades of grey, row by row.
pub struct Picture {
    width: usize,
    grey: Vec<u8>,
}

impl Picture {
    /// What is in the picture's codes.
    pub fn codes(&self) -> Vec<String> {
        let height = self.grey.len() / self.width;
        let mut prepared =
            rqrr::PreparedImage::prepare_from_greyscale(self.width, height, |x, y| {
                self.grey[y * self.width + x]
            });
        let grids = prepared.detect_grids();
        let read = |grid: &rqrr::Grid<_>| grid.decode().expect("a code that can be read").1;
        grids.iter().map(read).collect()
    }

    /// A screenshot.
    pub fn of_png(path: &Path) -> Picture {
        let file = std::io::BufReader::new(std::fs::File::open(path).expect("a picture"));
        let mut reader = png::Decoder::new(file).read_info().expect("a PNG");
        let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
        let frame = reader.next_frame(&mut pixels).expect("pixels");
        pixels.truncate(frame.buffer_size());
        let channels = frame.color_type.samples();
        Picture {
            width: frame.width as usize,
            // Green is most of what the eye sees of brightness.
            grey: pixels
                .chunks(channels)
                .map(|pixel| pixel[1.min(channels - 1)])
                .collect(),
        }
    }

    /// Every page of a PDF, drawn by poppler.
    pub fn of_pdf(path: &Path) -> Vec<Picture> {
        let folder = tempfile::TempDir::new().expect("a temporary folder");
        let drawn = Command::new("pdftoppm")
            .args(["-gray", "-r", "100"])
            .arg(path)
            .arg(folder.path().join("page"))
            .status()
            .expect("pdftoppm runs; `cargo xtask test` installs it");
        assert!(drawn.success());
        let mut pages: Vec<_> = std::fs::read_dir(folder.path())
            .expect("pages")
            .map(|entry| entry.expect("a page").path())
            .collect();
        pages.sort();
        pages
            .iter()
            .map(|page| Picture::of_pgm(&std::fs::read(page).expect("a page")))
            .collect()
    }

    /// A portable greymap: `P5`, width, height, 255, and the pixels.
    fn of_pgm(bytes: &[u8]) -> Picture {
        let mut parts = bytes.splitn(4, u8::is_ascii_whitespace);
        assert_eq!(parts.next(), Some(&b"P5"[..]));
        let number = |part: Option<&[u8]>| -> usize {
            let text = std::str::from_utf8(part.expect("a number")).expect("digits");
            text.parse().expect("a number")
        };
        let width = number(parts.next());
        let height = number(parts.next());
        let rest = parts.next().expect("pixels");
        Picture {
            width,
            grey: rest[rest.len() - width * height..].to_vec(),
        }
    }
}

/// The text of a PDF, as someone would copy it.
pub fn text_of_pdf(path: &Path) -> String {
    let output = Command::new("pdftotext")
        .arg(path)
        .arg("-")
        .output()
        .expect("pdftotext runs");
    String::from_utf8(output.stdout).expect("UTF-8")
}
