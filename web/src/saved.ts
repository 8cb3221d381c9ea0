/** Everything that the person chose, own images included, as a file: an address cannot carry those. Nothing in a file is trusted. */

import type { OwnImage } from "./image";
import { fromHash, toHash, type Shared } from "./share";

export interface Saved {
  shared: Shared;
  own: OwnImage[];
}

const FORMAT = "ugradsl-page";
const VERSION = 1;
/** Most own images of a file. */
const MOST = 5000;

const toText = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));
const toBytes = (text: string): Uint8Array => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

export function toFile({ shared, own }: Saved): string {
  const images = own.map(({ pixels, label }) => ({ label, pixels: toText(pixels) }));
  const address = toHash(shared);
  return JSON.stringify({
    format: FORMAT,
    version: VERSION,
    address,
    forgetsOwn: shared.settings.forget === "own",
    own: images,
  });
}

/** `area`: pixels of an image, `classes`: how many there are. Throws a sentence for whom brought the file. */
export function fromFile(text: string, area: number, classes: number): Saved {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    file = null;
  }
  if (!isRecord(file) || file["format"] !== FORMAT) throw new Error("this is no file that the page saved");
  if (file["version"] !== VERSION)
    throw new Error(`the file is of version ${String(file["version"])}, the page reads version ${VERSION}`);
  const images: unknown = file["own"];
  if (typeof file["address"] !== "string" || !Array.isArray(images) || images.length > MOST)
    throw new Error("the saved file is damaged");
  const own = images.map((one: unknown) => readImage(one, area, classes));
  const shared = fromHash(file["address"]);
  if (file["forgetsOwn"] === true && own.length > 0) shared.settings.forget = "own";
  return { shared, own };
}

function readImage(image: unknown, area: number, classes: number): OwnImage {
  const label = isRecord(image) ? image["label"] : null;
  const text = isRecord(image) ? image["pixels"] : null;
  if (typeof label !== "number" || !Number.isInteger(label) || label < 0 || label >= classes)
    throw new Error("the saved file has an image of a class that is not there");
  let pixels: Uint8Array | null = null;
  try {
    if (typeof text === "string") pixels = toBytes(text);
  } catch {
    // Not base64: refused below.
  }
  if (pixels?.length !== area) throw new Error(`the saved file has an image that is not of ${area} pixels`);
  return { pixels, label };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
