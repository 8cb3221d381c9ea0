/** A uPlot chart in the colours of the page, as wide as its place, with a sentence for screen readers. */

import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

import { theme } from "./theme";

export interface Line {
  label: string;
  /** Name of a colour token: `--unlearned`. */
  token: string;
  filled?: boolean;
  /** Drawn as steps, for histograms. */
  stepped?: boolean;
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
  /** Where to draw an upright line. */
  marker?: number;
  /** Makes the line follow the pointer; values between the ends of x. */
  drag?: (x: number) => void;
  /** Single points on top of the lines. */
  points?: { x: number; y: number; token: string }[];
}

const token = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim() || "gray";

type Marks = Pick<PlotProps, "marker" | "points">;

/** Draws the upright line and the points over the chart. */
function drawMarks(plot: uPlot, { marker, points = [] }: Marks, grip: boolean): void {
  const { ctx, bbox } = plot;
  const dot = (x: number, y: number, radius: number) => {
    ctx.beginPath();
    ctx.arc(x, y, radius * devicePixelRatio, 0, 2 * Math.PI);
    ctx.fill();
  };
  ctx.save();
  // The dashes of the last line are still set.
  ctx.setLineDash([]);
  ctx.lineWidth = 2 * devicePixelRatio;
  if (marker !== undefined) {
    const x = Math.round(plot.valToPos(marker, "x", true));
    ctx.strokeStyle = ctx.fillStyle = token("--accent");
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    // The grip shows that the line can be dragged.
    if (grip) dot(x, bbox.top + bbox.height / 2, 5);
  }
  for (const point of points) {
    ctx.fillStyle = token(point.token);
    ctx.strokeStyle = token("--panel");
    dot(plot.valToPos(point.x, "x", true), plot.valToPos(point.y, "y", true), 5);
    ctx.stroke();
  }
  ctx.restore();
}

function options(props: PlotProps, width: number, marks: () => Marks): uPlot.Options {
  const axis = (label: string): uPlot.Axis => ({
    label,
    labelSize: 18,
    size: 40,
    stroke: () => token("--ink"),
    grid: { stroke: () => token("--line"), width: 1 },
    ticks: { stroke: () => token("--line"), width: 1 },
  });
  const stepped = uPlot.paths.stepped?.({ align: 1 });
  const series = props.lines.map((line): uPlot.Series => ({
    label: line.label,
    stroke: () => token(line.token),
    width: 2,
    points: { show: false },
    ...(line.filled ? { fill: () => `color-mix(in srgb, ${token(line.token)} 35%, transparent)` } : {}),
    ...(line.stepped && stepped ? { paths: stepped } : {}),
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
    hooks: { draw: [(plot) => drawMarks(plot, marks(), props.drag !== undefined)] },
  };
}

export function Plot(props: PlotProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const marks = useRef<Marks>(props);
  marks.current = props;
  const shape = JSON.stringify([props.lines, props.x, props.y, props.range, props.height]);
  useEffect(() => {
    const box = place.current;
    if (!box) return;
    const made = new uPlot(
      options(props, box.clientWidth || 300, () => marks.current),
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
  useEffect(() => plot.current?.redraw(false), [props.marker, props.points, theme.value]);
  const follow = (event: PointerEvent) => {
    if (!plot.current || event.buttons === 0) return;
    const { left } = plot.current.over.getBoundingClientRect();
    const x = plot.current.posToVal(event.clientX - left, "x");
    const { min = x, max = x } = plot.current.scales["x"] ?? {};
    props.drag?.(Math.min(max, Math.max(min, x)));
  };
  const dragged = props.drag && {
    onPointerDown: (event: PointerEvent) => {
      place.current?.setPointerCapture(event.pointerId);
      follow(event);
    },
    onPointerMove: follow,
  };
  return (
    <figure class="plot">
      <div class={dragged ? "chart dragged" : "chart"} ref={place} role="img" aria-label={props.label} {...dragged} />
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
