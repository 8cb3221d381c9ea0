//! `ugradsl sweep`: a comparison for every cell of a grid of settings.

use std::path::Path;

use ugradsl::{
    experiment::{Axis, Cell, Grid, is_reference, split_sweep},
    report::SweepReport,
    run::write_atomically,
};

use super::experiment::{self, Host};
use crate::{
    args::SweepArgs,
    exit::{Failure, Outcome, Result},
    output, table,
};

pub(crate) fn run(args: SweepArgs) -> Result {
    let recipe = experiment::recipe(&args.common)?;
    let (mut axes, rest) = match &recipe {
        Some(text) => split_sweep(text).map(|(axes, rest)| (axes, Some(rest)))?,
        None => (Vec::new(), None),
    };
    for over in &args.over {
        let axis: Axis = over.parse().map_err(Failure::usage)?;
        // The command line says most: its values instead of the recipe's.
        axes.retain(|other| other.key != axis.key);
        axes.push(axis);
    }
    let grid = Grid::new(axes).map_err(Failure::usage)?;
    // A slip of the pen in the last cell shall show before the first one runs.
    let mut cells = Vec::new();
    for cell in grid.cells() {
        let mut common = args.common.clone();
        common.set.extend(cell.settings());
        let mut config = experiment::resolved(rest.as_deref(), &common, &args.data, &[])?;
        experiment::choose(&mut config, &args.choice)?;
        cells.push((cell, config));
    }
    let Some((_, first)) = cells.first() else {
        return Ok(Outcome::Done);
    };
    let host = Host::open(first.device)?;
    let count = cells.len();
    let mut sweep: Option<SweepReport> = None;
    let mut done: Vec<Cell> = Vec::new();
    for (cell, config) in cells {
        output::note(&format!("cell {} of {count}: {cell}", done.len() + 1));
        let folder = args.out.join(cell.name());
        if let Some(lender) = lender(&done, &cell) {
            lend(&args.out.join(lender.name()), &folder)?;
        }
        let dataset = experiment::open_data(&config, args.common.data_root.as_deref())?;
        let Some(report) = host.run(config, dataset, Some(&folder), true)? else {
            output::note("interrupted: the same command goes on from there");
            return Ok(Outcome::Interrupted);
        };
        output::write_report(&report, &folder)?;
        let sweep = sweep.get_or_insert_with(|| SweepReport::new(&grid, &report));
        sweep.add(&cell, &report);
        write(sweep, &args.out)?;
        done.push(cell);
    }
    let Some(sweep) = sweep else {
        return Ok(Outcome::Done);
    };
    output::emit(&if args.common.json { sweep.to_json()? } else { table::sweep(&sweep) });
    Ok(if sweep.passed() { Outcome::Done } else { Outcome::Gate })
}

/// The finished cell whose original and retrained network fit `cell` best: all of them if only numbers of methods
/// differ; else perhaps the original. What does not fit is found out by its digest, and computed.
fn lender<'a>(done: &'a [Cell], cell: &Cell) -> Option<&'a Cell> {
    done.iter().find(|other| other.training() == cell.training()).or_else(|| done.first())
}

/// Copies originals and retrained networks that `to` lacks.
fn lend(from: &Path, to: &Path) -> Result<()> {
    let unreadable = |error| Failure::file(from, error);
    for entry in std::fs::read_dir(from).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let target = to.join(entry.file_name());
        if entry.file_name().to_str().is_some_and(is_reference) && !target.exists() {
            let bytes = std::fs::read(entry.path()).map_err(unreadable)?;
            write_atomically(&target, &bytes)?;
        }
    }
    Ok(())
}

fn write(sweep: &SweepReport, folder: &Path) -> Result<()> {
    let forms = [
        ("sweep.json", sweep.to_json()?),
        ("sweep.csv", sweep.to_csv()?),
        ("sweep.md", sweep.to_markdown()?),
        ("sweep.html", sweep.to_html()?),
    ];
    for (name, text) in forms {
        write_atomically(&folder.join(name), text.as_bytes())?;
    }
    Ok(())
}
