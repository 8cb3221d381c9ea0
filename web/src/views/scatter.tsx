/** A scatter plot on a canvas: one dot per image. A rectangle that is drawn in it marks the dots within. */

import { useEffect, useRef } from "preact/hooks";

import { classColour } from "./colours";
import { theme } from "./theme";

export interface Dots {
  rows: Uint32Array;
  labels: Uint32Array;
  forgotten: ReadonlySet<number>;
  /** Least and greatest x and y of all three plots, which have the same axes. */
  frame: [left: number, right: number, bottom: number, top: number];
}

interface ScatterProps {
  dots: Dots;
  /** Two numbers per row. */
  at: Float32Array;
  marked: ReadonlySet<number>;
  mark: (rows: Set<number>) => void;
  label: string;
  name: (label: number) => string;
}

const SIDE = 300;
const PAD = 10;
type Point = [x: number, y: number];

/** Places of the rows on the canvas, in their order. */
export function places({ rows, frame: [left, right, bottom, top] }: Dots, at: Float32Array): Point[] {
  const across = (value: number, from: number, to: number) => ((value - from) / (to - from || 1)) * (SIDE - 2 * PAD);
  return Array.from(rows, (_, index) => [
    PAD + across(at[2 * index] ?? 0, left, right),
    SIDE - PAD - across(at[2 * index + 1] ?? 0, bottom, top),
  ]);
}

/** The dot in the middle of a class. A class that is torn apart has no dots at its mean. */
function middle(points: Point[]): Point {
  const mean = (axis: 0 | 1) => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const far = (point: Point) => Math.hypot(point[0] - x, point[1] - y);
  return points.reduce((best, point) => (far(point) < far(best) ? point : best));
}

function drawDots(context: CanvasRenderingContext2D, ink: string, { dots, at, marked }: ScatterProps): void {
  places(dots, at).forEach(([x, y], index) => {
    const row = dots.rows[index] ?? 0;
    const bright = marked.size === 0 || marked.has(row);
    context.globalAlpha = bright ? 0.9 : 0.15;
    context.fillStyle = classColour(dots.labels[row] ?? 0);
    context.beginPath();
    context.arc(x, y, marked.has(row) ? 5 : 3, 0, 2 * Math.PI);
    context.fill();
    if (!dots.forgotten.has(row)) return;
    context.strokeStyle = ink;
    context.lineWidth = 1;
    context.stroke();
  });
  context.globalAlpha = 1;
}

/** Class names among their dots, because colours alone do not tell the classes apart for all readers. */
function drawNames(context: CanvasRenderingContext2D, ink: string, { dots, at, name }: ScatterProps): void {
  const groups = new Map<number, Point[]>();
  places(dots, at).forEach((place, index) => {
    const label = dots.labels[dots.rows[index] ?? 0] ?? 0;
    groups.set(label, [...(groups.get(label) ?? []), place]);
  });
  context.font = "bold 13px system-ui, sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineWidth = 3;
  context.fillStyle = ink;
  context.strokeStyle = getComputedStyle(document.documentElement).getPropertyValue("--panel").trim() || "gray";
  for (const [label, points] of groups) {
    const [x, y] = middle(points);
    context.strokeText(name(label), x, y);
    context.fillText(name(label), x, y);
  }
}

function draw(canvas: HTMLCanvasElement | null, props: ScatterProps, rectangle?: [Point, Point]): void {
  const context = canvas?.getContext("2d");
  if (!canvas || !context) return;
  const scale = Math.min(2, devicePixelRatio);
  canvas.width = canvas.height = SIDE * scale;
  context.scale(scale, scale);
  const ink = getComputedStyle(canvas).color;
  drawDots(context, ink, props);
  drawNames(context, ink, props);
  if (!rectangle) return;
  const [[x, y], [toX, toY]] = rectangle;
  context.lineWidth = 1;
  context.strokeStyle = ink;
  context.setLineDash([4, 3]);
  context.strokeRect(x, y, toX - x, toY - y);
}

/** Rows whose dots lie between two corners. */
export function rowsWithin(dots: Dots, at: Float32Array, one: Point, other: Point): Set<number> {
  const between = (place: Point, axis: 0 | 1) =>
    place[axis] >= Math.min(one[axis], other[axis]) && place[axis] <= Math.max(one[axis], other[axis]);
  const all = places(dots, at);
  return new Set(
    [...dots.rows].filter((_, index) => {
      const place = all[index];
      return place !== undefined && between(place, 0) && between(place, 1);
    }),
  );
}

/** The place of the pointer on the canvas, whatever its size on the page. */
function pointer(event: PointerEvent): Point {
  const box = (event.currentTarget as Element).getBoundingClientRect();
  return [((event.clientX - box.left) / box.width) * SIDE, ((event.clientY - box.top) / box.height) * SIDE];
}

export function Scatter(props: ScatterProps) {
  const { dots, at, marked, mark, label } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const from = useRef<Point | null>(null);
  useEffect(() => draw(canvas.current, props), [dots, at, marked, theme.value]);
  return (
    <canvas
      ref={canvas}
      class="scatter"
      width={SIDE}
      height={SIDE}
      role="img"
      aria-label={label}
      onPointerDown={(event) => {
        from.current = pointer(event);
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => from.current && draw(canvas.current, props, [from.current, pointer(event)])}
      onPointerUp={(event) => {
        if (from.current) mark(rowsWithin(dots, at, from.current, pointer(event)));
        from.current = null;
        draw(canvas.current, props);
      }}
      onPointerCancel={() => {
        from.current = null;
        draw(canvas.current, props);
      }}
    />
  );
}
