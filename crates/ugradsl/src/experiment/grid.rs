//! A grid of settings: each combination of the values of its axes is one experiment.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;
use toml::{Table, Value};

use super::{RecipeError, keys_overlap};
use crate::{digest, unlearn::Method};

/// A larger grid is almost certainly a typo.
const MOST_CELLS: usize = 10_000;

/// Why there is no grid.
#[derive(Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum GridError {
    /// Not `key=value,value`.
    #[error("axis {0:?} is not of the form key=value,value,...")]
    Form(String),
    /// An axis without values.
    #[error("axis {0:?} has no values")]
    Values(String),
    /// The same value twice.
    #[error("axis {key:?} has the value {value} twice")]
    Twice {
        /// The axis.
        key: String,
        /// The value.
        value: String,
    },
    /// The same key twice.
    #[error("{0:?} is an axis twice")]
    Axis(String),
    /// A key that is part of another.
    #[error("the axes {0:?} and {1:?} set the same key: make them one axis")]
    Overlap(String, String),
    /// No axis.
    #[error("nothing to sweep over: name an axis, e.g. ugradsl-plus.p=0.8,0.9")]
    Empty,
    /// Too many combinations.
    #[error("more than {MOST_CELLS} cells")]
    Cells,
}

/// A setting and the values that it takes.
///
/// ```
/// use ugradsl::experiment::Axis;
///
/// let axis: Axis = "ugradsl-plus.p=0.8,0.9".parse()?;
/// assert_eq!(axis.key, "ugradsl-plus.p");
/// assert_eq!(axis.values, ["0.8", "0.9"]);
/// assert!("ugradsl-plus.p".parse::<Axis>().is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Axis {
    /// Key as in a recipe, e.g. `ugradsl-plus.p`.
    pub key: String,
    /// Values, written as in a recipe or as plain text.
    pub values: Vec<String>,
}

impl FromStr for Axis {
    type Err = GridError;

    /// `key=value,value`; a comma within brackets or quotes belongs to a value.
    fn from_str(text: &str) -> Result<Self, GridError> {
        let form = || GridError::Form(text.to_owned());
        let (key, list) = text.split_once('=').ok_or_else(form)?;
        let (mut values, mut depth, mut quoted) = (vec![String::new()], 0_usize, false);
        for character in list.chars() {
            match character {
                '"' => quoted = !quoted,
                '[' | '{' if !quoted => depth += 1,
                ']' | '}' if !quoted => depth = depth.checked_sub(1).ok_or_else(form)?,
                _ => {}
            }
            match values.last_mut() {
                Some(value) if character != ',' || quoted || depth > 0 => value.push(character),
                _ => values.push(String::new()),
            }
        }
        let values: Vec<String> = values.iter().map(|value| value.trim().to_owned()).collect();
        if key.trim().is_empty() || quoted || depth > 0 || values.iter().any(String::is_empty) {
            return Err(form());
        }
        Ok(Self { key: key.trim().to_owned(), values })
    }
}

/// One combination.
///
/// ```
/// use ugradsl::experiment::{Grid, resolve};
///
/// let grid = Grid::new(vec!["forget=class:1,class:2".parse()?, "training.epochs=1".parse()?])?;
/// let cell = &grid.cells()[1];
/// let config = resolve(None, &cell.settings())?;
/// assert_eq!(config.forget, ["class:2"]);
/// assert_eq!(config.training.epochs, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell(Vec<(String, String)>);

impl Cell {
    /// Keys and values, in the order of the axes.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.0
    }

    /// The same as settings for [`resolve`](super::resolve).
    pub fn settings(&self) -> Vec<String> {
        self.0.iter().map(|(key, value)| format!("{key}={value}")).collect()
    }

    /// A name for the cell's folder: readable, and different for different cells.
    pub fn name(&self) -> String {
        let text = self.to_string();
        let plain = |character: char| match character {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '.' | '-' | '=' | '+' => character,
            _ => '_',
        };
        let readable: String = text.chars().map(plain).take(80).collect();
        format!("{readable}-{}", &digest::bytes(text.as_bytes())[..8])
    }

    /// The part on which originals and retrained networks depend: all but the settings of methods
    /// and guards.
    pub fn training(&self) -> Vec<&(String, String)> {
        let of_unlearning = |key: &str| {
            let first = key.split('.').next().unwrap_or_default();
            matches!(first, "method" | "methods" | "guards") || first.parse::<Method>().is_ok()
        };
        self.0.iter().filter(|(key, _)| !of_unlearning(key)).collect()
    }

    /// The part on which originals depend: that of [`training`](Self::training) without the forget
    /// requests.
    pub fn original(&self) -> Vec<&(String, String)> {
        self.training().into_iter().filter(|(key, _)| key != "forget").collect()
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, (key, value)) in self.0.iter().enumerate() {
            let comma = if position == 0 { "" } else { ", " };
            write!(f, "{comma}{key}={value}")?;
        }
        Ok(())
    }
}

