//! How columns of the training part become numbers.

use std::collections::{BTreeMap, BTreeSet};

use super::super::rounded;
use super::error::Problem;
use super::grid::Grid;
use super::listed::{Listed, names, quoted, rows, typed};
use super::number::{flag, is_missing, like_number, number};
use super::pixels::place;
use super::reading::{FeatureReading, How};
use super::roles::Roles;
use super::suspects::are_texts;

/// With more categories, a column is refused.
const MOST_CATEGORIES: usize = 32;

/// What is in a column, apart from missing values.
#[derive(Default)]
struct Profile<'a> {
    numbers: usize,
    flags: usize,
    others: usize,
    /// The first row that is neither a number nor yes or no.
    odd: Option<usize>,
    /// The first row that is made like a number, but is not read as one.
    like: Option<usize>,
    /// The first row with a decimal point, and the first with a decimal comma.
    points: Option<usize>,
    commas: Option<usize>,
    infinite: Vec<usize>,
    /// The first row of a number in groups of three digits, and how many numbers are so, or whole.
    grouped: Option<usize>,
    in_groups: usize,
    whole: usize,
    different: BTreeSet<&'a str>,
}

/// How each column is read; refuses all that cannot be in one message.
pub(super) fn fit(
    grid: &Grid,
    roles: &Roles,
    notes: &mut Vec<String>,
) -> Result<Vec<FeatureReading>, Problem> {
    let (mut odd, mut infinite) = (Listed::default(), Listed::default());
    let mut features = Vec::with_capacity(roles.rest.len());
    let mut marks = [None, None];
    for &column in &roles.rest {
        let profile = profile(grid, column);
        for (mark, row) in marks.iter_mut().zip([profile.points, profile.commas]) {
            *mark = mark.or_else(|| Some((row?, column)));
        }
        for &row in &profile.infinite {
            infinite.push(|| place(grid, row, column));
        }
        match how(grid, column, &profile, roles.wanted.contains(&column)) {
            Ok(Some(how)) => {
                say(grid, column, &how, notes);
                features.push(FeatureReading { column: grid.name(column).to_owned(), how });
            }
            Ok(None) if profile.infinite.is_empty() => {
                infinite.push(|| format!("{} (its deviation)", quoted(grid.name(column))));
            }
            Ok(None) => {}
            Err(message) => odd.push(|| message),
        }
    }
    if !odd.is_empty() {
        return Err(Problem::Odd { columns: odd });
    }
    if let [Some(point), Some(comma)] = marks {
        let [point, comma] = [point, comma].map(|(row, column)| place(grid, row, column));
        return Err(Problem::Marks { point, comma });
    }
    if !infinite.is_empty() {
        return Err(Problem::Infinite { places: infinite });
    }
    constant(&features, notes)?;
    notes.extend(same_as_the_label(grid, roles, &features));
    Ok(features)
}

/// Fewer rows may agree by chance.
const FEW_ROWS: usize = 12;

/// A note where a feature tells the label of every row, and the label the feature: it may be another
/// form of the label.
fn same_as_the_label(grid: &Grid, roles: &Roles, features: &[FeatureReading]) -> Option<String> {
    let agrees = |name: &&str| {
        let Some(column) = grid.find(name) else { return false };
        let (mut there, mut back) = (BTreeMap::new(), BTreeMap::new());
        grid.column(column).zip(grid.column(roles.label)).all(|(cell, label)| {
            *there.entry(cell).or_insert(label) == label
                && *back.entry(label).or_insert(cell) == cell
        })
    };
    let read = features.iter().filter(|it| it.how != How::Constant).map(|it| it.column.as_str());
    let same: Vec<&str> = read.filter(agrees).collect();
    (grid.rows() >= FEW_ROWS && !same.is_empty()).then(|| {
        format!(
            "{} tells the label of every row, and the label tells it: if it is another form of the label, leave it out \
             with --ignore",
            names(same.into_iter())
        )
    })
}

fn profile(grid: &Grid, column: usize) -> Profile<'_> {
    let mut profile = Profile::default();
    for (row, cell) in grid.column(column).enumerate().filter(|(_, cell)| !is_missing(cell)) {
        let cell = cell.trim();
        if let Some(value) = number(cell, grid.comma) {
            profile.numbers += 1;
            for (mark, first) in [('.', &mut profile.points), (',', &mut profile.commas)] {
                if cell.contains(mark) {
                    first.get_or_insert(row);
                }
            }
            if !value.is_finite() {
                profile.infinite.push(row);
            }
            if is_grouped(cell) {
                profile.grouped.get_or_insert(row);
                profile.in_groups += 1;
            }
            profile.whole += usize::from(cell.bytes().all(|byte| byte.is_ascii_digit()));
        } else if flag(cell).is_some() {
            profile.flags += 1;
        } else {
            profile.others += 1;
            profile.odd.get_or_insert(row);
            if like_number(cell) {
                profile.like.get_or_insert(row);
            }
        }
        if profile.different.len() <= MOST_CATEGORIES {
            profile.different.insert(cell);
        }
    }
    profile
}

/// Whether a number is written as `12.500` or `1,250`: in groups of three digits.
fn is_grouped(cell: &str) -> bool {
    let digits = cell.trim_start_matches(['+', '-']);
    let mut groups = digits.split(['.', ',']);
    let first = groups.next().unwrap_or_default();
    let numeric = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (1..=3).contains(&first.len())
        && !first.starts_with('0')
        && numeric(first)
        && digits.len() > first.len()
        && groups.all(|group| group.len() == 3 && numeric(group))
}

