//! The campaign's sites with their posters, township by township.

use super::state::Office;
use super::{sentences, words};
use crate::problems::ProblemKind;
use leptos::prelude::*;
use survey::{Area, Campaign, Language, Site};

/// The list, closed until someone wants it. Drawn again only when the campaign changes: an answer
/// that arrives must not close it.
pub fn sites(office: Office) -> AnyView {
    let known = Memo::new(move |_| {
        office
            .overview
            .with(|overview| overview.as_ref().map(|o| (o.campaign.clone(), o.posters)))
    });
    let drawn = move || {
        let language = office.language.get();
        known
            .get()
            .filter(|(campaign, _)| !campaign.sites.is_empty())
            .map(|(campaign, posters)| list(&campaign, posters, language))
    };
    view! { {drawn} }.into_any()
}

/// `posters`: whether there are any, because the server knows where they lead.
fn list(campaign: &Campaign, posters: bool, language: Language) -> AnyView {
    let links = |base: &str, formats: &[&str], whose: &str| {
        posters.then(|| links(base, formats, whose, language))
    };
    let townships: Vec<AnyView> = campaign
        .areas
        .iter()
        .filter_map(|township| part(campaign, township, &links, language))
        .collect();
    let missing = (!posters).then(|| {
        let told = ProblemKind::NoPublicUrl.told(language);
        view! { <p class="problem">{told}</p> }
    });
    let heads = [
        words::SITE_CODE,
        words::SITE,
        words::SITE_KIND,
        words::BY_AREA,
        words::POSTER,
    ];
    let heads = heads.map(|head| view! { <th scope="col">{head.get(language)}</th> });
    let all = words::ALL_SITES.get(language);
    view! {
        <section class="sites">
            <details>
                <summary><h2>{sentences::sites(campaign.sites.len(), language)}</h2></summary>
                <p class="note">{words::POSTERS_LEAD.get(language)}</p>
                {missing}
                <table>
                    <thead><tr>{heads}</tr></thead>
                    <tbody>
                        <tr class="township">
                            <th scope="row" colspan="4">{all}</th>
                            <td>{links("/api/v1/posters.pdf?", &["pdf"], all)}</td>
                        </tr>
                    </tbody>
                    {townships}
                </table>
            </details>
        </section>
    }
    .into_any()
}

/// Draws the links to the posters of a site or of many, if there are any.
type Links<'l> = dyn Fn(&str, &[&str], &str) -> Option<AnyView> + 'l;

/// A township's sites; nothing if it has none.
fn part(
    campaign: &Campaign,
    township: &Area,
    links: &Links<'_>,
    language: Language,
) -> Option<AnyView> {
    let rows: Vec<AnyView> = campaign
        .sites_in(&township.code)
        .map(|site| row(campaign, site, links, language))
        .collect();
    let name = township.name.get(language).to_owned();
    let base = format!("/api/v1/posters.pdf?area={}&", township.code);
    let links = links(&base, &["pdf"], &name);
    (!rows.is_empty()).then(|| {
        view! {
            <tbody>
                <tr class="township">
                    <th scope="rowgroup" colspan="4">{name}</th>
                    <td>{links}</td>
                </tr>
                {rows}
            </tbody>
        }
        .into_any()
    })
}

fn row(campaign: &Campaign, site: &Site, links: &Links<'_>, language: Language) -> AnyView {
    let area = campaign.area_called(&site.area);
    let area = area.map_or(site.area.as_str(), |name| name.get(language));
    let name = site.name.get(language).to_owned();
    let base = format!("/api/v1/sites/{}/poster", site.code);
    view! {
        <tr>
            <td class="code">{site.code.clone()}</td>
            <th scope="row">{name.clone()}</th>
            <td>{site.kind.get(language).to_owned()}</td>
            <td>{area.to_owned()}</td>
            <td>{links(&base, &["pdf", "svg"], &name)}</td>
        </tr>
    }
    .into_any()
}

/// A link for each paper and format. `base` ends with what stands before the format (a site) or
/// before the paper (many sites).
fn links(base: &str, formats: &[&str], whose: &str, language: Language) -> AnyView {
    let mut links = Vec::new();
    let language = language.tag();
    for format in formats {
        for paper in ["a4", "a5"] {
            let shown = [paper, " ", format].concat().to_uppercase();
            let href = if base.ends_with(['?', '&']) {
                format!("{base}size={paper}&lang={language}")
            } else {
                format!("{base}.{format}?size={paper}&lang={language}")
            };
            let label = format!("{shown} · {whose}");
            // A drawing is shown, so that it opens beside the office; a PDF is saved.
            let target = (*format == "svg").then_some("_blank");
            links.push(view! { <a href=href target=target aria-label=label>{shown}</a> });
        }
    }
    view! { <span class="posters">{links}</span> }.into_any()
}
