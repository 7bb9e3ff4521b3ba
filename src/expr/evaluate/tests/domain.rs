use super::super::super::testing::holds;
use super::super::domain::{bank_card, cn_id, cn_mobile, email, in_network, masked, sha256, uscc};

/// Every text that differs from `valid` in one character of `alphabet`.
fn near_misses(valid: &str, alphabet: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (place, own) in valid.char_indices() {
        for other in alphabet.chars().filter(|other| *other != own) {
            let mut text = valid.to_owned();
            text.replace_range(place..=place, &other.to_string());
            found.push(text);
        }
    }
    found
}

fn check(rule: fn(&str) -> bool, cases: &[(&str, bool)]) {
    for (text, expected) in cases {
        assert_eq!(rule(text), *expected, "{text:?}");
    }
}

/// The check character of an identity number, by the table of weights instead of powers of two.
fn id(body: &str) -> String {
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body.chars().zip(weights).map(|(digit, weight)| digit.to_digit(10).unwrap() * weight).sum();
    format!("{body}{}", "10X98765432".chars().nth(sum as usize % 11).unwrap())
}

#[test]
fn identity_numbers() {
    assert_eq!(id("11010519491231002"), "11010519491231002X");
    check(
        cn_id,
        &[
            ("11010519491231002X", true),
            ("11010519491231002x", true),
            ("110105194912310021", false),
            ("1101051949123100X2", false),
            ("X10105194912310021", false),
            ("11010519491231002", false),
            ("11010519491231002XX", false),
            (" 11010519491231002X", false),
            ("110105 491231 002X", false),
            ("１１０１０５１９４９１２３１００２Ｘ", false),
            ("110105491231002", false),
            ("", false),
            ("一一010519491231002X", false),
        ],
    );
    for text in near_misses("11010519491231002X", "0123456789") {
        assert!(!cn_id(&text), "{text}");
    }
    // Right in their check character, wrong elsewhere.
    for (body, expected) in [
        ("44030819990110033", true),
        ("81000019900101001", true),
        ("83000020240229001", true),
        ("11010519490230002", false), // 30 February
        ("11010520230229002", false), // no leap year
        ("11010519491301002", false),
        ("11010519490001002", false),
        ("11010517991231002", false),
        ("11010521000101002", false),
        ("99010519491231002", false),
        ("00010519491231002", false),
        ("84000019900101001", false),
    ] {
        assert_eq!(cn_id(&id(body)), expected, "{}", id(body));
    }
}

#[test]
fn mobile_numbers() {
    check(
        cn_mobile,
        &[
            ("13800138000", true),
            ("19900000000", true),
            ("12800138000", false),
            ("11000000000", false),
            ("23800138000", false),
            ("1380013800", false),
            ("138001380000", false),
            ("138 0013 800", false),
            ("+8613800138000", false),
            ("1380013800x", false),
            ("1３800138000", false),
        ],
    );
}

#[test]
fn social_credit_codes() {
    let valid = "91350100M000100Y43";
    check(
        uscc,
        &[
            (valid, true),
            ("91350100m000100y43", false),
            ("91350100M000100Y4", false),
            ("91350100M000100Y433", false),
            ("9135010IM000100Y43", false),
            ("91350100M000100Y43 ", false),
            ("91350100Ｍ000100Y43", false),
            ("000000000000000000", true),
            ("", false),
        ],
    );
    for text in near_misses(valid, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") {
        assert!(!uscc(&text), "{text}");
    }
    // A letter among the six digits of the region, with the check character that belongs to it.
    let alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let with_check = |body: &str| {
        let weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
        let sum: usize = body.chars().zip(weights).map(|(c, weight)| alphabet.find(c).unwrap() * weight).sum();
        format!("{body}{}", alphabet.chars().nth((31 - sum % 31) % 31).unwrap())
    };
    assert_eq!(with_check("91350100M000100Y4"), valid);
    assert!(!uscc(&with_check("91A50100M000100Y4")));
    assert!(!uscc(&with_check("9135010AM000100Y4")));
    assert!(uscc(&with_check("9135010AM000100Y4".replace('A', "1").as_str())));
}

#[test]
fn bank_cards() {
    let luhn = |body: &str| {
        let doubled = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];
        let digits = body.chars().rev().map(|c| c.to_digit(10).unwrap() as usize);
        let sum: usize =
            digits.enumerate().map(|(place, digit)| if place % 2 == 0 { doubled[digit] } else { digit }).sum();
        format!("{body}{}", (10 - sum % 10) % 10)
    };
    assert_eq!(luhn("411111111111111"), "4111111111111111");
    check(
        bank_card,
        &[
            ("4111111111111111", true),
            ("4111 1111 1111 1111", false),
            ("4111-1111-1111-1111", false),
            ("411111111111111X", false),
            ("0000000000000000", false),
            ("", false),
        ],
    );
    for text in near_misses("4111111111111111", "0123456789") {
        assert!(!bank_card(&text), "{text}");
    }
    for (length, expected) in [(12, false), (13, true), (16, true), (19, true), (20, false)] {
        let card = luhn(&format!("62{}", "1".repeat(length - 3)));
        assert_eq!((card.len(), bank_card(&card)), (length, expected), "{card}");
    }
    // Two neighbours exchanged.
    assert!(bank_card(&luhn("622700000000123")));
    let card = luhn("622700000000123").replace("123", "213");
    assert!(!bank_card(&card), "{card}");
}

