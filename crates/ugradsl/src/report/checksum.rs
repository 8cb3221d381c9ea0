//! The report's checksum of itself, which reveals an edited field.
//!
//! It covers the JSON text without white space between the tokens and with the digest itself left
//! empty. Numbers count as they are written, because reading and writing them may change the last
//! digit.

use super::{Report, ReportError};
use crate::digest;

/// How the text without white space ends.
fn ending(digest: &str) -> String {
    format!(",\"digest\":\"{digest}\"}}")
}

/// JSON without white space between its tokens.
fn compact(text: &str) -> String {
    let (mut quoted, mut escaped) = (false, false);
    let kept = |character: &char| {
        if quoted {
            quoted = escaped || *character != '"';
            escaped = !escaped && *character == '\\';
            return true;
        }
        quoted = *character == '"';
        !matches!(character, ' ' | '\t' | '\n' | '\r')
    };
    text.chars().filter(kept).collect()
}

/// The digest that the report in `text` should state, given the one that it states; `None` if that
/// is not its last field.
pub(super) fn expected(text: &str, stated: &str) -> Option<String> {
    let compact = compact(text);
    let rest = compact.strip_suffix(&ending(stated))?;
    Some(digest::bytes(format!("{rest}{}", ending("")).as_bytes()))
}

impl Report {
    /// Whether `text`, from which this report was read, is as [`to_json`](Self::to_json) wrote it:
    /// whether its digest is that of its other fields.
    pub fn is_intact(&self, text: &str) -> bool {
        expected(text, &self.digest).is_some_and(|digest| digest == self.digest)
    }

    /// The machine form: one JSON object, see the crate's README for its fields. The last one,
    /// `digest`, is a SHA-256 over all others.
    ///
    /// # Errors
    ///
    /// If a value has no JSON form.
    pub fn to_json(&self) -> Result<String, ReportError> {
        let open = Self { digest: String::new(), ..self.clone() };
        let digest = digest::bytes(serde_json::to_string(&open)?.as_bytes());
        Ok(serde_json::to_string_pretty(&Self { digest, ..open })?)
    }

    /// Reads the text that [`to_json`](Self::to_json) writes. The digest is not checked here, but
    /// by [`verify`](fn@super::verify).
    ///
    /// # Errors
    ///
    /// [`ReportError::Schema`] if the text is of another version, [`ReportError::Json`] if it is
    /// not a report.
    pub fn from_json(text: &str) -> Result<Self, ReportError> {
        let value = serde_json::from_str::<serde_json::Value>(text)?;
        if value["runs"].is_null() || value["schema_version"].is_null() {
            return Err(ReportError::NotAReport);
        }
        let version = value["schema_version"].clone();
        if version != super::SCHEMA_VERSION {
            return Err(ReportError::Schema { found: version.to_string() });
        }
        let mut report: Self = serde_json::from_str(text)?;
        // Earlier versions measured on all test rows and did not say so.
        if value["config"]["validation"].is_null() {
            report.config.validation = 0.0;
        }
        Ok(report)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_counts_only_within_strings() {
        let text = "{ \"a b\" : [1,\n\t2],\"c\":\"\\\" x \\\\\" , \"d\": \"\" }";
        assert_eq!(compact(text), "{\"a b\":[1,2],\"c\":\"\\\" x \\\\\",\"d\":\"\"}");
    }

    #[test]
    fn the_digest_is_that_of_the_text_without_it() {
        // printf '{"a":1,"digest":""}' | sha256sum
        let sum = "033ab600cc49be23751482c88ef2d2f826657455f273c7f616c0cdf351a07f64";
        assert_eq!(expected("{\"a\": 1, \"digest\": \"12\"}\n", "12").as_deref(), Some(sum));
        assert_eq!(expected("{\"digest\": \"12\", \"a\": 1}", "12"), None);
    }
}
