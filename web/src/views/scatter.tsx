/** One scatter plot on a canvas: a dot for each image, in which a rectangle can be drawn to mark some. */

import { useEffect, useRef } from "preact/hooks";

import { classColour } from "./colours";
import { theme } from "./theme";

export interface Dots {
  rows: Uint32Array;
  labels: Uint32Array;
  forgotten: ReadonlySet<number>;
  /** Least and greatest x and y of all three plots, so that they can be compared. */
  frame: [left: number, right: number, bottom: number, top: number];
}

interface ScatterProps {
  dots: Dots;
  /** Two numbers for each row. */
  at: Float32Array;
  marked: ReadonlySet<number>;
  mark: (rows: Set<number>) => void;
  label: string;
  name: (label: number) => string;
}

const SIDE = 300;
const PAD = 10;
type Point = [x: number, y: number];

export function Scatter({ dots, at, marked, mark, label, name }: ScatterProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const from = useRef<Point | null>(null);
  const [left, right, bottom, top] = dots.frame;
  const place = (index: number): Point => [
    PAD + (((at[2 * index] ?? 0) - left) / (right - left || 1)) * (SIDE - 2 * PAD),
    SIDE - PAD - (((at[2 * index + 1] ?? 0) - bottom) / (top - bottom || 1)) * (SIDE - 2 * PAD),
  ];
  const draw = (rectangle?: [Point, Point]) => {
    const context = canvas.current?.getContext("2d");
    if (!canvas.current || !context) return;
    const scale = Math.min(2, devicePixelRatio);
    canvas.current.width = canvas.current.height = SIDE * scale;
    context.scale(scale, scale);
    const ink = getComputedStyle(canvas.current).color;
    const middles = new Map<number, Point[]>();
    dots.rows.forEach((row, index) => {
      const [x, y] = place(index);
      const truth = dots.labels[row] ?? 0;
      middles.set(truth, [...(middles.get(truth) ?? []), [x, y]]);
      const bright = marked.size === 0 || marked.has(row);
      context.globalAlpha = bright ? 0.9 : 0.15;
      context.fillStyle = classColour(truth);
      context.beginPath();
      context.arc(x, y, marked.has(row) ? 5 : 3, 0, 2 * Math.PI);
      context.fill();
      if (!dots.forgotten.has(row)) return;
      context.strokeStyle = ink;
      context.lineWidth = 1;
      context.stroke();
    });
    context.globalAlpha = 1;
    // Class names in the middle of their dots: colour alone would not do for everybody.
    context.font = "bold 13px system-ui, sans-serif";
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineWidth = 3;
    context.fillStyle = ink;
    context.strokeStyle = getComputedStyle(document.documentElement).getPropertyValue("--panel").trim() || "gray";
    for (const [truth, points] of middles) {
      const mean = (axis: 0 | 1) => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
      const [x, y] = [mean(0), mean(1)];
      const far = (point: Point) => Math.hypot(point[0] - x, point[1] - y);
      // The middle of a class that is torn apart may be empty: the name stands on a dot.
      const [atX, atY] = points.reduce((best, point) => (far(point) < far(best) ? point : best));
      context.strokeText(name(truth), atX, atY);
      context.fillText(name(truth), atX, atY);
    }
    if (!rectangle) return;
    const [[x, y], [toX, toY]] = rectangle;
    context.lineWidth = 1;
    context.strokeStyle = ink;
    context.setLineDash([4, 3]);
    context.strokeRect(x, y, toX - x, toY - y);
  };
  useEffect(() => draw(), [dots, at, marked, theme.value]);
  const point = (event: PointerEvent): Point => {
    const box = canvas.current?.getBoundingClientRect();
    if (!box) return [0, 0];
    return [((event.clientX - box.left) / box.width) * SIDE, ((event.clientY - box.top) / box.height) * SIDE];
  };
  const finish = (event: PointerEvent) => {
    const start = from.current;
    from.current = null;
    if (!start) return;
    const end = point(event);
    const within = (value: number, axis: 0 | 1) =>
      value >= Math.min(start[axis], end[axis]) && value <= Math.max(start[axis], end[axis]);
    const caught = [...dots.rows].filter((_, index) => {
      const [x, y] = place(index);
      return within(x, 0) && within(y, 1);
    });
    mark(new Set(caught));
    draw();
  };
  return (
    <canvas
      ref={canvas}
      class="scatter"
      width={SIDE}
      height={SIDE}
      role="img"
      aria-label={label}
      onPointerDown={(event) => {
        from.current = point(event);
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => from.current && draw([from.current, point(event)])}
      onPointerUp={finish}
      onPointerCancel={() => {
        from.current = null;
        draw();
      }}
    />
  );
}
