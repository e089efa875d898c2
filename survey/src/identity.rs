//! Response ids and withdrawal codes.
//!
//! A response's id is a UUIDv7 (RFC 9562): 48 bits of time, 74 of chance. Its withdrawal code is
//! the id's first 100 bits that carry information, in Crockford's base 32: a person keeps it and
//! can withdraw the answers without ever having been named, and because it is a prefix of the id
//! it can be found without a second index. It is known as soon as the id is, also offline.

use std::fmt;

/// A UUIDv7 as 16 bytes in network order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResponseId([u8; 16]);

/// Why a text is no response id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvalidId {
    /// Not 32 hexadecimal digits in groups of 8-4-4-4-12.
    NotAUuid,
    /// A UUID, but not of version 7.
    NotVersion7,
}

impl fmt::Display for InvalidId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            InvalidId::NotAUuid => {
                "is no UUID; make a UUIDv7 such as 01933b5e-8f6a-7c3d-9a4e-5b6c7d8e9f01"
            }
            InvalidId::NotVersion7 => {
                "is no UUIDv7; its version digit must be 7 and its variant 8, 9, a or b"
            }
        })
    }
}

impl ResponseId {
    /// Makes an id from the time in milliseconds since the Unix epoch and ten random bytes.
    pub fn new(unix_ms: u64, random: [u8; 10]) -> Self {
        let [_, _, t0, t1, t2, t3, t4, t5] = unix_ms.to_be_bytes();
        let [r0, r1, r2, r3, r4, r5, r6, r7, r8, r9] = random;
        ResponseId([
            t0,
            t1,
            t2,
            t3,
            t4,
            t5,
            0x70 | (r0 & 0x0f),
            r1,
            0x80 | (r2 & 0x3f),
            r3,
            r4,
            r5,
            r6,
            r7,
            r8,
            r9,
        ])
    }

    /// Reads the hyphenated form.
    ///
    /// # Errors
    /// [`InvalidId`] if the text is no UUID, or none of version 7.
    pub fn parse(text: &str) -> Result<Self, InvalidId> {
        let bytes = text.as_bytes();
        if bytes.len() != 36 {
            return Err(InvalidId::NotAUuid);
        }
        let mut id = [0u8; 16];
        let mut digits = 0;
        for (index, byte) in bytes.iter().enumerate() {
            if matches!(index, 8 | 13 | 18 | 23) {
                if *byte != b'-' {
                    return Err(InvalidId::NotAUuid);
                }
                continue;
            }
            let digit = (*byte as char).to_digit(16).ok_or(InvalidId::NotAUuid)? as u8;
            if let Some(slot) = id.get_mut(digits / 2) {
                *slot = (*slot << 4) | digit;
            }
            digits += 1;
        }
        Self::from_bytes(id)
    }

    /// Takes 16 bytes as an id.
    ///
    /// # Errors
    /// [`InvalidId::NotVersion7`] if the version or the variant is another.
    pub fn from_bytes(bytes: [u8; 16]) -> Result<Self, InvalidId> {
        let [_, _, _, _, _, _, version, _, variant, ..] = bytes;
        if version >> 4 == 7 && variant >> 6 == 0b10 {
            Ok(ResponseId(bytes))
        } else {
            Err(InvalidId::NotVersion7)
        }
    }

    /// The 16 bytes in network order.
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// The code by which the respondent can withdraw: five groups of four.
    pub fn withdrawal_code(&self) -> WithdrawalCode {
        WithdrawalCode(self.informative_bits() >> 22)
    }

    /// The 122 bits that are not version or variant, as one number.
    fn informative_bits(&self) -> u128 {
        let id = u128::from_be_bytes(self.0);
        let time = id >> 80;
        let rand_a = (id >> 64) & 0x0fff;
        let rand_b = id & ((1 << 62) - 1);
        time << 74 | rand_a << 62 | rand_b
    }

    fn from_informative_bits(bits: u128) -> Self {
        let time = bits >> 74;
        let rand_a = (bits >> 62) & 0x0fff;
        let rand_b = bits & ((1 << 62) - 1);
        ResponseId((time << 80 | 0x7 << 76 | rand_a << 64 | 0b10 << 62 | rand_b).to_be_bytes())
    }
}

impl fmt::Display for ResponseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = String::with_capacity(36);
        for (index, byte) in self.0.iter().enumerate() {
            if matches!(index, 4 | 6 | 8 | 10) {
                text.push('-');
            }
            for digit in [byte >> 4, byte & 0x0f] {
                text.extend(DIGITS.get(usize::from(digit)).map(|d| char::from(*d)));
            }
        }
        f.write_str(&text)
    }
}

/// The code that a respondent keeps to be able to withdraw: 100 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WithdrawalCode(u128);

/// Crockford's base 32: no I, L, O, U, so that a code can be read aloud and copied by hand.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl WithdrawalCode {
    /// Reads a code as people type it: any case, with or without hyphens and blanks, O for 0,
    /// I and L for 1. `None` if it is not 20 characters of the alphabet.
    pub fn parse(text: &str) -> Option<Self> {
        let mut code = 0u128;
        let mut digits = 0;
        for c in text.chars() {
            let upper = match c.to_ascii_uppercase() {
                '-' | ' ' | '–' | '—' | '－' => continue,
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            let digit = ALPHABET
                .iter()
                .position(|known| char::from(*known) == upper)?;
            code = code << 5 | digit as u128;
            digits += 1;
            if digits > 20 {
                return None;
            }
        }
        (digits == 20).then_some(WithdrawalCode(code))
    }

    /// The smallest and the largest id that this code can stand for, both included.
    pub fn id_range(self) -> (ResponseId, ResponseId) {
        let first = self.0 << 22;
        (
            ResponseId::from_informative_bits(first),
            ResponseId::from_informative_bits(first | ((1 << 22) - 1)),
        )
    }
}

impl fmt::Display for WithdrawalCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::with_capacity(24);
        // The next digit always on top: shifting by a constant is a fraction of the code.
        let mut rest = self.0 << 28;
        for index in 0..20 {
            if index > 0 && index % 4 == 0 {
                text.push('-');
            }
            let digit = rest >> 123;
            rest <<= 5;
            text.extend(ALPHABET.get(digit as usize).map(|c| char::from(*c)));
        }
        f.write_str(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_id_reads_back_from_its_text(ms in 0u64..1 << 48, random: [u8; 10]) {
            let id = ResponseId::new(ms, random);
            prop_assert_eq!(ResponseId::parse(&id.to_string()), Ok(id));
        }

        #[test]
        fn a_withdrawal_code_leads_back_to_its_id(ms in 0u64..1 << 48, random: [u8; 10]) {
            let id = ResponseId::new(ms, random);
            let typed = id.withdrawal_code().to_string().to_lowercase().replace('-', " ");
            let code = WithdrawalCode::parse(&typed).unwrap();
            let (first, last) = code.id_range();
            prop_assert!(first <= id && id <= last);
        }
    }

    #[test]
    fn other_texts_are_no_ids() {
        assert_eq!(ResponseId::parse("nonsense"), Err(InvalidId::NotAUuid));
        assert_eq!(
            ResponseId::parse("01933b5e-8f6a-4c3d-9a4e-5b6c7d8e9f01"),
            Err(InvalidId::NotVersion7)
        );
        assert_eq!(WithdrawalCode::parse("ABC"), None);
        assert_eq!(WithdrawalCode::parse("UUUU-UUUU-UUUU-UUUU-UUUU"), None);
    }
}
