//! Figures in JSON.

/// To a millionth: such numbers come back from JSON as they were written. JSON has nothing for
/// numbers that are not finite.
fn written(figure: f64) -> Option<f64> {
    let rounded = (figure * 1e6).round() / 1e6;
    if rounded.is_finite() { Some(rounded) } else { None }
}

/// A figure; `null` where it is not known.
pub(super) mod figure {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(in super::super) fn serialize<S: Serializer>(
        figure: &f64,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        super::written(*figure).serialize(serializer)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<f64, D::Error> {
        Ok(Option::deserialize(deserializer)?.unwrap_or(f64::NAN))
    }
}

/// The same where a figure may be absent.
pub(super) mod maybe {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(in super::super) fn serialize<S: Serializer>(
        figure: &Option<f64>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        figure.and_then(super::written).serialize(serializer)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<f64>, D::Error> {
        Option::deserialize(deserializer)
    }
}
