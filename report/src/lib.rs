//! What is shown: the picture that the office sees, from tallies alone.
//!
//! `survey` says what was answered, `stats` says what may be inferred; this crate puts the two
//! together into one [`Picture`]: rates, temperatures and gaps by area, group or wave. The server
//! computes it, the office's page draws it, and both use these types.

mod cell;
mod cells;
mod gap;
mod picture;
mod raked;
mod rates;
mod rows;
mod side;
mod sources;
mod temperature;
mod weighting;

pub use cell::{Cell, CellTally, group_key, group_value, variables};
pub use gap::{Gap, GapLine, GapRow};
pub use picture::{Breakdown, Change, Definition, Error, Picture, Request, Row, Source, picture};
pub use rates::{Estimate, Rate};
pub use sources::{SourceReport, SourceRow, WidgetKey};
pub use temperature::Temperature;
pub use weighting::{Raked, Reason, ReasonCode, Weigh, Weighting};