/// How a column is read; `None` if its numbers are too large to compute with.
fn how(
    grid: &Grid,
    column: usize,
    profile: &Profile<'_>,
    wanted: bool,
) -> Result<Option<How>, String> {
    let name = grid.name(column);
    let ignore = format!("--ignore {}", typed(name));
    let texts = profile.flags + profile.others;
    if let (Some(_), Some(row)) = (profile.points, profile.commas) {
        let place = place(grid, row, column);
        return Err(format!("{place}, but points are decimal marks elsewhere in it ({ignore})"));
    }
    if let (Some(row), false) = (profile.grouped, wanted)
        && profile.whole > 0
        && profile.whole + profile.in_groups == profile.numbers
    {
        return Err(format!(
            "{}: its mark may separate thousands or decimals (write numbers without marks for \
             thousands, {ignore}, or --feature {} if it is a decimal mark)",
            place(grid, row, column),
            typed(name)
        ));
    }
    if texts == 0 {
        return Ok(numbers(grid, column, profile.different.len() < 2));
    }
    let odd = profile.odd.map_or_else(|| quoted(name), |row| place(grid, row, column));
    let categories = format!("{ignore}, or --feature {} to take it as categories", typed(name));
    if profile.numbers > 0 && !wanted {
        return Err(format!(
            "{odd}, but numbers in {} (leave the cell empty if it is missing, {categories})",
            rows(profile.numbers)
        ));
    }
    if let (Some(row), false) = (profile.like, wanted) {
        let place = place(grid, row, column);
        return Err(format!("{place}, which is not a number as it is written ({categories})"));
    }
    if profile.different.len() > MOST_CATEGORIES {
        return Err(too_many(grid, column));
    }
    if profile.different.len() == 1 {
        return Ok(Some(How::Constant));
    }
    if profile.others == 0 && profile.numbers == 0 {
        return Ok(Some(flags(grid, column)));
    }
    let categories = profile.different.iter().map(|&cell| cell.to_owned()).collect();
    Ok(Some(How::Categories(categories)))
}

fn too_many(grid: &Grid, column: usize) -> String {
    let all: BTreeSet<&str> = grid.column(column).filter(|cell| !is_missing(cell)).collect();
    let name = typed(grid.name(column));
    let text = if are_texts(grid, column) { "--text" } else { "--group" };
    format!(
        "{} has {} different texts, where {MOST_CATEGORIES} can be categories (--ignore {name} or \
         {text} {name})",
        quoted(grid.name(column)),
        all.len()
    )
}

fn numbers(grid: &Grid, column: usize, same: bool) -> Option<How> {
    let present = grid.column(column).filter(|cell| !is_missing(cell));
    let values: Vec<f64> = present.filter_map(|cell| number(cell, grid.comma)).collect();
    let first = values.first().copied().unwrap_or(0.0);
    if same || values.iter().all(|&value| value == first) {
        return first.is_finite().then_some(How::Constant);
    }
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    let deviation = (squares / count).sqrt();
    let usable = mean.is_finite() && deviation.is_normal();
    usable.then_some(How::Number { mean: rounded(mean), deviation: rounded(deviation) })
}

fn flags(grid: &Grid, column: usize) -> How {
    let flags: Vec<bool> = grid.column(column).filter_map(flag).collect();
    let yes = flags.iter().filter(|&&flag| flag).count();
    let mean = yes as f64 / flags.len().max(1) as f64;
    if mean == 0.0 || mean == 1.0 { How::Constant } else { How::Flag { mean: rounded(mean) } }
}

/// Says how a column was read, where another reading could have been meant.
fn say(grid: &Grid, column: usize, how: &How, notes: &mut Vec<String>) {
    let name = quoted(grid.name(column));
    match how {
        How::Categories(categories) => {
            let listed = names(categories.iter().map(String::as_str));
            notes.push(format!("{name} became {} categories: {listed}", categories.len()));
        }
        How::Flag { .. } => notes.push(format!("{name}: yes or true became 1, no or false 0")),
        How::Number { .. } => notes.extend(stands_for_missing(grid, column)),
        How::Constant => {}
    }
}

/// Numbers that programs write for a missing value, where a column has one of them and nothing else
/// near it.
const STAND_INS: [f64; 10] =
    [-1.0, -9.0, -99.0, -999.0, -9999.0, 99.0, 999.0, 9999.0, 99999.0, 1e20];

/// A note where a number looks like a stand-in for a missing value: it occurs more than once and is
/// far from all others, which are on one side of zero.
fn stands_for_missing(grid: &Grid, column: usize) -> Option<String> {
    let values = grid.column(column).filter_map(|cell| number(cell.trim(), grid.comma));
    let (mut count, mut stand_in) = (0, None);
    let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
    for value in values {
        if STAND_INS.contains(&value) && stand_in.is_none_or(|known| known == value) {
            (count, stand_in) = (count + 1, Some(value));
        } else {
            (least, most) = (least.min(value), most.max(value));
        }
    }
    let found = stand_in.filter(|&found| {
        let alone = if found < 0.0 { least >= 0.0 } else { least >= 0.0 && most < found / 10.0 };
        count > 1 && most > least && alone
    })?;
    let (name, rows) = (grid.name(column), rows(count));
    Some(format!(
        "{} is {found} in {rows}, which often stands for a missing value, and was taken as a number: \
         leave these cells empty if they are missing",
        quoted(name)
    ))
}

/// Says which columns teach nothing.
fn constant(features: &[FeatureReading], notes: &mut Vec<String>) -> Result<(), Problem> {
    let is_constant = |it: &&FeatureReading| it.how == How::Constant;
    let constant = features.iter().filter(is_constant).map(|it| it.column.as_str());
    let names = names(constant);
    if names.len() == features.len() {
        return Err(Problem::AllConstant { names });
    }
    if !names.is_empty() {
        notes.push(format!("left out, because they are the same in every training row: {names}"));
    }
    Ok(())
}