/// Axes that fit together.
///
/// ```
/// use ugradsl::experiment::Grid;
///
/// let grid = Grid::new(vec!["seeds=0,1,2".parse()?, "ugradsl.p=0.5,0.9".parse()?])?;
/// assert_eq!(grid.cells().len(), 6);
/// assert_eq!(grid.cells()[1].to_string(), "seeds=0, ugradsl.p=0.9"); // the last axis changes fastest
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid(Vec<Axis>);

impl Grid {
    /// Checks `axes`.
    ///
    /// # Errors
    ///
    /// [`GridError`]
    pub fn new(axes: Vec<Axis>) -> Result<Self, GridError> {
        let mut cells = 1_usize;
        for (position, Axis { key, values }) in axes.iter().enumerate() {
            if values.is_empty() {
                return Err(GridError::Values(key.clone()));
            }
            if axes[..position].iter().any(|other| other.key == *key) {
                return Err(GridError::Axis(key.clone()));
            }
            if let Some(other) = axes[..position].iter().find(|other| keys_overlap(&other.key, key))
            {
                return Err(GridError::Overlap(other.key.clone(), key.clone()));
            }
            for (at, value) in values.iter().enumerate() {
                if values[..at].contains(value) {
                    return Err(GridError::Twice { key: key.clone(), value: value.clone() });
                }
            }
            cells = cells.saturating_mul(values.len());
        }
        match cells {
            _ if axes.is_empty() => Err(GridError::Empty),
            0..=MOST_CELLS => Ok(Self(axes)),
            _ => Err(GridError::Cells),
        }
    }

    /// The axes.
    pub fn axes(&self) -> &[Axis] {
        &self.0
    }

    /// All combinations; the last axis changes fastest.
    pub fn cells(&self) -> Vec<Cell> {
        let product = |cells: Vec<Cell>, axis: &Axis| {
            let longer = |cell: &Cell, value: &String| {
                let mut cell = cell.clone();
                cell.0.push((axis.key.clone(), value.clone()));
                cell
            };
            let each = |cell: &Cell| -> Vec<Cell> {
                axis.values.iter().map(|value| longer(cell, value)).collect()
            };
            cells.iter().flat_map(each).collect()
        };
        self.0.iter().fold(vec![Cell(Vec::new())], product)
    }
}

/// Takes the axes out of a recipe that has `[[sweep]]` tables, each with `key` and `values`: the
/// axes, and the recipe without them.
///
/// # Errors
///
/// [`RecipeError`] if it is not TOML, or an axis has no key or no values.
///
/// # Example
///
/// ```
/// use ugradsl::experiment::{resolve, split_sweep};
///
/// let recipe = r#"
///     seeds = [0, 1]
///
///     [[sweep]]
///     key = "ugradsl.p"
///     values = [0.5, 0.9]
/// "#;
/// let (axes, rest) = split_sweep(recipe)?;
/// assert_eq!(axes[0].values, ["0.5", "0.9"]);
/// assert_eq!(resolve(Some(&rest), &[])?.seeds, [0, 1]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn split_sweep(recipe: &str) -> Result<(Vec<Axis>, String), RecipeError> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Written {
        key: String,
        values: Vec<Value>,
    }
    let mut table: Table = recipe.parse()?;
    let written: Vec<Written> = match table.remove("sweep") {
        Some(sweep) => sweep.try_into().map_err(RecipeError::Value)?,
        None => Vec::new(),
    };
    let axis = |Written { key, values }: Written| Axis {
        key,
        values: values.iter().map(as_setting).collect(),
    };
    Ok((written.into_iter().map(axis).collect(), toml::to_string(&table)?))
}

