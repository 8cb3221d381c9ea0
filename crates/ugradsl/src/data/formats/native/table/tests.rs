mod columns;
mod errors;
mod features;
mod forms;
mod labels;
mod readings;
mod real;

use super::*;

/// Tables of a training part alone.
fn table(text: &str, options: &TableOptions) -> Result<Tables, String> {
    parse(text.as_bytes(), None, options, None).map_err(|error| error.to_string())
}

fn by_default(text: &str) -> Result<Tables, String> {
    table(text, &TableOptions::default())
}

fn good(text: &str, options: &TableOptions) -> Tables {
    table(text, options).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn both(train: &str, test: &str, options: &TableOptions) -> Result<Tables, String> {
    let test = Some(test.as_bytes());
    parse(train.as_bytes(), test, options, None).map_err(|error| error.to_string())
}

#[track_caller]
fn says(result: Result<Tables, String>, parts: &[&str]) {
    let error = result.expect_err(parts.first().unwrap_or(&""));
    for part in parts {
        assert!(error.contains(part), "{error}\nlacks {part}");
    }
}

#[track_caller]
fn notes(tables: &Tables, parts: &[&str]) {
    let notes = tables.notes.join("\n");
    for part in parts {
        assert!(notes.contains(part), "{notes}\nlacks {part}");
    }
}

fn numbers(tables: &Tables) -> (Vec<String>, Vec<f32>) {
    numbers_of(&tables.train)
}

fn numbers_of(part: &TablePart) -> (Vec<String>, Vec<f32>) {
    match &part.values {
        Values::Features { names, values } => (names.clone(), values.clone()),
        other => panic!("not features: {other:?}"),
    }
}

fn strings(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

/// Twenty-five rows of a table `label,x` with a further column.
fn with_column(name: &str, cell: impl Fn(usize) -> String) -> String {
    let row = |at: usize| format!("{},{}.5,{}\n", at % 2, at * 7 % 25, cell(at));
    format!("label,x,{name}\n{}", (0..25).map(row).collect::<String>())
}

/// A table of square pixels with headings made from the number of the pixel.
fn image(side: usize, heading: impl Fn(usize) -> String, cell: impl Fn(usize) -> String) -> String {
    let count = side * side;
    let names: Vec<String> = (0..count).map(heading).collect();
    let row = |at: usize| {
        let cells: Vec<String> = (0..count).map(|pixel| cell(at + pixel)).collect();
        format!("{},{}\n", at % 2, cells.join(","))
    };
    format!("label,{}\n{}", names.join(","), (0..4).map(row).collect::<String>())
}
