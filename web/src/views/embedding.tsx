/** How the three networks see the images: on two axes, similar images close together. Marks are shared by all plots. */

import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";

import { kindNames, kinds } from "../kinds";
import { classCount, settings } from "../state";
import { className } from "../words";
import { classColour } from "./colours";
import { useFetched, waiting } from "./fetching";
import { ask, type Answer, type Axes } from "./places";
import { Scatter, type Dots } from "./scatter";
import { mark, selected } from "./selection";

const explanations: Record<Axes, string> = {
  pca:
    "The axes are the two directions in which the original's features (its last layer before the answer) vary most: " +
    "PCA. All three networks are drawn on these axes.",
  umap:
    "Images that get similar answers are placed side by side: UMAP, one map for the answers of all three networks. " +
    "Only neighbourhoods have a meaning, distances between groups do not.",
};

/** Marks dots without a pointer: all of a class, or the forgotten ones. */
function Choice({ dots }: { dots: Dots }) {
  const { data } = settings.value;
  const classes = classCount.value;
  const choose = (value: string) => {
    const wanted = (row: number) =>
      value === "forgotten" ? dots.forgotten.has(row) : dots.labels[row] === Number(value);
    mark(value === "" ? [] : [...dots.rows].filter(wanted));
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
      <button class="button" disabled={selected.value.size === 0} onClick={() => mark([])}>
        Unmark
      </button>
      <span role="status">
        {selected.value.size === 0
          ? "Nothing is marked."
          : selected.value.size === 1
            ? "1 image is marked."
            : `${selected.value.size} images are marked.`}
      </span>
    </div>
  );
}

function Plots({ answer }: { answer: Answer }) {
  const { dots, at } = answer;
  const { data } = settings.value;
  const name = (label: number) => className(data, label);
  const classes = useMemo(
    () => [...new Set(Array.from(dots.rows, (row) => dots.labels[row] ?? 0))].sort((a, b) => a - b),
    [dots],
  );
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
              mark={mark}
              name={name}
              label={
                `${kindNames[kind]}: ${dots.rows.length} images as dots, ${count} of them forgotten, ` +
                `${selected.value.size} marked.`
              }
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
  const axes = useSignal<Axes>("pca");
  const drawn = useSignal(0);
  const { panel, result, problem } = useFetched((models) => {
    drawn.value = 0;
    return ask(models, axes.peek(), (share) => (drawn.value = share));
  }, axes);
  const answer = result.value;
  const drawing = axes.value === "umap" && answer !== null && answer.axes !== "umap" && problem.value === null;
  return (
    <section
      class="panel"
      data-testid="embedding"
      data-axes={answer?.axes}
      ref={panel}
      aria-labelledby="embedding-title"
    >
      <h2 id="embedding-title">How the networks see the images</h2>
      <p>
        Each dot is an image; images that a network finds alike lie close together. Draw a rectangle around some dots:
        the same images light up in all three plots and among the thumbnails.
      </p>
      <fieldset class="choices">
        <legend>Arrange the dots</legend>
        <label class="check">
          <input
            type="radio"
            name="axes"
            data-testid="axes-pca"
            checked={axes.value === "pca"}
            onChange={() => (axes.value = "pca")}
          />{" "}
          by the two strongest directions (PCA)
        </label>
        <label class="check">
          <input
            type="radio"
            name="axes"
            data-testid="axes-umap"
            checked={axes.value === "umap"}
            onChange={() => (axes.value = "umap")}
          />{" "}
          by neighbourhood (UMAP)
        </label>
      </fieldset>
      <p class="muted">{explanations[answer?.axes ?? axes.value]}</p>
      <p class="muted" role="status">
        {drawing && `Drawing the map: ${(100 * drawn.value).toFixed(0)} %`}
      </p>
      {problem.value !== null && <p class="alarm">{problem.value}</p>}
      {answer === null ? <p class="muted">{waiting.value}</p> : <Plots answer={answer} />}
    </section>
  );
}
