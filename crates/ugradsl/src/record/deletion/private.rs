//! What a private record keeps to itself.

use super::{DeletionRecord, RowFacts};

/// Stands for what is not said.
const WITHHELD: &str = "(withheld)";

impl DeletionRecord {
    /// The record as it may be shown: if it is private, without names of rows. The request is cut
    /// where it names a file, a group of rows or a value that they share, which may be a person.
    pub(super) fn withheld(&self) -> Self {
        if !self.private {
            return self.clone();
        }
        let row = |row: &RowFacts| RowFacts {
            name: None,
            copy_of: row.copy_of.as_ref().map(|_| WITHHELD.to_owned()),
            ..row.clone()
        };
        let rows = self.rows.iter().map(row).collect();
        Self { rows, request: request(&self.request), ..self.clone() }
    }
}

fn request(request: &str) -> String {
    // Names may hold anything, an `and` too: what follows the first one is left out as well.
    let ends = ["file:", "group:", "where:"].iter().filter_map(|form| {
        let at = request.match_indices(form).map(|(at, _)| at);
        let mut begins = at.filter(|at| request[..*at].chars().next_back().is_none_or(is_apart));
        begins.next().map(|at| at + form.len())
    });
    match ends.min().and_then(|end| request.get(..end)) {
        Some(kept) => format!("{kept}{WITHHELD}"),
        None => request.to_owned(),
    }
}

fn is_apart(character: char) -> bool {
    !character.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::request;

    #[test]
    fn a_request_is_cut_where_it_names_a_row() {
        for (typed, shown) in [
            ("class:cat", "class:cat"),
            ("files:list.txt", "files:list.txt"),
            ("file:anna.jpg", "file:(withheld)"),
            ("class:cat and group:ann and bob", "class:cat and group:(withheld)"),
            ("group:file:x", "group:(withheld)"),
            ("random:10% and where:email=ann@x", "random:10% and where:(withheld)"),
            ("ümgroup:x", "ümgroup:x"),
            ("", ""),
        ] {
            assert_eq!(request(typed), shown);
        }
    }
}
