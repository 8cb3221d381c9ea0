/** The data sets that come with the page: they lie beside it, and are fetched while the device opens. */

import { toLoad } from "ugradsl/internal";

import type { DataName } from "./settings";

type Files = ReturnType<typeof toLoad>;

const onTheWay = new Map<DataName, Files>();

/** Asks for the files once, for all who want them until they are {@link take taken}. */
export function ask(name: DataName): Files {
  const file = (part: string) => new URL(`data/${name}/${part}.idx`, document.baseURI);
  const set = (part: string) => ({ images: file(`${part}-images`), labels: file(`${part}-labels`) });
  const files = onTheWay.get(name) ?? toLoad({ name, train: set("train"), test: set("test") });
  onTheWay.set(name, files);
  // A failed try must not stand in the way of the next one.
  files.catch(() => onTheWay.delete(name));
  return files;
}

/** The arguments of the worker's call `load`; the page keeps no copy. */
export async function take(name: DataName): Promise<Awaited<Files>> {
  const files = await ask(name);
  onTheWay.delete(name);
  return files;
}
