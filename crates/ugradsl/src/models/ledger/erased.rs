//! Which of the forgotten rows have been erased from the data since. Rows are known by their
//! digests, and a forgotten row may have a copy that is to stay: then nobody can tell which of the
//! two is there, but what the data were before tells how many are gone.

use std::collections::BTreeMap;

use super::Ledger;
use crate::data::{RowDigest, RowIndex};

/// The most entries or rows of which every combination is tried.
const COMBINED: usize = 12;

/// A forgotten row.
#[derive(Debug, Clone, Copy)]
struct Row {
    digest: RowDigest,
    /// Its number at the request.
    number: u32,
    /// The entry of the ledger, from 0.
    entry: usize,
}

impl Ledger {
    /// The rows of all requests that are not among rows with the digests `here`, each once.
    pub(crate) fn erased(&self, here: &[RowDigest]) -> Vec<RowDigest> {
        digests(&self.erased_and_there(here).0)
    }

    /// The rows of all requests that were erased if the rows with the digests `here` were `then`
    /// rows before, with the sum of digests `contents`; `None` if no erasure explains it. Where
    /// copies leave it open which rows were, whole requests are tried first, then single rows.
    pub(crate) fn erased_since(
        &self,
        here: &[RowDigest],
        then: usize,
        contents: RowDigest,
    ) -> Option<Vec<RowDigest>> {
        let (gone, there) = self.erased_and_there(here);
        let open = then.checked_sub(here.len() + gone.len())?;
        let gone = digests(&gone);
        let known = RowDigest::sum(here.iter().chain(&gone).copied());
        let explains =
            |also: &Vec<RowDigest>| RowDigest::sum(also.iter().copied().chain([known])) == contents;
        let mut of_entries: BTreeMap<usize, Vec<Row>> = BTreeMap::new();
        for row in &there {
            of_entries.entry(row.entry).or_default().push(*row);
        }
        let of_entries: Vec<Vec<Row>> = of_entries.into_values().collect();
        let of_rows: Vec<Vec<Row>> = there.iter().map(|row| vec![*row]).collect();
        let also = combined(&of_entries, open)
            .chain(combined(&of_rows, open))
            .map(|rows| digests(&rows))
            .find(explains)?;
        Some(gone.into_iter().chain(also).collect())
    }

    /// Number of rows of all requests, each once.
    pub fn forgotten_rows(&self) -> usize {
        match self.0.iter().all(|entry| entry.contents.len() == entry.rows.len()) {
            true => self.each_once().len(),
            false => self.rows().len(),
        }
    }

    /// The rows of all requests: those that are not among rows with the digests `here`, and those
    /// that are there or have a copy there.
    fn erased_and_there(&self, here: &[RowDigest]) -> (Vec<Row>, Vec<Row>) {
        let mut index = RowIndex::new(here);
        let rows = self.each_once().into_iter();
        rows.partition(|row| index.take(row.digest, row.number).is_none())
    }

    /// The rows of all requests by what they are. A row that several requests name counts once;
    /// copies within a request count each.
    fn each_once(&self) -> Vec<Row> {
        let mut most: BTreeMap<RowDigest, Vec<Row>> = BTreeMap::new();
        for (entry, forgotten) in self.0.iter().enumerate() {
            let mut these: BTreeMap<RowDigest, Vec<Row>> = BTreeMap::new();
            for (&digest, &number) in forgotten.contents.iter().zip(&forgotten.rows) {
                these.entry(digest).or_default().push(Row { digest, number, entry });
            }
            for (digest, rows) in these {
                let known = most.entry(digest).or_default();
                if known.len() < rows.len() {
                    *known = rows;
                }
            }
        }
        most.into_values().flatten().collect()
    }
}

fn digests(rows: &[Row]) -> Vec<RowDigest> {
    rows.iter().map(|row| row.digest).collect()
}

