//! The views: the resident's page and the office.
//!
//! | module | holds | compiled with |
//! |---|---|---|
//! | [`resident`] | the page on which people answer | `ssr` on the server, `resident` in the browser |

pub mod resident;
