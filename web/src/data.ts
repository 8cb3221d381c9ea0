/** The data sets that come with the page. They are fetched while the device opens. */

import { toLoad } from "ugradsl/internal";

import type { DataName } from "./settings";

type Files = ReturnType<typeof toLoad>;

const onTheWay = new Map<DataName, Files>();

/** The files of a data set, fetched once until they are {@link take taken}. */
export function ask(name: DataName): Files {
  const file = (part: string) => new URL(`data/${name}/${part}.idx`, document.baseURI);
  const set = (part: string) => ({ images: file(`${part}-images`), labels: file(`${part}-labels`) });
  const files = onTheWay.get(name) ?? toLoad({ name, train: set("train"), test: set("test") });
  onTheWay.set(name, files);
  // After a failure the next call fetches again.
  files.catch(() => onTheWay.delete(name));
  return files;
}

/** The arguments of the call `load`; the page keeps no copy of them. */
export async function take(name: DataName): Promise<Awaited<Files>> {
  const files = await ask(name);
  onTheWay.delete(name);
  return files;
}
