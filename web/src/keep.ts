/** Own images survive a reload: the browser keeps them, for each data set, on this computer. */

import type { OwnImage } from "./image";
import type { DataName } from "./settings";

const [DATABASE, STORE] = ["ugradsl", "own-images"];

/** Null where the browser keeps nothing, as in some private windows. */
function open(): Promise<IDBDatabase | null> {
  return new Promise((resolve) => {
    if (typeof indexedDB === "undefined") {
      resolve(null);
      return;
    }
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => resolve(null);
  });
}

/** Keeps the images in the place of those before. */
export function keepImages(data: DataName, images: readonly OwnImage[]): void {
  void open().then((database) => {
    const store = database?.transaction(STORE, "readwrite").objectStore(STORE);
    if (images.length === 0) store?.delete(data);
    else store?.put(images, data);
  });
}

/** The images that were kept; none if there are none, or what is kept is something else. */
export async function keptImages(data: DataName): Promise<OwnImage[]> {
  const database = await open();
  if (database === null) return [];
  return new Promise((resolve) => {
    const request = database.transaction(STORE).objectStore(STORE).get(data);
    request.onsuccess = () => resolve(Array.isArray(request.result) ? request.result.filter(isImage) : []);
    request.onerror = () => resolve([]);
  });
}

function isImage(value: unknown): value is OwnImage {
  if (typeof value !== "object" || value === null) return false;
  return "pixels" in value && value.pixels instanceof Uint8Array && "label" in value && Number.isInteger(value.label);
}
