//! Plots as SVG text: inherited text colour, mid-grey axes and a palette (Okabe and Ito) that are
//! legible on light and dark.

use std::ops::Range;

use plotters::{
    coord::types::RangedCoordf64,
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};

use super::{Report, rows};
use crate::{
    evaluate::Figure,
    experiment::{Axis, HistoryPoint, RunRecord},
    unlearn::{Contender, Method},
};

/// Width of a plot, width of its part without the legend, and height.
const SIZE: (u32, u32, u32) = (800, 580, 340);
/// Becomes the colour of the surrounding text.
const INK: RGBColor = RGBColor(128, 128, 128);
/// One colour per method, distinguishable with any colour vision.
const PALETTE: [RGBColor; 7] = [
    RGBColor(0, 158, 115),
    RGBColor(153, 153, 153),
    RGBColor(86, 180, 233),
    RGBColor(230, 159, 0),
    RGBColor(204, 121, 167),
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
];
/// The highest loss that is drawn: several times that of an untrained network.
const MOST_LOSS: f64 = 10.0;

type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;
type Points = Vec<(f64, f64)>;

enum Marks {
    /// Left and right edge, height.
    Bars(Vec<(f64, f64, f64)>),
    Line(Points),
    Dots(Points),
    Level(f64),
}

struct Series {
    /// Chooses its colour and shape.
    number: usize,
    name: String,
    marks: Marks,
}

