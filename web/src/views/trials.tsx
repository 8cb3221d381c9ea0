/** The methods that were tried on the same question, side by side. */

import { change, pick } from "../choices";
import { methodName } from "../methods";
import { begin } from "../session";
import { current, forgetRows, labels, phase, trials, trio, trusted } from "../state";
import { questionKey, trialsOf, type Trial } from "../trials";
import { measureKeys, percent, signed } from "../words";
import { MetricName } from "./metric";

function again({ settings }: Trial): void {
  change(settings);
  if (settings.forget === "ids") pick(forgetRows.peek());
  void begin();
}

const numbers = ({ settings: { alpha, p } }: Trial): string =>
  [...(alpha === null ? [] : [`α ${alpha.toFixed(1)}`]), ...(p === null ? [] : [`p ${p.toFixed(2)}`])].join(", ");

function Head() {
  return (
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
  );
}

function Row({ trial }: { trial: Trial }) {
  const { run } = trial;
  const { unlearned, retrained } = trio.value;
  const shown = run.weights === unlearned?.weights;
  return (
    <tr aria-current={shown ? "true" : undefined}>
      <th scope="row">
        {methodName(run.method)} <small>{numbers(trial)}</small>
      </th>
      <td>
        <b>{percent(trusted.value ? run.gap : null)}</b>
      </td>
      {measureKeys.map((name) => {
        const secret = name === "mia" && !trusted.value;
        return (
          <td key={name}>
            {percent(secret ? null : run[name])}{" "}
            {!secret && retrained && <small>({signed(run[name] - retrained[name])})</small>}
          </td>
        );
      })}
      <td>{run.seconds === null ? "–" : `${run.seconds.toFixed(1)} s`}</td>
      <td>
        <button
          class="button"
          disabled={shown || phase.value === "opening"}
          aria-label={`${shown ? "shown" : "Show"}: ${methodName(run.method)} ${numbers(trial)}`}
          onClick={() => again(trial)}
        >
          {shown ? "shown" : "Show"}
        </button>
      </td>
    </tr>
  );
}

export function TrialTable() {
  const rows = trialsOf(questionKey(current.value, forgetRows.value, labels.value.length), trials.value);
  return (
    <section class="panel" data-testid="trials" aria-labelledby="trials-title">
      <h2 id="trials-title">Which method comes closest?</h2>
      {rows.length === 0 ? (
        <p class="muted">Each method that you try on the same images and seed gets a row here.</p>
      ) : (
        <div class="wide-table" tabIndex={0} role="group" aria-label="Table of the methods tried">
          <table>
            <Head />
            <tbody>
              {rows.map((trial) => (
                <Row key={trial.answer} trial={trial} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {rows.length === 1 && (
        <p class="muted">Choose another method, or let all of them race: each gets a row beside this one.</p>
      )}
    </section>
  );
}
