/** A wall of test images, each class in a column of its own: those that the network reads are lit, the others dark. */

import { useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";

import { paint } from "../image";
import type { Kind } from "../kinds";
import { answers } from "../seen";
import { classCount, current } from "../state";
import { EACH, image, wall, type Images } from "../wall";
import { className } from "../words";

/** Images of a class side by side, and rows of them. */
const ACROSS = 2;
const ROWS = EACH / ACROSS;
/** Brightness of an image that is not read, and milliseconds in which it changes. */
const [DARK, FADING] = [0.13, 350];

/** All images, prepared once for the three walls. */
let prepared: { of: Images; tiles: OffscreenCanvas[] } | null = null;

function tilesOf(images: Images): OffscreenCanvas[] {
  if (prepared?.of === images) return prepared.tiles;
  const side = Math.round(Math.sqrt(images.area));
  const tiles = images.labels.map((_, at) => {
    const tile = new OffscreenCanvas(side, side);
    const context = tile.getContext("2d");
    if (context) paint(context, image(images, at), side);
    return tile;
  });
  prepared = { of: images, tiles };
  return tiles;
}

/** Place of an image, in tiles from the left and from the top. */
function tilePlace(at: number): [x: number, y: number] {
  const within = at % EACH;
  return [Math.floor(at / EACH) * ACROSS + (within % ACROSS), Math.floor(within / ACROSS)];
}

const TILE = 28;

/** Draws some of the tiles, as bright as they are now. */
function draw(
  context: CanvasRenderingContext2D,
  tiles: OffscreenCanvas[],
  light: Float32Array,
  some: Iterable<number>,
): void {
  context.fillStyle = "#0c0e11";
  for (const at of some) {
    const [x, y] = tilePlace(at);
    const tile = tiles[at];
    context.globalAlpha = 1;
    context.fillRect(x * TILE, y * TILE, TILE, TILE);
    context.globalAlpha = light[at] ?? 0;
    if (tile) context.drawImage(tile, x * TILE, y * TILE, TILE, TILE);
  }
}

const mixed = (from: number, to: number, share: number): number => from + (to - from) * share;

/** Which images are read, and how many of each class. */
export function read(kind: Kind): { right: boolean[]; of: (label: number) => string } {
  const images = wall.value;
  const guesses = answers[kind].value?.wall ?? [];
  const right = (images?.labels ?? []).map((label, at) => guesses[at] === label);
  const of = (label: number) => {
    const all = (images?.labels ?? []).map((one, at) => ({ one, at })).filter(({ one }) => one === label);
    return `${all.filter(({ at }) => right[at] === true).length} of ${all.length}`;
  };
  return { right, of };
}

export function Wall({ kind }: { kind: Kind }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const light = useRef(new Float32Array());
  const drawn = useRef<Images | null>(null);
  useSignalEffect(() => {
    const images = wall.value;
    const { right } = read(kind);
    const context = canvas.current?.getContext("2d");
    if (!images || !context) return;
    const tiles = tilesOf(images);
    if (drawn.current !== images) {
      drawn.current = images;
      light.current = new Float32Array(tiles.length).fill(DARK);
      draw(context, tiles, light.current, tiles.keys());
    }
    const from = light.current.slice();
    const to = (at: number) => (right[at] ? 1 : DARK);
    // Only what changes is drawn, so that three walls cost nothing while they stay as they are.
    const changing = [...tiles.keys()].filter((at) => from[at] !== to(at));
    if (changing.length === 0) return;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const start = performance.now();
    let frame = 0;
    const fade = (now: number) => {
      const share = still ? 1 : Math.min(1, Math.max(0, (now - start) / FADING));
      for (const at of changing) light.current[at] = share === 1 ? to(at) : mixed(from[at] ?? 0, to(at), share);
      draw(context, tiles, light.current, changing);
      if (share < 1) frame = requestAnimationFrame(fade);
    };
    frame = requestAnimationFrame(fade);
    return () => cancelAnimationFrame(frame);
  });
  const classes = classCount.value;
  const { of } = read(kind);
  const names = Array.from({ length: classes }, (_, label) => `${className(current.value.data, label)}: ${of(label)}`);
  return (
    <canvas
      ref={canvas}
      class="wall"
      data-testid={`wall-${kind}`}
      width={classes * ACROSS * TILE}
      height={ROWS * TILE}
      role="img"
      aria-label={wall.value === null ? "Test images" : `Test images that are read, by class: ${names.join(", ")}`}
    />
  );
}
