//! The server's answers that the office needs, one function each.

use super::fetch;
use crate::office::problem::Problem;
use crate::office::state::Overview;
use gloo_net::http::Method;
use report::{Picture, SourceReport};
use serde::{Deserialize, Serialize};
use survey::{Form, Language};

/// Who is signed in.
#[derive(Debug, Clone, Deserialize)]
pub struct Session {
    /// The language that this person has chosen, if any.
    #[serde(default)]
    pub language: Option<Language>,
}

#[derive(Serialize)]
struct Credentials {
    password: String,
}

/// Who is signed in; [`Problem::SignedOut`] if nobody is.
pub async fn session() -> Result<Session, Problem> {
    fetch::json("/api/v1/session").await
}

/// Signs in.
pub async fn sign_in(password: String) -> Result<(), Problem> {
    let body = serde_json::to_string(&Credentials { password }).map_err(|_| Problem::Unreadable)?;
    fetch::send(Method::POST, "/api/v1/session", Some(body)).await?;
    Ok(())
}

/// Signs out.
pub async fn sign_out() -> Result<(), Problem> {
    fetch::send(Method::DELETE, "/api/v1/session", None).await?;
    Ok(())
}

/// The campaign.
pub async fn campaign() -> Result<Overview, Problem> {
    fetch::json("/api/v1/campaign").await
}

/// A questionnaire with its options in words.
pub async fn form(questionnaire: &str) -> Result<Form, Problem> {
    let questionnaire = js_sys::encode_uri_component(questionnaire);
    fetch::json(&format!("/api/v1/questionnaires/{questionnaire}")).await
}

/// Where people come from.
pub async fn sources(questionnaire: &str) -> Result<SourceReport, Problem> {
    let questionnaire = js_sys::encode_uri_component(questionnaire);
    fetch::json(&format!("/api/v1/sources?questionnaire={questionnaire}")).await
}

/// A picture.
pub async fn picture(query: &[(&str, String)]) -> Result<Picture, Problem> {
    let query: Vec<String> = query
        .iter()
        .map(|(name, value)| format!("{name}={}", js_sys::encode_uri_component(value)))
        .collect();
    fetch::json(&format!("/api/v1/estimates?{}", query.join("&"))).await
}
