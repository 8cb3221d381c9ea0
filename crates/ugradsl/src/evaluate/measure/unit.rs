//! The units of figures, and the sets on which they are measured.

use serde::{Deserialize, Serialize};

/// The unit of a figure. How far it may differ between two machines, and how a table shows it,
/// follow from the unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Unit {
    /// Per cent, 0 to 100.
    Percent,
    /// Percentage points.
    Points,
    /// Nats: natural logarithms.
    Nats,
    /// A number from 0 to 1.
    Fraction,
    /// Wall time in seconds.
    Seconds,
    /// Wall time as a share of another, shown in per cent.
    TimeShare,
    /// Bytes of memory, shown in MiB.
    Bytes,
    /// Steps of training.
    Steps,
    /// A whole number of things.
    Count,
}

impl Unit {
    /// The unit in words; empty for a bare number.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Percent => "per cent",
            Self::Points => "points",
            Self::Nats => "nats",
            Self::Fraction | Self::TimeShare | Self::Count => "",
            Self::Seconds => "seconds",
            Self::Bytes => "MiB",
            Self::Steps => "steps",
        }
    }

    /// How much of this unit one percentage point of tolerance is: 0 for counts and clock readings,
    /// which do not depend on a device's rounding.
    pub const fn per_point(self) -> f64 {
        match self {
            Self::Percent | Self::Points => 1.0,
            Self::Nats | Self::Fraction => 0.01,
            Self::Seconds | Self::TimeShare | Self::Bytes | Self::Steps | Self::Count => 0.0,
        }
    }

    /// Whether it is a cost of a run, for which clock and allocator give another value each time.
    pub const fn is_cost(self) -> bool {
        matches!(self, Self::Seconds | Self::TimeShare | Self::Bytes)
    }

    /// Whether its values are whole numbers, written without a point.
    pub const fn is_whole(self) -> bool {
        matches!(self, Self::Bytes | Self::Steps | Self::Count)
    }

    /// `value` of a record as summaries have it: MiB instead of bytes.
    pub fn summarised(self, value: f64) -> f64 {
        match self {
            Self::Bytes => value / 1024.0 / 1024.0,
            _ => value,
        }
    }

    /// The factor by which tables multiply a summary's value: a share of time is shown in per cent.
    pub const fn table_factor(self) -> f64 {
        match self {
            Self::TimeShare => 100.0,
            _ => 1.0,
        }
    }
}

/// The rows on which a figure is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The forget set.
    Forget,
    /// The retain set.
    Retain,
    /// The test set.
    Test,
    /// All three sets, or the run as a whole.
    All,
}

impl Part {
    /// Display name, such as `forget set`.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Forget => "forget set",
            Self::Retain => "retain set",
            Self::Test => "test set",
            Self::All => "all sets",
        }
    }
}