struct Axes {
    x: Range<f64>,
    y: Range<f64>,
    titles: [&'static str; 2],
    /// Names of the unit intervals of x, instead of numbers.
    slots: Vec<&'static str>,
}

/// Bars: |measure - retrained| of each method's means.
pub(super) fn distances(report: &Report) -> Result<String, String> {
    let target = rows::target(report);
    let rows = report.summary.iter().filter(|row| row.method != Method::Retrain);
    let count = rows.clone().count().max(1) as f64;
    let mut series = Vec::new();
    for (position, row) in rows.enumerate() {
        let Some(target) = target else { break };
        let mean = |figure| row.figure(figure).map(|spread| spread.mean);
        let four = Figure::IN_GAP.into_iter().zip(target);
        let mut heights: Vec<_> =
            four.map(|(figure, target)| mean(figure).map(|own| (own - target).abs())).collect();
        heights.push(mean(Figure::Gap));
        let bar = |(slot, height): (usize, Option<f64>)| {
            let left = slot as f64 + 0.1 + 0.8 * position as f64 / count;
            Some((left, left + 0.72 / count, within(height?, 100.0)?))
        };
        let bars = heights.into_iter().enumerate().filter_map(bar).collect();
        let (number, name) = (number(report, &row.method), row.method.to_string());
        series.push(Series { number, name, marks: Marks::Bars(bars) });
    }
    let heights = series.iter().flat_map(|series| match &series.marks {
        Marks::Bars(bars) => bars.iter().map(|bar| bar.2).collect(),
        _ => Vec::new(),
    });
    let y = 0.0..heights.fold(1.0, f64::max) * 1.05;
    let four = Figure::IN_GAP.map(|figure| figure.measure().explanation().title);
    let slots = four.into_iter().chain(["average gap"]).collect();
    draw(Axes { x: 0.0..5.0, y, titles: ["", "points"], slots }, &series)
}

/// Lines: accuracy on forgotten rows during the runs of the first seed and request.
pub(super) fn accuracies(report: &Report) -> Result<String, String> {
    let accuracy = |point: &HistoryPoint| within(100.0 * point.forget_accuracy?, 100.0);
    let mut series = histories(report, accuracy);
    let retrained = first(report).find(|run| run.method == Method::Retrain);
    let retrained = retrained.map(|run| ("retrain", run.measures()));
    let target =
        retrained.or_else(|| Some(("expected", first(report).find_map(|run| run.expected)?)));
    if let Some((name, level)) =
        target.and_then(|(name, measures)| Some((name, within(100.0 - measures.ua, 100.0)?)))
    {
        let (number, name) = (number(report, &Method::Retrain.into()), name.to_owned());
        series.push(Series { number, name, marks: Marks::Level(level) });
    }
    let titles = ["per cent of the run's steps", "accuracy, per cent"];
    draw(Axes { x: 0.0..100.0, y: 0.0..105.0, titles, slots: Vec::new() }, &series)
}

/// Lines: loss on retained rows during the same runs, cut off at [`MOST_LOSS`].
pub(super) fn losses(report: &Report) -> Result<String, String> {
    let series = histories(report, |point| within(point.retain_loss?, MOST_LOSS));
    let points = series.iter().flat_map(|series| match &series.marks {
        Marks::Line(points) => points.as_slice(),
        _ => &[],
    });
    let y = 0.0..points.fold(0.1_f64, |most, point| most.max(point.1)) * 1.05;
    let titles = ["per cent of the run's steps", "loss, nats"];
    draw(Axes { x: 0.0..100.0, y, titles, slots: Vec::new() }, &series)
}

/// Dots: the gap of each run to the retrained network, over its time.
pub(super) fn gap_over_time(report: &Report) -> Result<String, String> {
    let share = report.config.retrain;
    let time = |run: &RunRecord| match share {
        true => within(100.0 * run.figure(Figure::RetrainShare)?, 1000.0),
        false => run.figure(Figure::Seconds).filter(|seconds| seconds.is_finite()),
    };
    let (mut series, mut right, mut top) =
        (Vec::new(), if share { 100.0 } else { 0.0_f64 }, 1.0_f64);
    for method in report.summary.iter().map(|row| &row.method).filter(|method| method.unlearns()) {
        let runs = report.runs.iter().filter(|run| run.method == *method);
        let dots: Points = runs
            .filter_map(|run| Some((time(run)?, within(run.figure(Figure::Gap)?, 100.0)?)))
            .collect();
        for dot in &dots {
            (right, top) = (right.max(dot.0), top.max(dot.1));
        }
        if !dots.is_empty() {
            let (number, name) = (number(report, method), method.to_string());
            series.push(Series { number, name, marks: Marks::Dots(dots) });
        }
    }
    let time = if share { "time, per cent of retraining's" } else { "time, seconds" };
    let titles = [time, "average gap, points"];
    let right = if right > 0.0 { right } else { 1.0 };
    draw(Axes { x: 0.0..right * 1.05, y: 0.0..top * 1.1, titles, slots: Vec::new() }, &series)
}

/// One field per pair of values, the darker the larger its gap; `gap` takes column and row, and
/// gives points.
pub(super) fn heat_map(
    x: &Axis,
    y: &Axis,
    gap: impl Fn(usize, usize) -> Option<f64>,
) -> Result<String, String> {
    let mut svg = String::new();
    paint_heat(&mut svg, x, y, gap).map_err(|error| error.to_string())?;
    Ok(inline(&svg))
}

fn paint_heat(
    svg: &mut String,
    x: &Axis,
    y: &Axis,
    gap: impl Fn(usize, usize) -> Option<f64>,
) -> Result<(), Box<dyn std::error::Error>> {
    let (columns, rows) = (x.values.len(), y.values.len());
    let height = 90 + 48 * rows as u32;
    let root = SVGBackend::with_string(svg, (SIZE.0, height)).into_drawing_area();
    let mut chart = ChartBuilder::on(&root)
        .margin(10)
        .x_label_area_size(56)
        .y_label_area_size(110)
        .build_cartesian_2d(0.0..columns as f64, 0.0..rows as f64)
        .map_err(|error| error.to_string())?;
    let text = TextStyle::from(("sans-serif", 18).into_font());
    let slot = |values: &[String], place: f64| {
        let value = values.get(place.floor() as usize).filter(|_| place.fract() == 0.5);
        value.cloned().unwrap_or_default()
    };
    let mut mesh = chart.configure_mesh();
    mesh.disable_mesh().axis_style(INK);
    mesh.label_style(text.color(&INK)).axis_desc_style(text.color(&INK));
    mesh.x_labels(2 * columns + 1)
        .y_labels(2 * rows + 1)
        .x_desc(x.key.as_str())
        .y_desc(y.key.as_str());
    let (x_label, y_label) =
        (|place: &f64| slot(&x.values, *place), |place: &f64| slot(&y.values, *place));
    mesh.x_label_formatter(&x_label).y_label_formatter(&y_label);
    mesh.draw().map_err(|error| error.to_string())?;
    for column in 0..columns {
        for row in 0..rows {
            let Some(points) = gap(column, row).and_then(|gap| within(gap, 100.0)) else {
                continue;
            };
            // Gaps differ by orders of magnitude: a tenth, one, ten and a hundred points are equal
            // steps apart.
            let far = (points + 0.1).log10().mul_add(1.0 / 3.0, 1.0 / 3.0).clamp(0.0, 1.0);
            let mixed = |near: f64, away: f64| (away - near).mul_add(far, near) as u8;
            let colour = RGBColor(mixed(254.0, 127.0), mixed(237.0, 39.0), mixed(222.0, 4.0));
            let ink = if far < 0.6 { BLACK } else { WHITE };
            let (left, low) = (column as f64, row as f64);
            let corners = [(left + 0.02, low + 0.03), (left + 0.98, low + 0.97)];
            let style = text.color(&ink).pos(Pos::new(HPos::Center, VPos::Center));
            let label = Text::new(format!("{points:.2}"), (left + 0.5, low + 0.5), style);
            let field = Rectangle::new(corners, colour.filled());
            chart.draw_series([field]).map_err(|error| error.to_string())?;
            chart.draw_series([label]).map_err(|error| error.to_string())?;
        }
    }
    drop(chart);
    root.present()?;
    Ok(())
}

/// `value` clamped to 0..=most; `None` for NaN.
fn within(value: f64, most: f64) -> Option<f64> {
    (!value.is_nan()).then(|| value.clamp(0.0, most))
}

/// The runs of the first seed and request.
fn first(report: &Report) -> impl Iterator<Item = &RunRecord> {
    let key = |run: &RunRecord| (run.seed, run.forget.clone());
    let wanted = report.runs.first().map(key);
    report.runs.iter().filter(move |run| Some(key(run)) == wanted)
}

/// A number that the method has in every report; plans of one's own come after all methods.
fn number(report: &Report, contender: &Contender) -> usize {
    match contender {
        Contender::Method(method) => Method::ALL.iter().position(|other| other == method),
        Contender::Plan(name) => {
            let place = report.plans.keys().position(|other| other == name);
            place.map(|place| Method::ALL.len() + place)
        }
    }
    .unwrap_or(0)
}

fn histories(report: &Report, figure: impl Fn(&HistoryPoint) -> Option<f64>) -> Vec<Series> {
    let history = |run: &RunRecord| {
        let last = run.history.iter().map(|point| point.step).max().unwrap_or(0).max(run.steps);
        let place = |point: &HistoryPoint| 100.0 * point.step as f64 / last.max(1) as f64;
        let points = run.history.iter().filter_map(|point| Some((place(point), figure(point)?)));
        let name = format!("{}: {} steps", run.method, run.steps);
        Series { number: number(report, &run.method), name, marks: Marks::Line(points.collect()) }
    };
    // A method that never sees the forget set has no accuracy on it: no line, so no entry in the
    // legend.
    let drawn =
        |series: &Series| !matches!(&series.marks, Marks::Line(points) if points.is_empty());
    first(report).filter(|run| run.method.unlearns()).map(history).filter(drawn).collect()
}

fn draw(axes: Axes, series: &[Series]) -> Result<String, String> {
    let mut svg = String::new();
    paint(&mut svg, axes, series).map_err(|error| error.to_string())?;
    Ok(inline(&svg))
}

/// `svg` for use inside a page: it needs no namespace there, and its text takes the page's colour.
fn inline(svg: &str) -> String {
    let svg = svg.replace(" xmlns=\"http://www.w3.org/2000/svg\"", "");
    svg.replace("fill=\"#808080\"", "fill=\"currentColor\"")
}

fn paint(
    svg: &mut String,
    axes: Axes,
    series: &[Series],
) -> Result<(), Box<dyn std::error::Error>> {
    let backend = SVGBackend::with_string(svg, (SIZE.0, SIZE.2));
    let root = backend.into_drawing_area();
    let (left, right) = root.split_horizontally(SIZE.1);
    let (x, slots) = (axes.x.clone(), axes.slots);
    let mut chart = ChartBuilder::on(&left)
        .margin(10)
        .x_label_area_size(48)
        .y_label_area_size(62)
        .build_cartesian_2d(axes.x, axes.y)
        .map_err(|error| error.to_string())?;
    let text = TextStyle::from(("sans-serif", 18).into_font()).color(&INK);
    let slot_name = |place: &f64| {
        let name = slots.get(place.floor() as usize).filter(|_| place.fract() == 0.5);
        name.map_or_else(String::new, |name| (*name).to_owned())
    };
    let mut mesh = chart.configure_mesh();
    mesh.disable_x_mesh().light_line_style(TRANSPARENT).bold_line_style(INK.mix(0.3));
    mesh.axis_style(INK).label_style(text.clone()).axis_desc_style(text.clone()).y_labels(6);
    mesh.x_desc(axes.titles[0]).y_desc(axes.titles[1]);
    if slots.is_empty() {
        mesh.x_labels(6);
    } else {
        mesh.x_labels(2 * slots.len() + 1).x_label_formatter(&slot_name);
    }
    mesh.draw().map_err(|error| error.to_string())?;
    let beside = text.pos(Pos::new(HPos::Left, VPos::Center));
    for (position, series) in series.iter().enumerate() {
        let colour = PALETTE[series.number % PALETTE.len()];
        add(&mut chart, &series.marks, x.clone(), series.number, colour)?;
        let y = 24 + 24 * position as i32;
        right.draw(&Rectangle::new([(0, y - 6), (12, y + 6)], colour.filled()))?;
        right.draw(&Text::new(series.name.clone(), (18, y), beside.clone()))?;
    }
    if series.is_empty() {
        right.draw(&Text::new("nothing measured", (0, 24), beside))?;
    }
    root.present()?;
    Ok(())
}

fn add(
    chart: &mut Chart<'_, '_>,
    marks: &Marks,
    x: Range<f64>,
    shape: usize,
    colour: RGBColor,
) -> Result<(), Box<dyn std::error::Error>> {
    let style = colour.stroke_width(2);
    match marks {
        Marks::Bars(bars) => {
            let bar = |bar: &(f64, f64, f64)| {
                Rectangle::new([(bar.0, 0.0), (bar.1, bar.2)], colour.filled())
            };
            chart.draw_series(bars.iter().map(bar)).map_err(|error| error.to_string())?;
        }
        Marks::Level(level) => {
            let ends = [(x.start, *level), (x.end, *level)];
            let line = DashedLineSeries::new(ends, 8, 6, style);
            chart.draw_series(line).map_err(|error| error.to_string())?;
        }
        Marks::Line(points) | Marks::Dots(points) => {
            if matches!(marks, Marks::Line(_)) {
                let line = LineSeries::new(points.iter().copied(), style);
                chart.draw_series(line).map_err(|error| error.to_string())?;
            }
            // Shapes as well as colours tell the methods apart.
            let points = points.iter().copied();
            let drawn = match shape % 3 {
                0 => chart.draw_series(points.map(|at| Circle::new(at, 4, colour.filled()))),
                1 => {
                    chart.draw_series(points.map(|at| TriangleMarker::new(at, 5, colour.filled())))
                }
                _ => chart.draw_series(points.map(|at| Cross::new(at, 4, style))),
            };
            drawn.map(|_| ()).map_err(|error| error.to_string())?;
        }
    }
    Ok(())
}
