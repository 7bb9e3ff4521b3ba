//! `hegui/profile/v1` → [`Profile`].

use std::sync::Arc;

use super::{Decoder, excerpts, string, text};
use crate::model::Profile;
use crate::policy::tree::Value;

/// The profile in `root`. Tailored values stay as written: their types are the controls'.
pub(crate) fn decode(root: Value<'_>, decoder: &mut Decoder<'_>) -> Option<Profile> {
    for glob in ["include", "exclude"].into_iter().filter_map(|key| root.get(key)).flat_map(Value::items) {
        decoder.glob(glob);
    }
    Some(Profile {
        id: string(root.get("id"))?,
        title: text(root.get("title"))?,
        include: excerpts(root.get("include")),
        exclude: excerpts(root.get("exclude")),
        params: root
            .get("params")
            .into_iter()
            .flat_map(Value::named)
            .map(|(name, value)| (name.text, value.excerpt()))
            .collect(),
        vocabulary: string(root.get("vocabulary")),
        facts: excerpts(root.get("facts")),
        source: Arc::clone(root.source()),
    })
}
