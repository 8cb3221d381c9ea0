/** All methods that were tried on the question on show, side by side. */

import { change, pick } from "../choices";
import { methodName } from "../methods";
import { begin } from "../session";
import { current, forgetRows, labels, phase, trials, trio, trusted } from "../state";
import { questionKey, trialsOf, type Trial } from "../trials";
import "../styles/views.css";
import { MetricName } from "./metric";
import { measureKeys, percent, signed } from "./words";

function again({ settings }: Trial): void {
  change(settings);
  if (settings.forget === "ids") pick(forgetRows.peek());
  void begin();
}

const numbers = ({ settings: { alpha, p } }: Trial): string =>
  [...(alpha === null ? [] : [`α ${alpha.toFixed(1)}`]), ...(p === null ? [] : [`p ${p.toFixed(2)}`])].join(", ");

export function TrialTable() {
  const rows = trialsOf(questionKey(current.value, forgetRows.value, labels.value.length), trials.value);
  const twin = trio.value.retrained;
  return (
    <section class="panel" data-testid="trials" aria-labelledby="trials-title">
      <h2 id="trials-title">Which method comes closest?</h2>
      {rows.length === 0 ? (
        <p class="muted">Each method that you try on the same images and seed gets a row here.</p>
      ) : (
        <div class="wide-table" tabIndex={0} role="group" aria-label="Table of the methods tried">
          <table>
            <thead>
              <tr>
                <th scope="col">Method</th>
                <th scope="col">
                  <MetricName name="gap" again>
                    Gap
                  </MetricName>
                </th>
                {measureKeys.map((name) => (
                  <th key={name} scope="col">
                    <MetricName name={name} again />
                  </th>
                ))}
                <th scope="col">Time</th>
                <th scope="col">
                  <span class="visually-hidden">Again</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => {
                const { run } = row;
                const shown = run.weights === trio.value.unlearned?.weights;
                return (
                  <tr
                    key={JSON.stringify([row.settings.method, numbers(row)])}
                    aria-current={shown ? "true" : undefined}
                  >
                    <th scope="row">
                      {methodName(run.method)} <small>{numbers(row)}</small>
                    </th>
                    <td>
                      <b>{percent(trusted.value ? run.gap : null)}</b>
                    </td>
                    {measureKeys.map((name) => {
                      const hidden = name === "mia" && !trusted.value;
                      return (
                        <td key={name}>
                          {percent(hidden ? null : run[name])}{" "}
                          {!hidden && twin && <small>({signed(run[name] - twin[name])})</small>}
                        </td>
                      );
                    })}
                    <td>{run.seconds === null ? "–" : `${run.seconds.toFixed(1)} s`}</td>
                    <td>
                      <button
                        class="button"
                        disabled={shown || phase.value === "opening"}
                        aria-label={`${shown ? "shown" : "Show"}: ${methodName(run.method)} ${numbers(row)}`}
                        onClick={() => again(row)}
                      >
                        {shown ? "shown" : "Show"}
                      </button>
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
      {rows.length === 1 && (
        <p class="muted">Choose another method above, and forget again: it gets a row beside this one.</p>
      )}
    </section>
  );
}
