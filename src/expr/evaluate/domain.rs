//! Identifiers and addresses of the field, verified down to their check digits.
//!
//! Each rule names the standard it is meant to follow. The rules are the standards as we know them, written from memory;
//! none was verified against the standard's text, so a rule is evidence of what we check, not of what the standard says.

use std::net::IpAddr;

use chrono::NaiveDate;

use super::{Args, Undecided, Value};

fn test(args: &Args<'_>, rule: fn(&str) -> bool) -> Option<Value> {
    let x = args.text(0)?;
    Some(args.strict_booleans(|row| Ok(rule(x.get(row)))))
}

pub(in super::super) fn is_cn_id(args: &Args<'_>) -> Option<Value> {
    test(args, cn_id)
}

pub(in super::super) fn is_cn_mobile(args: &Args<'_>) -> Option<Value> {
    test(args, cn_mobile)
}

pub(in super::super) fn is_uscc(args: &Args<'_>) -> Option<Value> {
    test(args, uscc)
}

pub(in super::super) fn is_bank_card(args: &Args<'_>) -> Option<Value> {
    test(args, bank_card)
}

pub(in super::super) fn is_email(args: &Args<'_>) -> Option<Value> {
    test(args, email)
}

pub(in super::super) fn is_sha256(args: &Args<'_>) -> Option<Value> {
    test(args, sha256)
}

pub(in super::super) fn is_masked(args: &Args<'_>) -> Option<Value> {
    test(args, masked)
}

pub(in super::super) fn cidr_contains(args: &Args<'_>) -> Option<Value> {
    let (network, address) = (args.text(0)?, args.text(1)?);
    Some(args.strict_booleans(|row| in_network(network.get(row), address.get(row)).ok_or(Undecided)))
}

fn digits(text: &str) -> Option<Vec<u32>> {
    text.chars().map(|c| c.to_digit(10)).collect()
}

/// Codes of provinces and their like, the first two digits, as we know GB/T 2260 (not verified against its text); 81–83
/// are taken to be those of residence permits of residents of Hong Kong, Macao and Taiwan.
const PROVINCES: [u32; 35] = [
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63,
    64, 65, 71, 81, 82, 83,
];

/// GB 11643-1999 as we know it, not verified against its text: six digits of region, eight of birth date, three of
/// sequence, a check character by ISO 7064 MOD 11-2 (weights 2^17 … 2^1 mod 11; `X` is ten). Of the region only the
/// first two digits are looked up; a birth date in the future is not told apart. A small `x` is accepted, as people
/// write it.
pub(in super::super) fn cn_id(text: &str) -> bool {
    let Some((body, check)) = text.split_at_checked(17) else { return false };
    let Some(body_digits) = digits(body) else { return false };
    let check = match check {
        "X" | "x" => 10,
        other => match digits(other).as_deref() {
            Some([digit]) => *digit,
            _ => return false,
        },
    };
    let province = body.get(..2).and_then(|code| code.parse().ok());
    if !province.is_some_and(|code: u32| PROVINCES.contains(&code)) {
        return false;
    }
    let birth = body.get(6..14).and_then(|date| NaiveDate::parse_from_str(date, "%Y%m%d").ok());
    let century = body.get(6..8).and_then(|century| century.parse().ok());
    if birth.is_none() || !century.is_some_and(|century: u32| (18..=20).contains(&century)) {
        return false;
    }
    // MOD 11-2: (Σ digit · 2^(place)) + check ≡ 1, the places counted from the check character.
    let sum = body_digits.iter().fold(0, |sum, digit| (sum + digit) * 2 % 11);
    (sum + check) % 11 == 1
}

/// Eleven digits that begin with 13 to 19: the ranges of public mobile numbers in the national numbering plan
/// (MIIT, 电信网编号计划) as we know it, not verified against its text. Which prefixes are assigned is not looked up.
pub(in super::super) fn cn_mobile(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 11
        && bytes.iter().all(u8::is_ascii_digit)
        && bytes.first() == Some(&b'1')
        && bytes.get(1).is_some_and(|second| (b'3'..=b'9').contains(second))
}

