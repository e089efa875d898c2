//! Moments as bytes: the width of its integers, then the integers, most significant byte first.
//! The width is the least that holds them all: 1, 2 or 4 bytes unsigned, or 8 in two's complement.

/// The bytes of these integers.
pub fn pack(integers: &[i64]) -> Vec<u8> {
    let fits = |bits: u32| integers.iter().all(|&integer| integer >> bits == 0);
    let width = match () {
        () if fits(8) => 1,
        () if fits(16) => 2,
        () if fits(32) => 4,
        () => 8,
    };
    let mut bytes = Vec::with_capacity(1 + integers.len() * width);
    bytes.push(width as u8);
    for integer in integers {
        let wide = integer.to_be_bytes();
        bytes.extend_from_slice(wide.split_at(wide.len() - width).1);
    }
    bytes
}

/// The integers of these bytes; `None` if they are none that [`pack`] makes.
pub fn unpack(bytes: &[u8]) -> Option<Vec<i64>> {
    let (&width, bytes) = bytes.split_first()?;
    let width = usize::from(width);
    if !matches!(width, 1 | 2 | 4 | 8) || bytes.len() % width != 0 {
        return None;
    }
    let integers = bytes.chunks_exact(width).map(|integer| {
        let widened = integer
            .iter()
            .fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        widened.cast_signed()
    });
    Some(integers.collect())
}

#[cfg(test)]
mod tests {
    use super::{pack, unpack};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_packed_is_unpacked(
            bits in 0..64u32,
            integers in prop::collection::vec(any::<i64>(), 0..300),
        ) {
            let integers: Vec<i64> = integers.iter().map(|integer| integer >> bits).collect();
            prop_assert_eq!(unpack(&pack(&integers)), Some(integers));
        }

        #[test]
        fn whatever_stands_there_is_read_or_refused(bytes: Vec<u8>) {
            if let Some(integers) = unpack(&bytes) {
                prop_assert_eq!(unpack(&pack(&integers)), Some(integers));
            }
        }
    }

    #[test]
    fn the_width_is_the_least_that_holds_all() {
        assert_eq!(pack(&[0, 255]), [1, 0, 255]);
        assert_eq!(pack(&[1, 256]), [2, 0, 1, 1, 0]);
        assert_eq!(pack(&[65_536]), [4, 0, 1, 0, 0]);
        assert_eq!(pack(&[-1]), [8, 255, 255, 255, 255, 255, 255, 255, 255]);
        assert_eq!(unpack(&[]), None);
        assert_eq!(unpack(&[3, 1, 2, 3]), None);
        assert_eq!(unpack(&[2, 1, 2, 3]), None);
    }
}