#[test]
fn e_mail_addresses() {
    let long_local = format!("{}@example.com", "a".repeat(65));
    let long_label = format!("a@{}.com", "b".repeat(64));
    let longest_label = format!("a@{}.com", "b".repeat(63));
    let long = format!("a@{}com", format!("{}.", "b".repeat(60)).repeat(5));
    check(
        email,
        &[
            ("a.b@example.com", true),
            ("a+tag_x@mail.example.cn", true),
            ("o'neil@example.com", true),
            ("1@1a.cn", true),
            ("a@b-c.com", true),
            (&longest_label, true),
            ("a", false),
            ("@example.com", false),
            ("a@", false),
            ("a@example", false),
            ("a@@example.com", false),
            ("a@b@example.com", false),
            (".a@example.com", false),
            ("a.@example.com", false),
            ("a..b@example.com", false),
            ("a b@example.com", false),
            ("a@example..com", false),
            ("a@.example.com", false),
            ("a@example.com.", false),
            ("a@-b.com", false),
            ("a@b-.com", false),
            ("a@exa_mple.com", false),
            ("a@10.0.0.1", false),
            ("\"a b\"@example.com", false),
            ("a@[10.0.0.1]", false),
            ("张@example.com", false),
            (&long_local, false),
            (&long_label, false),
            (&long, false),
        ],
    );
}

#[test]
fn digests_and_masks() {
    let digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let upper = digest.to_uppercase();
    let wrong_letter = digest.replace('e', "g");
    let wide = digest.replacen('e', "ｅ", 1);
    let prefixed = format!("0x{digest}");
    check(
        sha256,
        &[
            (digest, true),
            (&upper, true),
            (&digest[1..], false),
            (&prefixed, false),
            (&wrong_letter, false),
            (&wide, false),
            ("", false),
        ],
    );
    check(
        masked,
        &[
            ("138****8000", true),
            ("1380013*000", true),
            ("张*", true),
            ("●●●●", true),
            ("6222 **** **** 1234", true),
            ("1234567890*", true),
            ("12345678901*", false),
            ("*13800138000", false),
            ("１３８００１３８０００*", false),
            ("1３8００1３8０００*", false),
            ("13800138000", false),
            ("张三", false),
            ("", false),
            ("xxxx", false),
        ],
    );
}

#[test]
fn networks() {
    let cases = [
        ("10.0.0.0/8", "10.255.255.255", Some(true)),
        ("10.0.0.0/8", "11.0.0.0", Some(false)),
        ("10.1.2.3/8", "10.9.9.9", Some(true)),
        ("192.168.1.0/25", "192.168.1.127", Some(true)),
        ("192.168.1.0/25", "192.168.1.128", Some(false)),
        ("0.0.0.0/0", "203.0.113.9", Some(true)),
        ("203.0.113.9/32", "203.0.113.9", Some(true)),
        ("203.0.113.9", "203.0.113.9", Some(true)),
        ("203.0.113.9", "203.0.113.8", Some(false)),
        ("2001:db8::/32", "2001:db8:ffff::1", Some(true)),
        ("2001:db8::/32", "2001:db9::", Some(false)),
        ("::/0", "2001:db8::1", Some(true)),
        ("2001:DB8::1/128", "2001:db8:0::1", Some(true)),
        ("0.0.0.0/0", "2001:db8::1", Some(false)),
        ("::/0", "10.0.0.1", Some(false)),
        ("10.0.0.0/33", "10.0.0.1", None),
        ("2001:db8::/129", "2001:db8::1", None),
        ("10.0.0.0/", "10.0.0.1", None),
        ("10.0.0.0/+8", "10.0.0.1", None),
        ("10.0.0.0/8/8", "10.0.0.1", None),
        ("10.0.0.0/99999999999", "10.0.0.1", None),
        ("10.0.0/8", "10.0.0.1", None),
        ("010.0.0.0/8", "10.0.0.1", None),
        ("10.0.0.0/8", "10.0.0.1/32", None),
        ("10.0.0.0/8", "host", None),
        ("", "10.0.0.1", None),
    ];
    for (network, address, expected) in cases {
        assert_eq!(in_network(network, address), expected, "{network} {address}");
    }
}

#[test]
fn over_columns() {
    holds(&[
        ("IS_CN_ID('11010519491231002X')", "TRUE"),
        ("IS_CN_ID(t)", "FALSE"),
        ("IS_CN_ID(t_blank)", "NULL"),
        ("IS_USCC(t_doubt)", "NULL unreadable"),
        ("IS_MASKED(t_lost)", "NULL no-partner"),
        ("CIDR_CONTAINS('10.0.0.0/8', t)", "NULL undecided"),
        ("CIDR_CONTAINS(t_blank, t)", "NULL"),
        ("CIDR_CONTAINS('10.0.0.0/8', '10.1.2.3')", "TRUE"),
    ]);
}
