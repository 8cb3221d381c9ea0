//! `ugradsl sweep`: a comparison for every cell of a grid of settings.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use ugradsl::{
    data::{Dataset, ForgetRequest},
    evaluate::Figure,
    experiment::{
        Axis, Cell, ExperimentConfig, Grid, RunRecord, Setting, is_original, is_reference,
        keys_overlap, split_sweep,
    },
    report::{Report, SweepReport},
    run::write_atomically,
    unlearn::Method,
};

use crate::{
    args::SweepArgs,
    exit::{Failure, Outcome, Result},
    host::{self, Host, Job},
    model_arg, output, places,
    settings::{Settings, UnreadGuards, leave_unread_out, read_recipe, refuse, unread_method},
    table,
};

pub(crate) fn run(args: SweepArgs) -> Result {
    let recipe = read_recipe(args.common.recipe.as_deref())?;
    let Planned { settings, grid, cells } = plan(&args, recipe.as_deref())?;
    let mut host = Host::default();
    // A device missing for a later cell is reported before the first one runs.
    for (_, config) in &cells {
        host.device(config.device)?;
    }
    check(&mut host, &cells, args.common.data_root.as_deref(), &settings)?;
    places::check_sweep(&args.out)?;
    let count = cells.len();
    let mut sweep: Option<SweepReport> = None;
    let mut done: Vec<Cell> = Vec::new();
    let mut results: BTreeMap<Vec<String>, String> = BTreeMap::new();
    for (cell, config) in cells {
        output::note(&format!("cell {} of {count}: {cell}", done.len() + 1));
        let folder = args.out.join(cell.name());
        if let Some(lender) = lender(&done, &cell) {
            let retrained = lender.training() == cell.training();
            lend(&args.out.join(lender.name()), &folder, retrained)?;
        }
        let job = Job::open(config, args.common.data_root.as_deref(), Some(&folder), true)?;
        let Some(finished) = host.run(job)? else {
            output::note("interrupted: run the same command again to continue");
            return Ok(Outcome::Interrupted);
        };
        let report = finished.report();
        for gate in report.gates.iter().filter(|gate| !gate.holds) {
            output::note(&format!("cell {cell}: {}", table::gate(gate)));
        }
        output::write_report(&report, &folder)?;
        if let Some(other) = results.insert(result(&report), cell.to_string()) {
            output::note(&format!(
                "warning: the cell {cell} has the same networks and figures as {other}: what differs \
                 between them has no effect here"
            ));
        }
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

/// The networks of a cell, and what was measured of them, without what each run takes anew.
fn result(report: &Report) -> Vec<String> {
    let figures = |run: &RunRecord| {
        let mut figures = run.figures.clone();
        Figure::ALL
            .into_iter()
            .filter(|figure| figure.unit().is_cost())
            .for_each(|figure| figures.set(figure, None));
        format!("{} {figures:?}", run.weights)
    };
    report.runs.iter().map(figures).collect()
}

/// Refuses what is wrong with a cell before the first one runs, and `settings` that have no effect in
/// any cell.
fn check(
    host: &mut Host,
    cells: &[(Cell, ExperimentConfig)],
    root: Option<&Path>,
    settings: &Settings,
) -> Result<()> {
    let mut lack_batch_norm = settings.are_about_batch_norm();
    let (mut texts, mut unread) = (false, None::<UnreadGuards>);
    let mut open: Option<(String, Dataset)> = None;
    for (cell, config) in cells {
        let in_cell = |Failure { source, outcome }| Failure {
            source: anyhow::anyhow!("cell {cell}: {source}"),
            outcome,
        };
        let key = data_of(config)?;
        let dataset = match open.take().filter(|(known, _)| *known == key) {
            Some((_, dataset)) => dataset,
            None => host::open_data(config, root).map_err(in_cell)?,
        };
        lack_batch_norm = lack_batch_norm && model_arg::original_lacks_batch_norm(config, &dataset);
        texts |= dataset.train.texts().is_some();
        let in_this = settings.unread_guards(config, &dataset);
        unread = Some(match unread {
            Some(unread) => {
                unread.into_iter().filter(|(place, _)| in_this.contains_key(place)).collect()
            }
            None => in_this,
        });
        let job = Job::on(dataset.clone(), config.clone(), None, false);
        job.and_then(|job| host.check(job)).map_err(in_cell)?;
        open = Some((key, dataset));
    }
    settings.check_batch_norm(|| lack_batch_norm)?;
    refuse(unread.unwrap_or_default())?;
    match open.filter(|_| !texts) {
        Some((_, dataset)) => settings.check_data(&dataset),
        None => Ok(()),
    }
}

/// All that the data of a config depend on.
fn data_of(config: &ExperimentConfig) -> Result<String> {
    let limits = (config.limit_train, config.limit_test, config.validation);
    let read = (&config.data, &config.reading, &config.text, &config.original);
    Ok(serde_json::to_string(&(read, limits))?)
}

/// A sweep whose cells are resolved but have not run.
pub(crate) struct Planned {
    settings: Settings,
    grid: Grid,
    /// Each cell with its config, which has the values of the cell's label.
    pub(crate) cells: Vec<(Cell, ExperimentConfig)>,
}

/// Resolves every cell, so that a mistake in the last one is reported before the first one runs.
/// Refuses a key that both an axis and the command line set.
pub(crate) fn plan(args: &SweepArgs, recipe: Option<&str>) -> Result<Planned> {
    let settings = Settings::from_parts(&[&args.choice, &args.data, &args.common])?;
    let (mut axes, rest) = match recipe {
        Some(text) => split_sweep(text).map(|(axes, rest)| (axes, Some(rest)))?,
        None => (Vec::new(), None),
    };
    let over: std::result::Result<Vec<Axis>, _> =
        args.over.iter().map(|text| text.parse()).collect();
    let over = over.map_err(Failure::usage)?;
    // An axis on the command line replaces the recipe's axis of the same key.
    axes.retain(|axis| !over.iter().any(|other| same_key(&axis.key, &other.key)));
    for (axis, in_recipe) in
        axes.iter().map(|axis| (axis, true)).chain(over.iter().map(|axis| (axis, false)))
    {
        settings.check_axis(axis, in_recipe)?;
    }
    axes.extend(over);
    let grid = Grid::new(axes).map_err(Failure::usage)?;
    grid.axes().iter().try_for_each(|axis| check_effect(&axis.key))?;
    let place_of = |key: &str| {
        let axis = grid.axes().iter().find(|axis| keys_overlap(&axis.key, key));
        let axis = axis.map(|axis| format!("axis {}", axis.key));
        settings.place_of(key).map(str::to_owned).or(axis)
    };
    let mut cells: Vec<(Cell, ExperimentConfig)> = Vec::new();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for cell in grid.cells() {
        let config = settings.resolve(&[], rest.as_deref(), &cell.settings())?;
        model_arg::check_original(&config, place_of)?;
        if let Some(first) = seen.insert(as_it_runs(&config)?, cells.len()) {
            return Err(Failure::usage(format!(
                "the cells \"{}\" and \"{cell}\" are the same: leave one of the values out",
                cells[first].0
            )));
        }
        cells.push((cell, config));
    }
    let methods: BTreeSet<Method> =
        cells.iter().flat_map(|(_, config)| config.methods.iter().copied()).collect();
    let methods: Vec<Method> = methods.into_iter().collect();
    for axis in grid.axes() {
        check_read(&axis.key, &methods)?;
    }
    let settings = settings.with_axes(grid.axes())?;
    let configs: Vec<&ExperimentConfig> = cells.iter().map(|(_, config)| config).collect();
    settings.check_read(&methods, &configs)?;
    if configs.iter().all(|config| config.original.is_some() && !config.retrain) {
        settings.check_trained(&methods, &configs)?;
    }
    Ok(Planned { settings, grid, cells })
}

/// Refuses an axis that changes nothing that runs: its cells would be the same, under different
/// labels.
fn check_effect(key: &str) -> Result<()> {
    match key {
        "name" | "expect" => {
            Err(Failure::usage(format!("axis {key}: it changes nothing that runs")))
        }
        "retrain" => Err(Failure::usage(
            "axis retrain: gaps to a retrained network and gaps to an estimate of one cannot stand in \
             one table: make two sweeps, one with --no-retrain",
        )),
        "sweep" => Err(Failure::usage("axis sweep: each axis is an --over KEY=A,B of its own")),
        _ => Ok(()),
    }
}

/// Refuses an axis over a number of a method that no cell runs.
fn check_read(key: &str, methods: &[Method]) -> Result<()> {
    match unread_method(key, methods) {
        Some(method) => Err(Failure::usage(format!(
            "axis {key}: no cell runs {method}, so that all its values would give the same; add \
             {method} to the methods"
        ))),
        None => Ok(()),
    }
}

/// The config as it runs: one text for requests that are written differently.
fn as_it_runs(config: &ExperimentConfig) -> Result<String> {
    let mut config = config.clone();
    for request in config.forget.iter_mut().filter(|request| !request.starts_with("ids:")) {
        if let Ok(parsed) = ForgetRequest::parse(request) {
            *request = parsed.to_string();
        }
    }
    let mut value = serde_json::to_value(&config)?;
    let methods = value["method"].as_object_mut().into_iter().flat_map(|all| all.values_mut());
    methods.for_each(leave_unread_out);
    Ok(value.to_string())
}

/// Whether two spellings name the same key: `ugradsl.p` is short for `method.ugradsl.p`.
fn same_key(one: &str, other: &str) -> bool {
    let long = |key: &str| format!("{key}=").parse::<Setting>().map(|setting| setting.key()).ok();
    long(one) == long(other)
}

/// A finished cell whose originals fit `cell`: the retrained networks fit, too, if only settings of
/// methods and guards differ.
fn lender<'a>(done: &'a [Cell], cell: &Cell) -> Option<&'a Cell> {
    let same_training = done.iter().find(|other| other.training() == cell.training());
    same_training.or_else(|| done.iter().find(|other| other.original() == cell.original()))
}

/// Copies originals, and retrained networks if they fit, too, to where they are not the same.
fn lend(from: &Path, to: &Path, retrained: bool) -> Result<()> {
    let unreadable = |error| Failure::file(from, error);
    for entry in std::fs::read_dir(from).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let target = to.join(entry.file_name());
        let fits = |name: &str| is_reference(name) && (retrained || is_original(name));
        if !entry.file_name().to_str().is_some_and(fits) {
            continue;
        }
        let bytes = std::fs::read(entry.path()).map_err(unreadable)?;
        if std::fs::read(&target).ok().as_ref() != Some(&bytes) {
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

#[cfg(test)]
mod tests;
