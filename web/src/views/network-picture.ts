/** Draws what a network makes of an image: maps and units as pictures, and between them the strongest connections. */

import type { Layer, Links } from "ugradsl";

export interface Palette {
  tone: string;
  muted: string;
}

/** What is drawn, and on how large a canvas, in pixels of the page. */
export interface Picture {
  layers: Layer[];
  links: Links[];
  width: number;
  height: number;
}

/** A layer on the canvas: its cells lie side by side in rows. */
export interface Band {
  layer: Layer;
  top: number;
  /** Width and height of a cell. */
  cell: [number, number];
  columns: number;
  gap: number;
}

/** Units of a row, and height of a row of units. */
const [UNITS, UNIT_HEIGHT] = [128, 7];

function bandOf(layer: Layer, width: number, most: number): Omit<Band, "top"> {
  const [count, height] = layer.shape;
  if (height === 1) {
    const columns = Math.min(count, UNITS);
    return { layer, columns, gap: 0, cell: [width / columns, UNIT_HEIGHT] };
  }
  // Many maps are drawn in two rows.
  const columns = count > 8 ? Math.ceil(count / 2) : count;
  const gap = count > 8 ? 4 : 6;
  const side = Math.min(count > 8 ? 0.65 * most : most, (width - gap * (columns - 1)) / columns);
  return { layer, columns, gap, cell: [side, side] };
}

const rows = ({ layer, columns }: Pick<Band, "layer" | "columns">): number => Math.ceil(layer.shape[0] / columns);
const heightOf = (band: Omit<Band, "top">): number => rows(band) * (band.cell[1] + band.gap) - band.gap;

/** Layers from top to bottom; what is left of the height lies between those that connections are drawn for. */
export function bands({ layers, links, width, height }: Picture): Band[] {
  const all = layers.map((layer) => bandOf(layer, width, height * 0.24));
  const wide = all.map(({ layer }) => links.some(({ name }) => name === layer.name));
  const fixed = all.reduce((sum, band) => sum + heightOf(band), 0) + 6 * all.length;
  // The last space leads to the answers.
  const spaces = wide.filter((one, at) => one && at > 0).length + 1;
  const space = Math.max(8, (height - fixed) / spaces);
  let top = 0;
  return all.map((band, at) => {
    top += at === 0 ? 0 : wide[at] ? space : 6;
    const placed = { ...band, top };
    top += heightOf(band);
    return placed;
  });
}

/** Left edge of the first cell, so that a row is in the middle. */
const left = ({ cell, columns, gap }: Band, width: number): number =>
  (width - columns * cell[0] - (columns - 1) * gap) / 2;

/** Middle of a cell, at the upper or lower edge of the layer. */
export function anchor(band: Band, at: number, width: number, edge: "top" | "bottom"): [number, number] {
  const column = at % band.columns;
  const x = left(band, width) + column * (band.cell[0] + band.gap) + band.cell[0] / 2;
  return [x, edge === "top" ? band.top : band.top + heightOf(band)];
}

/** The cells of a layer as one image, side by side. */
function atlas({ shape: [count, height, width], values }: Layer): OffscreenCanvas | null {
  const canvas = new OffscreenCanvas(count * width, height);
  const context = canvas.getContext("2d");
  if (!context) return null;
  const image = context.createImageData(count * width, height);
  const most = values.reduce((greatest, value) => Math.max(greatest, value), 1e-9);
  values.forEach((value, at) => {
    const [map, y, x] = [Math.floor(at / (height * width)), Math.floor(at / width) % height, at % width];
    const grey = 18 + 237 * Math.sqrt(Math.max(0, value) / most);
    image.data.set([grey, grey, grey, 255], 4 * (y * count * width + map * width + x));
  });
  context.putImageData(image, 0, 0);
  return canvas;
}

function drawBand(context: CanvasRenderingContext2D, band: Band, width: number): void {
  const cells = atlas(band.layer);
  if (cells === null) return;
  const [count, high, wide] = band.layer.shape;
  context.imageSmoothingEnabled = false;
  for (let at = 0; at < count; at++) {
    const x = left(band, width) + (at % band.columns) * (band.cell[0] + band.gap);
    const y = band.top + Math.floor(at / band.columns) * (band.cell[1] + band.gap);
    // Units touch each other: no seam may be left between two.
    const overlap = high === 1 ? 0.5 : 0;
    context.drawImage(cells, at * wide, 0, wide, high, x, y, band.cell[0] + overlap, band.cell[1]);
  }
}

/** A connection with its strength, -1 to 1 of the strongest. */
export interface Connection {
  from: number;
  to: number;
  strength: number;
}

/** The strongest of what goes through the connections: their strengths times the mean output where they come from. */
export function strongest({ outputs, inputs, strengths }: Links, before: Layer, most: number): Connection[] {
  const size = before.values.length / before.shape[0];
  const means = Array.from({ length: inputs }, (_, at) => {
    const cell = before.values.slice(at * size, (at + 1) * size);
    return cell.reduce((sum, value) => sum + value, 0) / Math.max(1, size);
  });
  const all: Connection[] = [];
  for (let to = 0; to < outputs; to++)
    for (let from = 0; from < inputs; from++)
      all.push({ from, to, strength: (strengths[to * inputs + from] ?? 0) * (means[from] ?? 0) });
  const top = Math.max(...all.map(({ strength }) => Math.abs(strength)), 1e-12);
  return all
    .map((one) => ({ ...one, strength: one.strength / top }))
    .sort((one, other) => Math.abs(other.strength) - Math.abs(one.strength))
    .slice(0, most)
    .filter(({ strength }) => Math.abs(strength) > 0.05);
}

function curve(context: CanvasRenderingContext2D, [x, y]: [number, number], [toX, toY]: [number, number]): void {
  const middle = (y + toY) / 2;
  context.beginPath();
  context.moveTo(x, y);
  context.bezierCurveTo(x, middle, toX, middle, toX, toY);
  context.stroke();
}

function drawLinks(context: CanvasRenderingContext2D, picture: Picture, all: Band[], palette: Palette): void {
  const { links, width, height, layers } = picture;
  for (const link of links) {
    const at = layers.findIndex(({ name }) => name === link.name);
    // A layer that is not among the layers has the answers as its outputs.
    const [from, to] = [all[at < 0 ? all.length - 1 : at - 1], all[at]];
    if (from?.layer.shape[0] !== link.inputs) continue;
    for (const one of strongest(link, from.layer, at < 0 ? 90 : 60)) {
      const force = Math.abs(one.strength);
      context.globalAlpha = 0.06 + 0.74 * force * force;
      context.lineWidth = 0.5 + 2.2 * force;
      context.strokeStyle = one.strength > 0 ? palette.tone : palette.muted;
      const end: [number, number] = to
        ? anchor(to, one.to, width, "top")
        : [((one.to + 0.5) / link.outputs) * width, height];
      curve(context, anchor(from, one.from, width, "bottom"), end);
    }
  }
  context.globalAlpha = 1;
}

/** Draws the picture on a canvas of its size. */
export function drawNetwork(canvas: HTMLCanvasElement, picture: Picture, palette: Palette): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  const scale = Math.min(2, devicePixelRatio);
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  context.scale(scale, scale);
  const all = bands(picture);
  drawLinks(context, picture, all, palette);
  for (const band of all) drawBand(context, band, picture.width);
}
