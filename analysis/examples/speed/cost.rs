//! What a computation costs, as Linux counts it.

use std::error::Error;
use std::fs;

/// Processor time of this thread since it began, in seconds. On an idle machine the same as
/// elapsed time; on a shared one without the time that others took.
pub fn processor_seconds() -> Result<f64, Box<dyn Error>> {
    let counted = fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds = counted.split_whitespace().next();
    Ok(nanoseconds.ok_or("schedstat is empty")?.parse::<f64>()? / 1e9)
}

/// The most memory that this process has held, in kilobytes.
pub fn peak_kilobytes() -> Result<u64, Box<dyn Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    Ok(number.ok_or("status has no VmHWM")?.parse::<u64>()?)
}