/// Groups of rows put together so that they are `count` rows: every combination of a few groups; of
/// many, each alone, the first ones and the last ones.
fn combined(groups: &[Vec<Row>], count: usize) -> Box<dyn Iterator<Item = Vec<Row>> + '_> {
    if groups.len() > COMBINED {
        let alone = groups.iter().filter(move |rows| rows.len() == count).cloned();
        let ends = [first(groups.iter(), count), first(groups.iter().rev(), count)];
        return Box::new(alone.chain(ends.into_iter().flatten()));
    }
    let chosen = |chosen: usize| {
        groups.iter().enumerate().filter(move |(at, _)| chosen >> at & 1 == 1).map(|(_, rows)| rows)
    };
    let fits = move |rows: usize| chosen(rows).map(Vec::len).sum::<usize>() == count;
    let all = (0..1_usize << groups.len()).filter(move |&rows| fits(rows));
    Box::new(all.map(move |rows| chosen(rows).flatten().copied().collect()))
}

/// The first groups that are `count` rows together, if any are.
fn first<'a>(groups: impl Iterator<Item = &'a Vec<Row>>, count: usize) -> Option<Vec<Row>> {
    let mut rows = Vec::new();
    for group in groups {
        if rows.len() >= count {
            break;
        }
        rows.extend_from_slice(group);
    }
    (rows.len() == count).then_some(rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Dataset, ImageSet, Normalisation};
    use crate::models::Forgotten;

    /// Rows of one pixel each.
    fn data(pixels: &[u8]) -> Dataset {
        let labels = vec![0; pixels.len()];
        let train = ImageSet::new([1, 1, 1], pixels.to_vec(), labels).expect("images");
        let test = ImageSet::new([1, 1, 1], vec![0, 1], vec![0, 1]).expect("images");
        Dataset::new("x", 2, train, test, Normalisation::identity(1)).expect("a data set")
    }

    fn forgotten(rows: &[u32], data: &Dataset) -> Forgotten {
        Forgotten::new("ids:FILE", rows.to_vec(), data.digest(), "ugradsl", 1).with_contents(data)
    }

    /// The pixels that were erased of `before`, if `here` is what is left of it.
    fn erased(ledger: &Ledger, before: &[u8], here: &[u8]) -> Option<Vec<u8>> {
        let digests = data(before).row_digests();
        let contents = RowDigest::sum(digests.iter().copied());
        let found = ledger.erased_since(&data(here).row_digests(), before.len(), contents)?;
        let pixel = |digest: &RowDigest| {
            digests.iter().position(|known| known == digest).map(|at| before[at])
        };
        let mut pixels: Vec<u8> = found.iter().filter_map(pixel).collect();
        pixels.sort_unstable();
        Some(pixels)
    }

    #[test]
    fn of_copies_it_is_told_how_many_were_erased() {
        let before = [7, 8, 7, 8, 7, 9];
        let mut ledger = Ledger::default();
        ledger.push(forgotten(&[0, 1], &data(&before)));
        ledger.push(forgotten(&[5], &data(&before)));
        let cases: [(&[u8], Option<&[u8]>); 7] = [
            (&before, Some(&[])),
            (&[7, 8, 7, 9], Some(&[7, 8])),
            (&[7, 8, 7, 8, 7], Some(&[9])),
            (&[7, 8, 7], Some(&[7, 8, 9])),
            // One of a request.
            (&[7, 7, 8, 7, 9], Some(&[8])),
            // More copies than were forgotten, and a row that is new.
            (&[7, 8, 8, 9], None),
            (&[7, 8, 7, 8, 7, 9, 3], None),
        ];
        for (here, expected) in cases {
            assert_eq!(erased(&ledger, &before, here).as_deref(), expected, "{here:?}");
        }
    }

    #[test]
    fn many_requests_with_copies_are_told_apart() {
        let before: Vec<u8> = (0..40).flat_map(|pixel| [pixel, pixel]).collect();
        let mut ledger = Ledger::default();
        for row in 0..40 {
            ledger.push(forgotten(&[2 * row], &data(&before)));
        }
        for erased_rows in [0, 1, 20, 39, 40] {
            let here: Vec<u8> = (0..40).chain(erased_rows..40).collect();
            let expected: Vec<u8> = (0..erased_rows).collect();
            assert_eq!(erased(&ledger, &before, &here), Some(expected));
        }
    }
}
