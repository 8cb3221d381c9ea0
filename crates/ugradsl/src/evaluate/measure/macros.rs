//! The enums of the tables in `mod.rs`.

/// `Variant => module`, where the module explains the measure.
macro_rules! measures {
    ($($variant:ident => $module:ident),+ $(,)?) => {
        /// A measure that this library computes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(missing_docs, reason = "each explains itself")]
        #[non_exhaustive]
        pub enum Measure {
            $($variant),+
        }

        impl Measure {
            /// All measures, in reading order.
            pub const ALL: [Self; [$(stringify!($variant)),+].len()] = [$(Self::$variant),+];

            /// Its explanation.
            pub const fn explanation(self) -> Explanation {
                match self {
                    $(Self::$variant => $module::EXPLANATION),+
                }
            }
        }
    };
}

/// `Variant: measure, set, unit, key, key in summaries, title, digits, when absent, [tables];`
macro_rules! figures {
    ($($variant:ident: $measure:ident, $part:ident, $unit:ident, $key:literal, $summary:literal,
        $title:literal, $digits:literal, $absent:ident, [$($table:ident)*];)+) => {
        /// One number of a measure.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(missing_docs, reason = "each has a title and a measure that explains it")]
        #[non_exhaustive]
        pub enum Figure {
            $($variant),+
        }

        impl Figure {
            /// All figures, in the order of tables.
            pub const ALL: [Self; [$(stringify!($variant)),+].len()] = [$(Self::$variant),+];

            /// Its row of the table.
            const fn row(self) -> figure::Row {
                match self {
                    $(Self::$variant => figure::Row {
                        measure: Measure::$measure,
                        part: Part::$part,
                        unit: Unit::$unit,
                        key: $key,
                        summary_key: $summary,
                        title: $title,
                        digits: $digits,
                        absent: WhenAbsent::$absent,
                        tables: &[$(FigureTable::$table),*],
                    }),+
                }
            }
        }
    };
}
