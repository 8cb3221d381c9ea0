/** What the three networks of the page say: about the image that they are asked, and about the wall. */

import { computed, effect, signal, type Signal } from "@preact/signals";

import type { Layer, Links } from "ugradsl";
import { argmax } from "./analysis";
import { kinds, type Kind } from "./kinds";
import { probe, type Probe } from "./probe";
import { depend } from "./depend";
import { generation, progress, shown, snapshots, trio, twinProgress } from "./state";
import { wall } from "./wall";
import { callOn, type Place } from "./workers";

/** The network that a column shows. */
export interface Column {
  place: Place;
  model: string;
  /** Steps of a network in training, which has the same name all the time. */
  step: number;
}

/** What a network says. */
export interface Answer {
  /** Of each class, 0 to 1. */
  probabilities: ArrayLike<number>;
  layers: Layer[];
  links: Links[];
  /** The classes that it sees in the images of the wall; empty while there is no wall. */
  wall: number[];
  /** The image that it was asked about. */
  probe: Probe;
}

const LIVE = "live";
const finished = (model: string): Column => ({ place: "main", model, step: 0 });

/** The networks of the columns; null where there is none yet. */
export const columns = computed<Record<Kind, Column | null>>(() => {
  const { original, unlearned, retrained } = trio.value;
  const now = progress.value;
  const live = (method: string): Column | null =>
    now?.method === method ? { place: "main", model: LIVE, step: now.step } : null;
  const twin = twinProgress.value;
  const first = original ? finished(original.model) : live("original");
  const latest = shown.value ?? (unlearned === null ? snapshots.value.at(-1) : null);
  const middle = latest?.model ?? unlearned?.model;
  return {
    original: first,
    // Before it forgets it is the original.
    unlearned: middle === undefined ? first : finished(middle),
    retrained: retrained
      ? finished(retrained.model)
      : twin
        ? { place: "twin", model: LIVE, step: twin.step }
        : live("retrain"),
  };
});

export const answers: Record<Kind, Signal<Answer | null>> = {
  original: signal(null),
  unlearned: signal(null),
  retrained: signal(null),
};

/** What does not depend on the drawing, by network; of the current generation of names. */
const known = new Map<string, Promise<Pick<Answer, "wall" | "links">>>();
let knownOf = 0;

async function look({ place, model }: Column): Promise<Pick<Answer, "wall" | "links">> {
  const images = wall.peek();
  const links = await callOn(place, "links", { model });
  if (images === null) return { links, wall: [] };
  const all = await callOn(place, "predict", { model, pixels: images.pixels });
  const classes = all.length / images.labels.length;
  return { links, wall: images.labels.map((_, at) => argmax(all.subarray(at * classes, (at + 1) * classes))) };
}

/** As {@link look}, but each network is asked once. */
function lookOnce(column: Column): Promise<Pick<Answer, "wall" | "links">> {
  if (knownOf !== generation.peek()) known.clear();
  knownOf = generation.peek();
  const key = `${column.place} ${column.model} ${column.step} ${wall.peek() === null ? "" : "wall"}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const answer = look(column);
  known.set(key, answer);
  const drop = () => {
    // By now the key may have the answer of another generation.
    if (known.get(key) === answer) known.delete(key);
  };
  // What a network in the making said is not what it says next.
  answer.then(() => column.model === LIVE && drop(), drop);
  return answer;
}

async function ask(kind: Kind, column: Column, image: Probe): Promise<void> {
  const { place, model } = column;
  const [{ probabilities, layers }, rest] = await Promise.all([
    callOn(place, "activations", { model, pixels: image.pixels }),
    lookOnce(column),
  ]);
  answers[kind].value = { probabilities, layers, ...rest, probe: image };
}

/** Least milliseconds between two questions to a network in training: it has to learn meanwhile. */
const PATIENCE = 300;
const wait = (milliseconds: number) => new Promise((resume) => setTimeout(resume, milliseconds));

/** Whether the middle column shows the original, which is then not asked twice. */
function isOriginal(kind: Kind): boolean {
  const { original, unlearned } = columns.peek();
  return kind === "unlearned" && original?.model === unlearned?.model;
}

/** One question per column at a time: while it is answered the newest of all later ones waits. */
function follower(kind: Kind): () => void {
  let [busy, again, last] = [false, false, ""];
  let asked: Probe | null = null;
  const follow = async () => {
    const [column, image] = [columns.peek()[kind], probe.peek()];
    const key = JSON.stringify([column, generation.peek(), wall.peek() !== null]);
    if (isOriginal(kind)) {
      // An answer of the network before may have come after that of the original.
      answers[kind].value = answers.original.peek();
      last = "";
      return;
    }
    if (key === last && asked === image) return;
    const learns = column?.model === LIVE && asked === image;
    [last, asked] = [key, image];
    if (column === null || image === null) answers[kind].value = null;
    else await ask(kind, column, image).catch(() => (last = ""));
    if (learns) await wait(PATIENCE);
  };
  return () => {
    again = true;
    if (busy) return;
    busy = true;
    void (async () => {
      while (again) {
        again = false;
        await follow();
      }
      busy = false;
    })();
  };
}

const followers = kinds.map(follower);
effect(() => {
  depend(columns, probe, wall, generation);
  for (const follow of followers) follow();
});

effect(() => {
  const answer = answers.original.value;
  depend(columns);
  if (isOriginal("unlearned")) answers.unlearned.value = answer;
});

/** The snapshots are looked at as they come, so that going back to one shows it at once. */
effect(() => {
  const last = snapshots.value.at(-1);
  if (last !== undefined) void lookOnce(finished(last.model)).catch(() => undefined);
});
