/** The drawing pad's canvas: strokes of a pointer, of the pad itself, and images that are put on it. */

import { paint } from "../image";
import { strokes } from "../strokes";

/** Width and height of the canvas. */
export const PAD = 280;
/** Width of the pen. */
const PEN = 24;

type Point = [x: number, y: number];

function context(canvas: HTMLCanvasElement): CanvasRenderingContext2D | null {
  return canvas.getContext("2d", { willReadFrequently: true });
}

/** Where a pointer is on the canvas, whatever its size on the page. */
export function place(event: PointerEvent, canvas: HTMLCanvasElement): Point {
  const box = canvas.getBoundingClientRect();
  const scale = canvas.width / (box.width || 1);
  return [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
}

export function line(canvas: HTMLCanvasElement, from: Point, to: Point): void {
  const pen = context(canvas);
  if (!pen) return;
  pen.lineWidth = PEN;
  pen.lineCap = pen.lineJoin = "round";
  pen.strokeStyle = "white";
  pen.beginPath();
  pen.moveTo(...from);
  pen.lineTo(...to);
  pen.stroke();
}

export function wipe(canvas: HTMLCanvasElement): void {
  context(canvas)?.clearRect(0, 0, PAD, PAD);
}

/** Puts an image on the pad, to look at; it is not read back. */
export function show(canvas: HTMLCanvasElement, pixels: Uint8Array): void {
  const side = Math.round(Math.sqrt(pixels.length));
  const small = new OffscreenCanvas(side, side);
  const drawn = small.getContext("2d");
  const pen = context(canvas);
  if (!drawn || !pen) return;
  paint(drawn, pixels, side);
  wipe(canvas);
  pen.imageSmoothingEnabled = false;
  pen.drawImage(small, 0, 0, PAD, PAD);
}

/** Milliseconds in which the pad draws a digit. */
const DRAWING = 900;

/** Draws a digit by itself, at once where motion is not wanted. `drew` is told after each part. Returns how to stop. */
export function write(canvas: HTMLCanvasElement, digit: number, drew: () => void): () => void {
  const pieces = (strokes[digit] ?? []).flatMap((stroke) =>
    stroke.slice(1).map((to, at) => [scaled(stroke[at] ?? to), scaled(to)] as const),
  );
  wipe(canvas);
  let at = 0;
  const until = (count: number) => {
    for (; at < Math.min(count, pieces.length); at++) {
      const piece = pieces[at];
      if (piece) line(canvas, ...piece);
    }
    drew();
  };
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
    until(pieces.length);
    return () => undefined;
  }
  const start = performance.now();
  let frame = requestAnimationFrame(function draw(now) {
    until(Math.ceil((pieces.length * (now - start)) / DRAWING));
    if (at < pieces.length) frame = requestAnimationFrame(draw);
  });
  return () => cancelAnimationFrame(frame);
}

const scaled = ([x, y]: readonly [number, number]): Point => [x * PAD, y * PAD];
