/**
 * All that the person chose, as a file: unlike an address it carries every picked row and the own images. A file is not
 * trusted.
 */

import type { OwnImage } from "./image";
import { defaults } from "./settings";
import { fromHash, toHash, type Shared } from "./share";

export interface Saved {
  shared: Shared;
  own: OwnImage[];
}

const FORMAT = "ugradsl-page";
const VERSION = 1;
/** Most own images of a file. */
const MOST = 5000;
/** Most picked rows of a file, and the greatest number of one. */
const [MOST_ROWS, LAST_ROW] = [100_000, 99_999];

const toText = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));
const toBytes = (text: string): Uint8Array => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

export function toFile({ shared, own }: Saved): string {
  return JSON.stringify({
    format: FORMAT,
    version: VERSION,
    address: toHash(shared),
    // The address has only the first of many.
    rows: [...shared.rows],
    forgetsOwn: shared.settings.forget === "own",
    own: own.map(({ pixels, label }) => ({ label, pixels: toText(pixels) })),
  });
}

/**
 * `area`: pixels of an image, `classes`: how many there are. Throws a sentence for the person who chose the file.
 */
export function fromFile(text: string, area: number, classes: number): Saved {
  const file = parse(text);
  if (!isRecord(file) || file["format"] !== FORMAT) throw new Error("this is not a file that the page saved");
  const { version, address, rows, own: images, forgetsOwn } = file;
  if (version !== VERSION) {
    throw new Error(`the file is of version ${String(version)}, the page reads version ${VERSION}`);
  }
  if (typeof address !== "string" || !isList(images, MOST)) throw new Error("the saved file is damaged");
  const own = images.map((one) => readImage(one, area, classes));
  const shared = fromHash(address);
  // Files saved by earlier versions of the page have the rows of the address only.
  if (rows !== undefined) shared.rows = readRows(rows);
  if (shared.settings.forget === "ids" && shared.rows.length === 0) shared.settings.forget = defaults.forget;
  if (forgetsOwn === true) shared.settings.forget = own.length > 0 ? "own" : defaults.forget;
  return { shared, own };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function readRows(rows: unknown): Uint32Array {
  const isRow = (row: unknown) => Number.isInteger(row) && (row as number) >= 0 && (row as number) <= LAST_ROW;
  if (!isList(rows, MOST_ROWS) || !rows.every(isRow)) throw new Error("the saved file has a row that is not a number");
  return Uint32Array.from(new Set(rows as number[]));
}

function readImage(image: unknown, area: number, classes: number): OwnImage {
  const { label, pixels: text } = isRecord(image) ? image : {};
  if (typeof label !== "number" || !Number.isInteger(label) || label < 0 || label >= classes) {
    throw new Error("the saved file has an image of a class that does not exist");
  }
  const pixels = readPixels(text);
  if (pixels?.length !== area) throw new Error(`the saved file has an image that is not of ${area} pixels`);
  return { pixels, label };
}

/** Null for what is not base64. */
function readPixels(text: unknown): Uint8Array | null {
  try {
    return typeof text === "string" ? toBytes(text) : null;
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isList(value: unknown, most: number): value is unknown[] {
  return Array.isArray(value) && value.length <= most;
}
