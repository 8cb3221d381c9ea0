//! What stands between the cells of a table.

use super::cells::Records;
use super::error::Problem;
use super::number::number;

/// What can stand between cells, the usual first.
const SEPARATORS: [(char, &str); 4] =
    [(',', "commas"), (';', "semicolons"), ('\t', "tabs"), ('|', "bars")];

/// How many lines are looked at.
const LINES: usize = 20;

/// How the first lines look if cut in a certain way.
struct Trial {
    separator: char,
    name: &'static str,
    even: bool,
    numbers: usize,
    cells: usize,
}

/// The table, and its separator if the first line is one that spreadsheets write for each other:
/// `sep=;`.
pub(super) fn stated(text: &str) -> (&str, Option<char>) {
    let end = text.find(['\r', '\n']).unwrap_or(text.len());
    let (first, rest) = text.split_at(end);
    let mark = first.trim().trim_matches('"').to_ascii_lowercase();
    let mark = mark.strip_prefix("sep=").and_then(|mark| mark.parse::<char>().ok());
    let known = mark.filter(|mark| SEPARATORS.iter().any(|(known, _)| known == mark));
    // Without its text the line is an empty one, so that the others keep their numbers.
    if known.is_some() { (rest, known) } else { (text, None) }
}

/// The separator, with a note unless it is a comma.
pub(super) fn separator(text: &str) -> Result<(char, Option<String>), Problem> {
    let trials: Vec<Trial> = SEPARATORS.iter().filter_map(|&way| trial(text, way)).collect();
    let even: Vec<&Trial> = trials.iter().filter(|trial| trial.even).collect();
    let chosen = match (&trials[..], &even[..]) {
        ([], _) => return Ok((',', None)),
        ([only], _) => only,
        (_, [only]) => only,
        (_, []) => return Err(clash(&trials.iter().collect::<Vec<_>>())),
        _ => best(&even)?,
    };
    let note = format!("the cells are separated by {}", chosen.name);
    Ok((chosen.separator, (chosen.separator != ',').then_some(note)))
}

/// Cutting at the wrong mark leaves cells such as `5;1`: the right one has more numbers.
fn best<'a>(even: &[&'a Trial]) -> Result<&'a Trial, Problem> {
    let better = |a: &Trial, b: &Trial| a.numbers * b.cells > b.numbers * a.cells;
    let winner = even.iter().find(|&&a| even.iter().all(|&b| a.name == b.name || better(a, b)));
    winner.copied().ok_or_else(|| clash(even))
}

fn clash(trials: &[&Trial]) -> Problem {
    let names: Vec<&str> = trials.iter().map(|trial| trial.name).collect();
    Problem::Separator { readings: names.join(" or by ") }
}

/// Cuts the first lines; `None` if the heading line is not cut at all.
fn trial(text: &str, (separator, name): (char, &'static str)) -> Option<Trial> {
    let mut records = Records::new(text, separator);
    let mut cells = Vec::new();
    let mut trial = Trial { separator, name, even: true, numbers: 0, cells: 0 };
    let mut width = 0;
    for at in 0..LINES {
        match records.next(&mut cells) {
            Ok(Some(_)) if at == 0 && cells.len() < 2 => return None,
            Ok(Some(_)) => {}
            Ok(None) if at == 0 => return None,
            Ok(None) => break,
            // A bad quote is reported later, with its place.
            Err(_) if at == 0 => return text_has(text, separator).then_some(trial),
            Err(_) => break,
        }
        width = if at == 0 { cells.len() } else { width };
        trial.even &= cells.len() == width;
        trial.cells += cells.len();
        let comma = separator != ',';
        trial.numbers += cells.iter().filter(|cell| number(cell, comma).is_some()).count();
    }
    Some(trial)
}

/// Whether the separator occurs in the first line at all.
fn text_has(text: &str, separator: char) -> bool {
    text.lines().next().is_some_and(|line| line.contains(separator))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_for_spreadsheets_states_the_separator() {
        assert_eq!(stated("sep=;\r\na;b\r\n"), ("\r\na;b\r\n", Some(';')));
        assert_eq!(stated("\"SEP=,\"\na,b"), ("\na,b", Some(',')));
        for text in ["sep,class\n1,2", "sep=\n", "sep=x\na", ""] {
            assert_eq!(stated(text), (text, None));
        }
    }
}
