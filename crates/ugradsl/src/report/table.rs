//! The tables of a report, whatever form they take.

/// A table, the same in every form for readers.
pub(super) struct Table {
    pub(super) heading: &'static str,
    pub(super) caption: &'static str,
    pub(super) header: Vec<&'static str>,
    pub(super) rows: Vec<Vec<String>>,
}
