//! The page on which people answer.
//!
//! One set of views, drawn twice: by the server as a real form that works without scripts, and in
//! the browser by the app, which takes the form over in place. What the page knows is one
//! [`session::Session`]; the views only draw it, so that both draw the same.
//!
//! | module | holds |
//! |---|---|
//! | [`visit`] | what server and browser tell each other: the page's constants, its hidden fields, its buttons |
//! | [`session`] | where a person stands: answers, screen, complaint; and the steps between screens |
//! | [`words`] | every word the page says that is not in the questionnaire |
//! | `live` | parts of the page that follow the session |
//! | [`screen`], [`question`], [`ending`] | the views |
//! | `render`, `teaser` | the views as HTML (feature `ssr`) |
//! | `browser` | taking over, saving, sending (feature `resident`) |

#[cfg(feature = "resident")]
pub mod browser;
pub mod ending;
mod icons;
#[cfg(feature = "ssr")]
mod interview;
mod live;
pub mod question;
#[cfg(feature = "ssr")]
mod render;
pub mod screen;
pub mod session;
#[cfg(feature = "ssr")]
mod teaser;
pub mod visit;
pub mod words;

#[cfg(feature = "ssr")]
pub use interview::{
    SetUp as InterviewSetUp, SignInFault, render_bar, render_broken_off,
    render_set_up as render_interview_set_up, render_sign_in as render_interview_sign_in,
};
#[cfg(feature = "ssr")]
pub use render::{
    Withdrawal, render_lost, render_problem, render_screen, render_thanks, render_withdraw,
};
#[cfg(feature = "ssr")]
pub use teaser::render_teaser;
