//! Posters of the catalogue's sites, for the command line and for the office alike.

use crate::catalogue::Catalogue;
use crate::fonts::{self, FontError};
use poster::{Address, Fault, Page, Poster, Size};
use std::collections::BTreeSet;
use std::path::Path;
use survey::{Form, Site};

/// Which posters are wanted.
#[derive(Debug, Clone)]
pub struct Order {
    /// For which places.
    pub places: Places,
    /// For which questionnaire.
    pub questionnaire: String,
    /// On what paper.
    pub size: Size,
}

/// Which places.
#[derive(Debug, Clone)]
pub enum Places {
    /// These sites, in this order.
    Sites(Vec<String>),
    /// Those of a township or community.
    Area(String),
    /// All of the campaign.
    All,
}

/// Why there are no posters.
#[derive(Debug, thiserror::Error)]
pub enum PosterError {
    /// No such site.
    #[error("there is no site {0} in the campaign")]
    UnknownSite(String),
    /// No such area.
    #[error("there is no area {0} in the campaign")]
    UnknownArea(String),
    /// Nothing to draw.
    #[error("there is no site in {0}: add it to `sites` in the campaign file")]
    NoSite(String),
    /// No such questionnaire.
    #[error("there is no questionnaire {0}")]
    UnknownQuestionnaire(String),
    /// No font.
    #[error(transparent)]
    Font(#[from] FontError),
    /// It cannot be drawn.
    #[error("the poster of {site}: {fault}")]
    Fault {
        /// Which site.
        site: String,
        /// Why.
        fault: Fault,
    },
}

/// What was drawn, and how a file with it is called.
pub struct File {
    /// The name, with its extension.
    pub name: String,
    /// The same in ASCII.
    pub plain_name: String,
    /// The file.
    pub bytes: Vec<u8>,
}

/// One PDF with a page for each site.
///
/// # Errors
/// [`PosterError`].
pub fn pdf(
    catalogue: &Catalogue,
    order: &Order,
    address: &Address,
    font: Option<&Path>,
) -> Result<File, PosterError> {
    let drawn = draw(catalogue, order, address, font)?;
    let (name, plain_name) = called(catalogue, order, &drawn.sites, "pdf");
    let bytes =
        poster::pdf(&drawn.pages, &name, &drawn.fonts).map_err(|fault| PosterError::Fault {
            site: name.clone(),
            fault,
        })?;
    Ok(File {
        name,
        plain_name,
        bytes,
    })
}

/// An SVG for each site.
///
/// # Errors
/// [`PosterError`].
pub fn svg(
    catalogue: &Catalogue,
    order: &Order,
    address: &Address,
    font: Option<&Path>,
) -> Result<Vec<File>, PosterError> {
    let drawn = draw(catalogue, order, address, font)?;
    let files = drawn.sites.iter().zip(&drawn.pages).map(|(site, page)| {
        let (name, plain_name) = called(catalogue, order, &[*site], "svg");
        File {
            name,
            plain_name,
            bytes: poster::svg(page).into_bytes(),
        }
    });
    Ok(files.collect())
}

struct Drawn<'c> {
    sites: Vec<&'c Site>,
    pages: Vec<Page>,
    fonts: poster::Fonts,
}

fn draw<'c>(
    catalogue: &'c Catalogue,
    order: &Order,
    address: &Address,
    font: Option<&Path>,
) -> Result<Drawn<'c>, PosterError> {
    let sites = sites(catalogue, &order.places)?;
    let form: &Form = catalogue
        .newest(&order.questionnaire)
        .ok_or_else(|| PosterError::UnknownQuestionnaire(order.questionnaire.clone()))?;
    let campaign = &catalogue.campaign;
    let posters: Vec<Poster> = sites
        .iter()
        .map(|site| {
            let simulated = catalogue.simulated;
            Poster::new(campaign, site, &form.questionnaire, address, simulated)
        })
        .collect();
    let characters: BTreeSet<char> = posters.iter().flat_map(Poster::characters).collect();
    let fonts = fonts::find(font, &characters)?;
    let pages = posters.iter().map(|poster| {
        poster::layout(poster, order.size, &fonts).map_err(|fault| PosterError::Fault {
            site: poster.code.clone(),
            fault,
        })
    });
    Ok(Drawn {
        pages: pages.collect::<Result<_, _>>()?,
        sites,
        fonts,
    })
}

fn sites<'c>(catalogue: &'c Catalogue, places: &Places) -> Result<Vec<&'c Site>, PosterError> {
    let campaign = &catalogue.campaign;
    let (sites, place): (Vec<&Site>, &str) = match places {
        Places::Sites(codes) => {
            let site = |code: &String| {
                campaign
                    .site_typed(code)
                    .ok_or_else(|| PosterError::UnknownSite(code.clone()))
            };
            (
                codes.iter().map(site).collect::<Result<_, _>>()?,
                "the list",
            )
        }
        Places::Area(code) => {
            if campaign.township_of(code).is_none() {
                return Err(PosterError::UnknownArea(code.clone()));
            }
            (campaign.sites_in(code).collect(), code)
        }
        Places::All => (campaign.sites.iter().collect(), "the campaign"),
    };
    if sites.is_empty() {
        return Err(PosterError::NoSite(place.to_owned()));
    }
    Ok(sites)
}

/// How a file is called: what a person reads, and the same in ASCII.
fn called(
    catalogue: &Catalogue,
    order: &Order,
    sites: &[&Site],
    extension: &str,
) -> (String, String) {
    let (what, plain) = match (&order.places, sites) {
        (_, [site]) => (
            format!("{}-{}", site.code, site.name.chinese),
            site.code.clone(),
        ),
        (Places::Area(code), _) => {
            let name = catalogue.campaign.area_called(code);
            let name = name.map_or(code.as_str(), |name| &name.chinese);
            (name.to_owned(), code.clone())
        }
        (Places::All, _) => ("全部点位".to_owned(), "all".to_owned()),
        (Places::Sites(_), _) => ("所选点位".to_owned(), "sites".to_owned()),
    };
    let size = order.size.name();
    (
        format!("海报-{}-{size}.{extension}", harmless(&what)),
        format!("poster-{plain}-{size}.{extension}"),
    )
}

/// A text that every file system takes as a name.
fn harmless(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
            c if c.is_control() || c.is_whitespace() => '_',
            c => c,
        })
        .take(60)
        .collect()
}