/// `value` as it is written on the command line, where text needs quotes only if it would mean
/// something else without them. Cells of a recipe then have the same names and folders as those of
/// the command line.
fn as_setting(value: &Value) -> String {
    let is_word = |text: &str| {
        let alone = !text.is_empty() && text.trim() == text && !text.starts_with('[');
        alone && format!("value = {text}").parse::<Table>().is_err()
    };
    match value {
        Value::String(text) if is_word(text) => text.clone(),
        value => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::experiment::resolve;

    #[test]
    fn commas_separate_values_and_lists_stay_whole() {
        let axis = |text: &str| text.parse::<Axis>();
        let values = |text| axis(text).map(|axis| axis.values);
        assert_eq!(values("p=0.8, 0.9"), Ok(vec!["0.8".to_owned(), "0.9".to_owned()]));
        let lists = vec!["[1,2]".to_owned(), "\"a,b\"".to_owned()];
        assert_eq!(values("seeds=[1,2],\"a,b\""), Ok(lists));
        for wrong in ["p", "p=", "=1", "p=1,,2", "p=[1", "p=1]", "p=\"1"] {
            assert_eq!(axis(wrong), Err(GridError::Form(wrong.to_owned())));
        }
    }

    #[test]
    fn cells_are_all_combinations_and_settings_that_a_recipe_takes() {
        let axes = ["forget=class:1,random:5%", "ugradsl-plus.p=0.8,0.9", "seeds=0,1"];
        let grid = Grid::new(axes.map(|axis| axis.parse().unwrap()).to_vec()).unwrap();
        let cells = grid.cells();
        assert_eq!(cells.len(), 8);
        let config = resolve(None, &cells[7].settings()).unwrap();
        assert_eq!((config.forget, config.seeds), (vec!["random:5%".to_owned()], vec![1]));
        let method = serde_json::to_value(config.method.get(Method::UGradSlPlus)).expect("JSON");
        assert_eq!(method["p"], 0.9);
        let mut names: Vec<_> = cells.iter().map(Cell::name).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), 8, "{names:?}");
        assert_eq!(
            cells[0].training(),
            cells[2].training(),
            "the retrained network does not depend on p"
        );
        assert_ne!(cells[0].training(), cells[4].training());
    }

    #[test]
    fn a_recipe_with_axes_is_taken_apart() {
        let recipe = "limit_train = 100\n[[sweep]]\nkey = \"forget\"\nvalues = [\"class:1\"]\n\
                      [[sweep]]\nkey = \"ugradsl.alpha\"\nvalues = [-1, -0.5]\n";
        let (axes, rest) = split_sweep(recipe).unwrap();
        let grid = Grid::new(axes).unwrap();
        let config = resolve(Some(&rest), &grid.cells()[0].settings()).unwrap();
        assert_eq!((config.limit_train, config.forget), (Some(100), vec!["class:1".to_owned()]));
        let method = serde_json::to_value(config.method.get(Method::UGradSl)).expect("JSON");
        assert_eq!(method["alpha"], -1.0);
        assert!(matches!(resolve(Some(recipe), &[]), Err(RecipeError::Sweep)));
        assert!(split_sweep("[[sweep]]\nkey = 3").is_err());
        assert!(split_sweep("sweep = 3").is_err());
        let values = "values = [\"class:1\", \"random:1%\", \"0.5\", \"true\", \" a\", \"[x\", \"a#b\", \"\", 0.5]";
        let (axes, _) = split_sweep(&format!("[[sweep]]\nkey = \"name\"\n{values}")).unwrap();
        let written = [
            "class:1",
            "random:1%",
            "\"0.5\"",
            "\"true\"",
            "\" a\"",
            "\"[x\"",
            "a#b",
            "\"\"",
            "0.5",
        ];
        assert_eq!(axes[0].values, written);
        let names = axes[0].values.iter().map(|value| {
            let config = resolve(None, &[format!("name={value}")]);
            config.map_or_else(|_| "no word".to_owned(), |config| config.name)
        });
        let meant = ["class:1", "random:1%", "0.5", "true", " a", "[x", "a#b", "", "no word"];
        assert_eq!(names.collect::<Vec<_>>(), meant);
    }

    #[test]
    fn every_recipe_that_is_shipped_can_be_carried_out() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../recipes");
        let mut seen = 0;
        for entry in std::fs::read_dir(folder).expect("the recipes") {
            let path = entry.expect("an entry").path();
            let text = std::fs::read_to_string(&path).expect("UTF-8");
            let (axes, rest) = split_sweep(&text).expect("TOML");
            let cells = match axes.is_empty() {
                true => vec![Vec::new()],
                false => {
                    let cells = Grid::new(axes).expect("a grid").cells();
                    cells.iter().map(Cell::settings).collect()
                }
            };
            for settings in cells {
                let config = resolve(Some(&rest), &settings);
                let config = config.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                let stem = path.file_stem().expect("a name");
                assert_eq!(std::ffi::OsStr::new(&config.name), stem);
                seen += 1;
            }
        }
        assert!(seen > 20, "only {seen} configs");
    }

    #[test]
    fn axes_that_are_not_a_grid_are_refused() {
        let axis = |key: &str, values: &[&str]| Axis {
            key: key.to_owned(),
            values: values.iter().map(|value| (*value).to_owned()).collect(),
        };
        let many: Vec<String> = (0..200).map(|number| number.to_string()).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        for (axes, error) in [
            (vec![], GridError::Empty),
            (vec![axis("p", &[])], GridError::Values("p".to_owned())),
            (vec![axis("p", &["1"]), axis("p", &["2"])], GridError::Axis("p".to_owned())),
            (
                vec![axis("p", &["1", "1"])],
                GridError::Twice { key: "p".to_owned(), value: "1".to_owned() },
            ),
            (
                vec![axis("ugradsl.p", &["1"]), axis("method.ugradsl", &["{}"])],
                GridError::Overlap("ugradsl.p".to_owned(), "method.ugradsl".to_owned()),
            ),
            (vec![axis("p", &many), axis("q", &many)], GridError::Cells),
        ] {
            assert_eq!(Grid::new(axes), Err(error));
        }
    }

    proptest! {
        #[test]
        fn any_text_is_an_axis_or_an_error(text in ".{0,60}") {
            if let Ok(axis) = text.parse::<Axis>() {
                prop_assert!(!axis.values.is_empty());
            }
        }
    }
}
