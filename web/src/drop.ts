/** Image files and folders that are dropped on the page or chosen: their contents, and the class of each image. */

export interface Incoming {
  file: File;
  /** With its folders: `digits/7/one.png`. */
  path: string;
}

/** Most images that are taken at once: enough for a lesson, and read in a few seconds. */
export const MOST = 500;

/**
 * Class of an image by its path: the innermost folder that has the name of a class, else the file's name up to a
 * hyphen, underscore or space (`7-foo.png`, `boot_2.jpg`). Null if neither names a class. `names`: of the classes.
 */
export function classOf(path: string, names: readonly string[]): number | null {
  const parts = path.toLowerCase().split("/");
  const file = parts.pop() ?? "";
  const called = (label: number) => [String(label), (names[label] ?? "").toLowerCase()].filter((name) => name !== "");
  const labels = names.map((_, label) => label);
  for (const folder of parts.reverse()) {
    const label = labels.find((one) => called(one).includes(folder));
    if (label !== undefined) return label;
  }
  return (
    labels.find((one) => called(one).some((name) => file.startsWith(name) && /^[-_ ]/.test(file.slice(name.length)))) ??
    null
  );
}

/** Images, and paths of other files; hidden files (`.DS_Store`) are left out. */
export function sort(all: readonly Incoming[]): { images: Incoming[]; others: string[] } {
  const seen = all.filter(({ file }) => !file.name.startsWith("."));
  const isImage = ({ file }: Incoming) => file.type.startsWith("image/");
  return { images: seen.filter(isImage), others: seen.filter((one) => !isImage(one)).map(({ path }) => path) };
}

/** "a, b, c and 4 more". */
export function enumerate(names: readonly string[], most = 4): string {
  const rest = names.length - most;
  return rest > 0 ? `${names.slice(0, most).join(", ")} and ${rest} more` : names.join(", ");
}

/** "5 images joined: 3 as 7, 2 as 4". */
export function summary(labels: readonly number[], names: readonly string[]): string {
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const each = [...counts]
    .sort(([one], [other]) => one - other)
    .map(([label, count]) => `${count} as ${names[label] ?? label}`);
  return `${labels.length} ${labels.length === 1 ? "image" : "images"} joined: ${each.join(", ")}.`;
}

/** Files of a file chooser, with their paths if a folder was chosen. */
export function chosen(files: Iterable<File>): Incoming[] {
  return Array.from(files, (file) => ({ file, path: file.webkitRelativePath || file.name }));
}

/**
 * All files of a drop, those in folders too. It has to be called within the event, which empties the list at its end.
 */
export async function dropped(transfer: DataTransfer): Promise<Incoming[]> {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  // Some sources (another page, a picture from a chat) drop files without entries.
  if (entries.length === 0) return chosen(transfer.files);
  return (await Promise.all(entries.map(walk))).flat();
}

async function walk(entry: FileSystemEntry): Promise<Incoming[]> {
  const path = entry.fullPath.replace(/^\//, "");
  if (isFile(entry)) return [{ path, file: await new Promise<File>((resolve, reject) => entry.file(resolve, reject)) }];
  if (!isDirectory(entry)) return [];
  const reader = entry.createReader();
  const found: Incoming[] = [];
  // A reader gives a hundred entries at a time, and none at the end.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return found;
    for (const one of some) found.push(...(await walk(one)));
  }
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isDirectory = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;
