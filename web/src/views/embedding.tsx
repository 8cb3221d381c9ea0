/** How the three networks see the images: features on two axes, similar images close together, marks shared by all plots. */

import { useMemo } from "preact/hooks";

import { sampleRows } from "../analysis";
import { call } from "../session";
import { about, forgetRows, labels, settings } from "../state";
import "../styles/views.css";
import { classColour } from "./colours";
import { kindNames, kinds, useFetched, type Kind, type Models } from "./fetching";
import { Scatter, type Dots } from "./scatter";
import { selected } from "./selection";
import { className } from "./words";

const TOTAL = 600;
const FORGOTTEN = 200;
/** The same dots every time. */
const SEED = 1;

interface Answer {
  dots: Dots;
  at: Record<Kind, Float32Array>;
}

function extent(values: Float32Array[], axis: 0 | 1): [number, number] {
  let [least, most] = [Infinity, -Infinity];
  for (const all of values) {
    for (let at = axis; at < all.length; at += 2) {
      least = Math.min(least, all[at] ?? 0);
      most = Math.max(most, all[at] ?? 0);
    }
  }
  return [least, most];
}

async function ask(models: Models): Promise<Answer> {
  const [truth, forgotten] = [labels.peek(), forgetRows.peek()];
  const rows = sampleRows(forgotten, truth.length, FORGOTTEN, TOTAL, SEED);
  const [original, unlearned, retrained] = await Promise.all(kinds.map((kind) => call("embedding", { model: models[kind], rows })));
  if (!original || !unlearned || !retrained) throw new Error("a network did not answer");
  const all = [original, unlearned, retrained];
  const frame: Dots["frame"] = [...extent(all, 0), ...extent(all, 1)];
  return { dots: { rows, labels: truth, forgotten: new Set(forgotten), frame }, at: { original, unlearned, retrained } };
}

/** The selection without a pointer: all dots of a class, or the forgotten ones. */
function Choice({ dots }: { dots: Dots }) {
  const { data } = settings.value;
  const classes = about.value?.data?.classes ?? 10;
  const choose = (value: string) => {
    const wanted = (row: number) => (value === "forgotten" ? dots.forgotten.has(row) : dots.labels[row] === Number(value));
    selected.value = new Set(value === "" ? [] : [...dots.rows].filter(wanted));
  };
  return (
    <div class="row">
      <label>
        Mark{" "}
        <select data-testid="embedding-class" onChange={(event) => choose(event.currentTarget.value)}>
          <option value="">nothing</option>
          <option value="forgotten">all forgotten images</option>
          {Array.from({ length: classes }, (_, k) => (
            <option key={k} value={k}>
              class {className(data, k)}
            </option>
          ))}
        </select>
      </label>
      <button class="button" disabled={selected.value.size === 0} onClick={() => (selected.value = new Set())}>
        Unmark
      </button>
      <span role="status">{selected.value.size === 0 ? "Nothing is marked." : `${selected.value.size} images are marked.`}</span>
    </div>
  );
}

function Plots({ answer }: { answer: Answer }) {
  const { dots, at } = answer;
  const { data } = settings.value;
  const name = (label: number) => className(data, label);
  const classes = useMemo(() => [...new Set(Array.from(dots.rows, (row) => dots.labels[row] ?? 0))].sort((a, b) => a - b), [dots]);
  const count = useMemo(() => [...dots.rows].filter((row) => dots.forgotten.has(row)).length, [dots]);
  return (
    <>
      <Choice dots={dots} />
      <div class="triple">
        {kinds.map((kind) => (
          <article key={kind} class={`of-${kind}`}>
            <h3>{kindNames[kind]}</h3>
            <Scatter
              dots={dots}
              at={at[kind]}
              marked={selected.value}
              mark={(rows) => (selected.value = rows)}
              name={name}
              label={`${kindNames[kind]}: ${dots.rows.length} images as dots, ${count} of them forgotten, ${selected.value.size} marked.`}
            />
          </article>
        ))}
      </div>
      <p class="keys">
        {classes.map((label) => (
          <span key={label} class="key" style={{ "--key": classColour(label) }}>
            {name(label)}
          </span>
        ))}
        <span class="key ring">forgotten</span>
      </p>
    </>
  );
}

export function EmbeddingView() {
  const { panel, result, problem } = useFetched(ask);
  return (
    <section class="panel" data-testid="embedding" ref={panel}>
      <h2>How the networks see the images</h2>
      <p>
        Each dot is an image; images that a network finds alike lie close together. Draw a rectangle around some dots: the same images light up in
        all three plots and among the thumbnails.
      </p>
      {problem.value !== null && <p class="alarm">{problem.value}</p>}
      {result.value === null ? <p class="muted">The dots appear when all three networks are ready.</p> : <Plots answer={result.value} />}
    </section>
  );
}
