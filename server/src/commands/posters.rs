//! `wendu posters`.

use super::{Ended, open};
use crate::config::{DatabaseArgs, PublicArgs};
use crate::posters::{self, File, Order, Places};
use clap::ValueEnum;
use poster::{Address, Size};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Which posters, and where to.
#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("places").required(true)))]
pub struct Args {
    /// Posters of these sites: S001,S002
    #[arg(long, value_name = "CODES", value_delimiter = ',', group = "places")]
    sites: Vec<String>,
    /// Posters of all sites in a township or community
    #[arg(long, value_name = "CODE", group = "places")]
    area: Option<String>,
    /// Posters of all sites
    #[arg(long, group = "places")]
    all: bool,
    /// The paper
    #[arg(long, value_enum, default_value = "a4")]
    size: Paper,
    /// One PDF with a page for each site, or an SVG for each
    #[arg(long, value_enum, default_value = "pdf")]
    format: Format,
    /// A file, or a folder in which every file gets a name of its own
    #[arg(long, value_name = "FILE|FOLDER", default_value = ".")]
    out: PathBuf,
    /// The questionnaire to which the posters lead
    #[arg(long, value_name = "ID", default_value = poster::link::GENERAL)]
    questionnaire: String,
    #[command(flatten)]
    public: PublicArgs,
    #[command(flatten)]
    database: DatabaseArgs,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Paper {
    A4,
    A5,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Pdf,
    Svg,
}

impl Format {
    fn extension(self) -> &'static str {
        match self {
            Format::Pdf => "pdf",
            Format::Svg => "svg",
        }
    }
}

pub async fn run(args: &Args) -> Ended {
    let (url, font) = args.public.resolve(args.database.config.as_ref())?;
    let url = url.ok_or(
        "a poster needs the address that people type: add --public-url https://HOST \
         (or WENDU_PUBLIC_URL)",
    )?;
    let address = Address::new(&url);
    let (store, catalogue) = open(&args.database).await?;
    store.close().await;
    let order = Order {
        places: match &args.area {
            Some(area) => Places::Area(area.clone()),
            None if args.all => Places::All,
            None => Places::Sites(args.sites.clone()),
        },
        questionnaire: args.questionnaire.clone(),
        size: match args.size {
            Paper::A4 => Size::A4,
            Paper::A5 => Size::A5,
        },
    };
    let font = font.as_deref();
    let files = match args.format {
        Format::Pdf => vec![posters::pdf(&catalogue, &order, &address, font)?],
        Format::Svg => posters::svg(&catalogue, &order, &address, font)?,
    };
    let one = files.len() == 1;
    for file in files {
        let path = path(&args.out, args.format, one, &file)?;
        std::fs::write(&path, &file.bytes).map_err(|e| format!("{}: {e}", path.display()))?;
        println!("{}", path.display());
    }
    if catalogue.simulated || address.is_loopback() {
        eprintln!(
            "These are marked as test copies: {}.",
            if catalogue.simulated {
                "the data are simulated"
            } else {
                "their link leads to this machine only"
            }
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// The named file, if it is one that fits; otherwise the file's own name in the named folder.
fn path(out: &Path, format: Format, one: bool, file: &File) -> Result<PathBuf, String> {
    let named = out
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case(format.extension()));
    if named && !out.is_dir() {
        return if one {
            Ok(out.to_owned())
        } else {
            Err(format!(
                "{}: there are several posters; name a folder",
                out.display()
            ))
        };
    }
    std::fs::create_dir_all(out).map_err(|e| format!("{}: {e}", out.display()))?;
    Ok(out.join(&file.name))
}