/// GB 32100-2015 as we know it, not verified against its text: 18 characters of 31 (digits and capitals without
/// I O S V Z), characters 3 to 8 the region's digits, the last a check character (weights 3^0 … 3^16 mod 31).
pub(in super::super) fn uscc(text: &str) -> bool {
    const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let Some(codes) = text.chars().map(|c| ALPHABET.find(c)).collect::<Option<Vec<usize>>>() else { return false };
    let region = codes.get(2..8).is_some_and(|region| region.iter().all(|code| *code < 10));
    let (17, Some((check, body))) = (codes.len().wrapping_sub(1), codes.split_last()) else { return false };
    let (sum, _) = body.iter().fold((0, 1), |(sum, weight), code| ((sum + code * weight) % 31, weight * 3 % 31));
    region && (sum + check) % 31 == 0
}

/// 13 to 19 digits with the check digit of ISO/IEC 7812-1 (Luhn) as we know it, not verified against its text. All zeros,
/// which would pass, is no card.
pub(in super::super) fn bank_card(text: &str) -> bool {
    let Some(digits) = digits(text).filter(|digits| (13..=19).contains(&digits.len())) else { return false };
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match (place % 2, digit * 2) {
            (0, _) => *digit,
            (_, double) if double > 9 => double - 9,
            (_, double) => double,
        })
        .sum();
    sum.is_multiple_of(10) && digits.iter().any(|digit| *digit != 0)
}

/// An address as mail systems exchange it: the dot-string and domain of RFC 5321 §4.1.2 within its §4.5.3.1 lengths as
/// we know them (not verified against the text), with at least two labels, and no quoted strings or address literals.
pub(in super::super) fn email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let atext = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b);
    let atoms = local.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(atext));
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let labels: Vec<&str> = domain.split('.').collect();
    let top = labels.last().is_some_and(|top| !top.bytes().all(|b| b.is_ascii_digit()));
    text.len() <= 254 && local.len() <= 64 && atoms && labels.len() >= 2 && labels.iter().all(|l| label(l)) && top
}

/// The hexadecimal form of a SHA-256 digest: 256 bits are 64 digits.
pub(in super::super) fn sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Our own rule, as no standard has one: a mask mark is there, and no run of 11 or more digits is left, which is the
/// length of a mobile number and the least that identifies by itself. Full-width digits are digits.
pub(in super::super) fn masked(text: &str) -> bool {
    let marked = text.contains(['*', '＊', '●', '•']);
    let digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    let longest = text.split(|c: char| !digit(c)).map(|run| run.chars().count()).max().unwrap_or(0);
    marked && longest < 11
}

/// CIDR notation of RFC 4632 (IPv4) and RFC 4291 §2.3 (IPv6) as we know them, not verified against their texts; bits
/// beyond the prefix are not looked at; an address alone is a network of itself. An address of
/// the other family is not in it. `None` if either is malformed.
pub(in super::super) fn in_network(network: &str, address: &str) -> Option<bool> {
    let (base, length) = match network.split_once('/') {
        Some((base, length)) => (base, Some(length)),
        None => (network, None),
    };
    let base: IpAddr = base.parse().ok()?;
    let address: IpAddr = address.parse().ok()?;
    let width = if base.is_ipv4() { 32 } else { 128 };
    let length = match length {
        Some(text) if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) => text.parse::<u32>().ok()?,
        Some(_) => return None,
        None => width,
    };
    if length > width {
        return None;
    }
    let same = |a: u128, b: u128| (a ^ b).checked_shr(width - length).unwrap_or(0) == 0;
    Some(match (base, address) {
        (IpAddr::V4(a), IpAddr::V4(b)) => same(u32::from(a).into(), u32::from(b).into()),
        (IpAddr::V6(a), IpAddr::V6(b)) => same(a.into(), b.into()),
        _ => false,
    })
}
