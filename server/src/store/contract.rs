//! The contract that every store fulfils.
