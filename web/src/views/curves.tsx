/** The run in progress as curves, with a slider back to its earlier snapshots. */

import { rewind } from "../choices";
import { methodName } from "../methods";
import { curve, phase, progress, rewound, shown, snapshots, trio, trusted, type CurvePoint } from "../state";
import { MetricName } from "./metric";
import { Plot, type Line } from "./plot";
import { measureKeys, percent } from "./words";

const tokens = { ua: "--alarm", ra: "--retrained", ta: "--original", mia: "--unlearned" } as const;

/** From below zero, where a smoothed loss may be, to the highest point. */
function span(points: CurvePoint[]): [number, number] {
  const values = points.flatMap((point) => [point.retainLoss ?? 0, point.forgetLoss ?? 0]);
  return [Math.min(0, ...values), Math.max(0.5, ...values)];
}

const written = (loss: number | null | undefined): string => loss?.toFixed(3) ?? "none";

export function Curves() {
  const points = curve.value;
  const last = points.at(-1);
  const method = progress.value?.method;
  return (
    <section class="panel" aria-labelledby="curves-title" data-testid="curves">
      <h2 id="curves-title">How it goes</h2>
      <div class="grid two">
        <div>
          <h3>
            <MetricName name="loss" />
            {method ? ` of ${methodName(method)}` : ""}
          </h3>
          <Plot
            label={`Last: retain set ${written(last?.retainLoss)}, forget set ${written(last?.forgetLoss)}`}
            data={[
              points.map((point) => point.step),
              points.map((point) => point.retainLoss),
              points.map((point) => point.forgetLoss),
            ]}
            x="step"
            y="loss"
            range={span(points)}
            lines={[
              { label: "retain set", token: "--retrained" },
              { label: "forget set, smoothed", token: "--unlearned" },
            ]}
          />
          {points.length === 0 && phase.value === "done" && (
            <p class="muted">
              No steps to draw: the networks were computed before, or the method changes the weights in one go.
            </p>
          )}
        </div>
        <Measured />
      </div>
    </section>
  );
}

/** The four measures along the unlearning run; those of the retrained network are dashed lines. */
function Measured() {
  const all = snapshots.value;
  const twin = trio.value.retrained;
  const names = measureKeys.filter((name) => name !== "mia" || trusted.value);
  const lines: Line[] = names.map((name) => ({ label: name.toUpperCase(), token: tokens[name] }));
  const twins: Line[] = twin
    ? names.map((name) => ({ label: `the twin's ${name.toUpperCase()}`, token: tokens[name], dashed: true }))
    : [];
  const last = all.at(-1);
  return (
    <div>
      <h3>Forgetting, step by step</h3>
      <Plot
        label={
          last ? names.map((name) => `${name.toUpperCase()} ${percent(last[name])}`).join(", ") : "No forgetting yet"
        }
        data={[
          all.map((one) => one.step),
          ...names.map((name) => all.map((one) => one[name])),
          ...(twin ? names.map((name) => all.map(() => twin[name])) : []),
        ]}
        x="step"
        y="%"
        range={[0, 101]}
        lines={[...lines, ...twins]}
      />
      {all.length > 0 && (
        <label class="wide">
          <span>
            Go back to <output>{shown.value ? `step ${shown.value.step}` : "the newest state"}</output>
          </span>
          <input
            type="range"
            data-testid="rewind"
            min={0}
            max={all.length}
            value={rewound.value ?? all.length}
            onInput={(event) => {
              const at = event.currentTarget.valueAsNumber;
              rewind(at >= all.length ? null : at);
            }}
          />
        </label>
      )}
    </div>
  );
}
