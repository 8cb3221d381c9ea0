/** A uPlot chart in the colours of the page, as wide as its place, with a sentence for screen readers. */

import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

import { theme } from "./theme";

export interface Line {
  label: string;
  /** Name of a colour token: `--unlearned`. */
  token: string;
  dashed?: boolean;
}

export interface PlotProps {
  data: uPlot.AlignedData;
  lines: Line[];
  /** What the chart shows, in words. */
  label: string;
  x: string;
  y: string;
  /** Least and greatest value of y. */
  range: [number, number];
  height?: number;
  /** Single points on top of the lines. */
  points?: { x: number; y: number; token: string }[];
}

const token = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim() || "gray";

/** Draws the points over the chart. */
function drawPoints(plot: uPlot, points: NonNullable<PlotProps["points"]>): void {
  const { ctx } = plot;
  ctx.save();
  // The dashes of the last line are still set.
  ctx.setLineDash([]);
  ctx.lineWidth = 2 * devicePixelRatio;
  ctx.strokeStyle = token("--panel");
  for (const point of points) {
    ctx.fillStyle = token(point.token);
    ctx.beginPath();
    ctx.arc(plot.valToPos(point.x, "x", true), plot.valToPos(point.y, "y", true), 5 * devicePixelRatio, 0, 2 * Math.PI);
    ctx.fill();
    ctx.stroke();
  }
  ctx.restore();
}

function options(props: PlotProps, width: number, points: () => PlotProps["points"]): uPlot.Options {
  const axis = (label: string): uPlot.Axis => ({
    label,
    labelSize: 18,
    size: 40,
    stroke: () => token("--ink"),
    grid: { stroke: () => token("--line"), width: 1 },
    ticks: { stroke: () => token("--line"), width: 1 },
  });
  const series = props.lines.map((line): uPlot.Series => ({
    label: line.label,
    stroke: () => token(line.token),
    width: 2,
    points: { show: false },
    ...(line.dashed ? { dash: [6, 4] } : {}),
  }));
  return {
    width,
    height: props.height ?? 200,
    series: [{}, ...series],
    axes: [axis(props.x), axis(props.y)],
    scales: { x: { time: false }, y: { range: props.range } },
    legend: { show: false },
    cursor: { show: false },
    hooks: { draw: [(plot) => drawPoints(plot, points() ?? [])] },
  };
}

export function Plot(props: PlotProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const points = useRef(props.points);
  points.current = props.points;
  const shape = JSON.stringify([props.lines, props.x, props.y, props.range, props.height]);
  useEffect(() => {
    const box = place.current;
    if (!box) return;
    const made = new uPlot(
      options(props, box.clientWidth || 300, () => points.current),
      props.data,
      box,
    );
    plot.current = made;
    const watcher = new ResizeObserver(() => {
      if (box.clientWidth > 0 && box.clientWidth !== made.width)
        made.setSize({ width: box.clientWidth, height: made.height });
    });
    watcher.observe(box);
    return () => {
      watcher.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [shape]);
  useEffect(() => plot.current?.setData(props.data), [props.data]);
  useEffect(() => plot.current?.redraw(false), [props.points, theme.value]);
  return (
    <figure class="plot">
      <div class="chart" ref={place} role="img" aria-label={props.label} />
      <figcaption class="keys" aria-hidden="true">
        {props.lines.map((line) => (
          <span key={line.label} class={line.dashed ? "key dashed" : "key"} style={{ "--key": `var(${line.token})` }}>
            {line.label}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}
