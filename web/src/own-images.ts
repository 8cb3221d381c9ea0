/** Images that the person draws or brings, on their way to the training set. */

import { signal } from "@preact/signals";

import { act } from "./act";
import { classOf, enumerate, MOST, sort, summary, type Incoming } from "./drop";
import { fromFile, type OwnImage } from "./image";
import { sentence } from "./sentence";
import { addOwn } from "./session";
import { about, classCount, settings } from "./state";
import { className } from "./words";

/** Class of drawings, and of files without a class in their name. */
export const label = signal(3);
/** Messages about the images that were added last. */
export const said = signal<string[]>([]);

export function chooseLabel(one: number): void {
  label.value = one;
}

export function say(messages: string[]): void {
  said.value = messages;
}

export const side = (): number => about.peek()?.data?.shape[1] ?? 28;
export const classNames = (): string[] =>
  Array.from({ length: classCount.peek() }, (_, one) => className(settings.peek().data, one));

/** Adds the images to the training set and chooses them to be forgotten. Whether it succeeded. */
export async function take(images: OwnImage[]): Promise<boolean> {
  try {
    await addOwn(images);
    act({ forget: "own" }, 400);
    return true;
  } catch (error) {
    said.value = [sentence(error)];
    return false;
  }
}

/** Adds image files, with the class in their path where there is one. */
export async function takeFiles(files: Incoming[] | Promise<Incoming[]>): Promise<void> {
  said.value = ["Reading the images…"];
  try {
    await takeAll(sort(await files));
  } catch (error) {
    said.value = [sentence(error)];
  }
}

async function takeAll({ images, others }: ReturnType<typeof sort>): Promise<void> {
  const names = classNames();
  const [taken, assumed]: [OwnImage[], string[]] = [[], []];
  for (const { file, path } of images.slice(0, MOST)) {
    const known = classOf(path, names);
    try {
      taken.push({ pixels: await fromFile(file, side()), label: known ?? label.peek() });
      if (known === null) assumed.push(path);
    } catch {
      others.push(path);
    }
  }
  if (taken.length > 0 && !(await take(taken))) return;
  const labels = taken.map((one) => one.label);
  const assumedClass = names[label.peek()] ?? label.peek();
  said.value = [
    labels.length > 0 ? summary(labels, names) : "No image was found.",
    ...(assumed.length > 0 ? [`No class in the name, so taken as ${assumedClass}: ${enumerate(assumed)}.`] : []),
    ...(others.length > 0 ? [`Not images that this browser can read: ${enumerate(others)}.`] : []),
    ...(images.length > MOST ? [`Only the first ${MOST} of ${images.length} images were taken.`] : []),
  ];
}
