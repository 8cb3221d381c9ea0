/** A uPlot chart in the colours of the page, as wide as its place, with a sentence for those who do not see it. */

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
  /** What the chart says, in words. */
  label: string;
  x: string;
  y: string;
  /** Least and greatest value of y. */
  range: [number, number];
  height?: number;
  /** Where to draw an upright line. */
  marker?: number;
}

const token = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim() || "gray";

function options(props: PlotProps, width: number, marker: () => number | undefined): uPlot.Options {
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
  const upright = (plot: uPlot) => {
    const at = marker();
    if (at === undefined) return;
    const { ctx, bbox } = plot;
    const x = Math.round(plot.valToPos(at, "x", true));
    ctx.save();
    ctx.strokeStyle = token("--accent");
    ctx.lineWidth = 2 * devicePixelRatio;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.restore();
  };
  return {
    width,
    height: props.height ?? 200,
    series: [{}, ...series],
    axes: [axis(props.x), axis(props.y)],
    scales: { x: { time: false }, y: { range: props.range } },
    legend: { show: false },
    cursor: { show: false },
    hooks: { draw: [upright] },
  };
}

export function Plot(props: PlotProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const marker = useRef(props.marker);
  marker.current = props.marker;
  const shape = JSON.stringify([props.lines, props.x, props.y, props.range, props.height]);
  useEffect(() => {
    const box = place.current;
    if (!box) return;
    const made = new uPlot(options(props, box.clientWidth || 300, () => marker.current), props.data, box);
    plot.current = made;
    const watcher = new ResizeObserver(() => {
      if (box.clientWidth > 0 && box.clientWidth !== made.width) made.setSize({ width: box.clientWidth, height: made.height });
    });
    watcher.observe(box);
    return () => {
      watcher.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [shape]);
  useEffect(() => plot.current?.setData(props.data), [props.data]);
  useEffect(() => plot.current?.redraw(false), [props.marker, theme.value]);
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
