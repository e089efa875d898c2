//! The views: the resident's page and the office.
//!
//! | module | holds | compiled with |
//! |---|---|---|
//! | [`resident`] | the page on which people answer | `ssr` on the server, `resident` in the browser |
//! | `office` | the page on which the office reads the results | `office-views` for drawing, `office` in the browser |
//! | `problems` | what people read when something was refused or failed | `ssr`, `office-views` |

#[cfg(feature = "office-views")]
pub mod office;
#[cfg(any(feature = "ssr", feature = "office-views"))]
pub mod problems;
pub mod resident;
