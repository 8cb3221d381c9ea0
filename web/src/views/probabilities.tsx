/** What each of the three networks says about one image: a bar for each class. */

import { argmax } from "../analysis";
import { kindNames, kinds, type Kind } from "../kinds";
import { settings } from "../state";
import { className } from "../words";

export interface ProbabilitiesProps {
  label: number;
  of: Record<Kind, ArrayLike<number>>;
}

export function Probabilities({ label, of }: ProbabilitiesProps) {
  const { data } = settings.value;
  return (
    <div class="triple">
      {kinds.map((kind) => {
        const values = Array.from(of[kind]);
        const guess = argmax(values);
        return (
          <article key={kind} class={`of-${kind}`}>
            <h3>{kindNames[kind]}</h3>
            <p>
              says <b>{className(data, guess)}</b> ({(100 * (values[guess] ?? 0)).toFixed(0)} % sure),{" "}
              {guess === label ? "right" : "wrong"}
            </p>
            <ul class="probabilities">
              {values.map((value, k) => (
                <li key={k} class={k === label ? "true" : ""}>
                  <span>{className(data, k)}</span>
                  <span class="bar" style={{ "--share": `${100 * value}%` }} />
                  <span>{(100 * value).toFixed(0)} %</span>
                </li>
              ))}
            </ul>
          </article>
        );
      })}
    </div>
  );
}
