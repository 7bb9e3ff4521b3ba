//! "Did you mean": the nearest known name to a misspelt one.

/// The nearest of `known` to `name`, if it is near enough to be what was meant.
///
/// # Examples
/// ```
/// use hegui::text::suggest::nearest;
/// assert_eq!(nearest("mfa_enabld", ["role", "mfa_enabled"]), Some("mfa_enabled"));
/// assert_eq!(nearest("colour", ["role", "mfa_enabled"]), None);
/// ```
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = name.to_lowercase();
    let limit = (wanted.chars().count() / 3).max(1);
    known
        .into_iter()
        .map(|candidate| (strsim::osa_distance(&wanted, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}
