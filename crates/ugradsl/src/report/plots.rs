//! Plots as SVG text: mid-grey lines and a palette (Okabe and Ito) that read on light and dark.

use plotters::{coord::Shift, prelude::*};

use super::Report;
use crate::unlearn::Method;

const SIZE: (u32, u32) = (720, 360);
const GREY: RGBColor = RGBColor(128, 128, 128);
/// One colour a method, told apart by people with any colour vision.
const PALETTE: [RGBColor; 7] = [
    RGBColor(0, 158, 115),
    RGBColor(128, 128, 128),
    RGBColor(86, 180, 233),
    RGBColor(230, 159, 0),
    RGBColor(204, 121, 167),
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
];

fn colour(method: Method) -> RGBColor {
    let position = Method::ALL.iter().position(|other| *other == method);
    PALETTE[position.unwrap_or(0) % PALETTE.len()]
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

fn draw(paint: impl FnOnce(&Area) -> Result<(), String>) -> Result<String, String> {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        paint(&area)?;
        area.present().map_err(|error| error.to_string())?;
    }
    Ok(svg)
}

fn label(size: i32) -> TextStyle<'static> {
    TextStyle::from(("sans-serif", size).into_font()).color(&GREY)
}

/// Bars: |measure - retrained| of each method's means.
pub(super) fn distances(report: &Report) -> Result<String, String> {
    let oracle = report.summary.iter().find(|row| row.method == Method::Retrain);
    let figures = |row: &super::Summary| [row.ua, row.mia, row.ra, row.ta];
    let mut series = Vec::new();
    for row in report.summary.iter().filter(|row| row.method != Method::Retrain) {
        let Some(oracle) = oracle else { break };
        let pairs = figures(row).into_iter().zip(figures(oracle));
        let distances: Vec<f64> = pairs
            .map(|(own, theirs)| own.zip(theirs).map_or(0.0, |(a, b)| (a.mean - b.mean).abs()))
            .map(|distance| if distance.is_finite() { distance } else { 0.0 })
            .collect();
        series.push((row.method, distances));
    }
    let most = series.iter().flat_map(|(_, d)| d.iter().copied()).fold(1.0, f64::max);
    draw(|area| {
        let mut chart = ChartBuilder::on(area)
            .margin(12)
            .x_label_area_size(28)
            .y_label_area_size(44)
            .build_cartesian_2d(0.0..4.0, 0.0..most * 1.05)
            .map_err(|error| error.to_string())?;
        let name = |x: &f64| {
            let slot = (x - 0.5).round();
            let on_slot = (x - 0.5 - slot).abs() < 0.01 && (0.0..4.0).contains(&slot);
            if on_slot {
                ["UA", "MIA", "RA", "TA"][slot as usize].to_owned()
            } else {
                String::new()
            }
        };
        chart
            .configure_mesh()
            .disable_x_mesh()
            .light_line_style(TRANSPARENT)
            .bold_line_style(GREY.mix(0.25))
            .axis_style(GREY)
            .label_style(label(14))
            .x_labels(9)
            .x_label_formatter(&name)
            .draw()
            .map_err(|error| error.to_string())?;
        let width = 0.8 / series.len().max(1) as f64;
        for (position, (method, distances)) in series.iter().enumerate() {
            let style = colour(*method).filled();
            let bars = distances.iter().enumerate().map(|(slot, distance)| {
                let left = slot as f64 + 0.1 + position as f64 * width;
                Rectangle::new([(left, 0.0), (left + width * 0.9, *distance)], style)
            });
            chart
                .draw_series(bars)
                .map_err(|error| error.to_string())?
                .label(method.name())
                .legend(move |(x, y)| Rectangle::new([(x, y - 5), (x + 12, y + 5)], style));
        }
        legend(&mut chart)
    })
}

/// Lines: accuracy on forgotten batches over the progress of the runs of the first seed and request.
pub(super) fn courses(report: &Report) -> Result<String, String> {
    let first = report.runs.first().map(|run| (run.seed, run.forget.clone()));
    let runs = report
        .runs
        .iter()
        .filter(|run| run.method.unlearns() && Some((run.seed, run.forget.clone())) == first);
    let series: Vec<(Method, Vec<(f64, f64)>)> = runs
        .map(|run| {
            let last = run.history.last().map_or(1, |point| point.step.max(1)) as f64;
            let points = run.history.iter().filter_map(|point| {
                let accuracy = 100.0 * point.forget_accuracy?;
                accuracy.is_finite().then_some((100.0 * point.step as f64 / last, accuracy))
            });
            (run.method, points.collect())
        })
        .collect();
    draw(|area| {
        let mut chart = ChartBuilder::on(area)
            .margin(12)
            .x_label_area_size(40)
            .y_label_area_size(44)
            .build_cartesian_2d(0.0..100.0, 0.0..105.0)
            .map_err(|error| error.to_string())?;
        chart
            .configure_mesh()
            .light_line_style(TRANSPARENT)
            .bold_line_style(GREY.mix(0.25))
            .axis_style(GREY)
            .label_style(label(14))
            .x_desc("progress of the run, per cent of its steps")
            .draw()
            .map_err(|error| error.to_string())?;
        for (method, points) in series {
            let style = colour(method).stroke_width(2);
            chart
                .draw_series(LineSeries::new(points, style))
                .map_err(|error| error.to_string())?
                .label(method.name())
                .legend(move |(x, y)| PathElement::new([(x, y), (x + 12, y)], style));
        }
        legend(&mut chart)
    })
}

fn legend<'a, 'b: 'a>(
    chart: &mut ChartContext<
        'a,
        SVGBackend<'b>,
        Cartesian2d<plotters::coord::types::RangedCoordf64, plotters::coord::types::RangedCoordf64>,
    >,
) -> Result<(), String> {
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperRight)
        .label_font(label(14))
        .border_style(TRANSPARENT)
        .draw()
        .map_err(|error| error.to_string())
}
