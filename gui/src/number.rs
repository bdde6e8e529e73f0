//! Numbers in words.

/// A whole number with its thousands apart.
#[must_use]
pub fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        let cases =
            [(0, "0"), (999, "999"), (1_000, "1,000"), (1_204, "1,204"), (1_000_000, "1,000,000"), (12_345_678, "12,345,678")];
        for (value, text) in cases {
            assert_eq!(grouped(value), text);
        }
    }
}
