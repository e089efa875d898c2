//! Design-based estimation: what was drawn, and the variance that follows from it.

mod contrast;
mod effect;
mod error;
mod estimate;
mod independence;
mod influence;
mod layout;
mod logistic;
mod numbering;
mod population;
mod proportion;
mod replicate;
mod variance;

pub use contrast::{Contrast, TTest, t_test};
pub use effect::Reference;
pub use error::DesignError;
pub(crate) use estimate::Spread;
pub use estimate::{Estimate, Estimator, Linearised, Quantity, symmetric};
pub use independence::{Independence, IndependenceTest, independence};
pub use influence::{Accumulator, Influence};
pub use layout::{Design, Layout, LonelyPsu};
pub use logistic::{Regression, logistic};
pub use proportion::{ProportionMethod, proportion_interval};
pub use replicate::{Recalibration, ReplicateWeights, Replicates};
