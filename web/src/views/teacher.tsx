/** A link to the page without the parts that a class should not see yet. */

import { useSignal } from "@preact/signals";

import { toHash } from "../share";
import { chosenRows, hidden, settings } from "../state";

const panels = {
  tour: "The tour",
  numbers: "The figures",
  stages: "One step, slowly",
  trials: "Which method comes closest?",
  smoothing: "The smoothed label",
  attack: "Attack",
  relearn: "Relearn",
  instances: "Image by image",
  embedding: "How the networks see the images",
  export: "Take it with you",
  honesty: "How far to trust this page",
  about: "What it takes to forget",
} as const;
export type PanelName = keyof typeof panels;

export function Teacher() {
  const left = useSignal<readonly string[]>(hidden.peek());
  const address = toHash({
    settings: settings.value,
    rows: chosenRows.value,
    hidden: [...left.value],
  });
  const link = `${location.href.split("#")[0] ?? ""}#${address}`;
  const toggle = (name: string) => {
    left.value = left.value.includes(name) ? left.value.filter((one) => one !== name) : [...left.value, name];
  };
  return (
    <details class="teacher" data-testid="teacher">
      <summary>For teachers: a link that leaves parts of the page out</summary>
      <fieldset class="choices">
        <legend>Parts on the page</legend>
        {Object.entries(panels).map(([name, title]) => (
          <label key={name} class="check">
            <input
              type="checkbox"
              data-testid={`part-${name}`}
              checked={!left.value.includes(name)}
              onChange={() => toggle(name)}
            />{" "}
            {title}
          </label>
        ))}
      </fieldset>
      <p>
        <a href={link} target="_blank" rel="noopener" data-testid="teacher-link">
          This page with these parts
        </a>{" "}
        <span class="muted">(open it, or copy its address)</span>
      </p>
    </details>
  );
}
