//! Taking over, saving, sending.
