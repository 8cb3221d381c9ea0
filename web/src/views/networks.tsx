/** The figures of the three networks, each number with its distance to that of the retrained network. */

import type { Figures, RunRecord } from "ugradsl";
import { kindNames, type Kind } from "../kinds";
import { phase, shown, snapshots, trio, trusted } from "../state";
import { measureKeys, percent, signed, type MeasureName } from "../words";
import { MetricName } from "./metric";

const lines: Record<Kind, string> = {
  original: "has seen everything",
  unlearned: "the original, made to forget",
  retrained: "never saw the forget set",
};

export function Networks() {
  const { original, unlearned, retrained } = trio.value;
  const passing = shown.value ?? (unlearned === null ? (snapshots.value.at(-1) ?? null) : null);
  return (
    <section class="panel" aria-labelledby="figures-title" data-testid="figures">
      <h2 id="figures-title">The figures</h2>
      <p>
        None of these is good by being high or low. Good is what is close to the twin: the numbers in brackets are the
        distances to it.
      </p>
      <div class="triple">
        <Network kind="original" measures={original} twin={retrained} run={original} />
        <Network kind="unlearned" measures={passing ?? unlearned} twin={retrained} run={passing ? null : unlearned} />
        <Network kind="retrained" measures={retrained} twin={null} run={retrained} />
      </div>
    </section>
  );
}

interface NetworkProps {
  kind: Kind;
  measures: Figures | null;
  twin: RunRecord | null;
  run: RunRecord | null;
}

function Network({ kind, measures, twin, run }: NetworkProps) {
  const step =
    kind === "unlearned" && run === null && measures !== null
      ? (shown.value ?? snapshots.value.at(-1))?.step
      : undefined;
  return (
    <article
      class={`figures of-${kind}`}
      data-testid={`network-${kind}`}
      aria-busy={measures === null && phase.value === "running"}
    >
      <h3>
        {kindNames[kind]}{" "}
        <small>{step === undefined ? lines[kind] : `after ${step} steps, measured on a sample`}</small>
      </h3>
      <dl>
        {measureKeys.map((name) => (
          <Figure key={name} kind={kind} name={name} measures={measures} twin={twin} />
        ))}
      </dl>
      <p class="gap">
        {kind === "retrained" || run === null || run.gap === null ? " " : <GapLine kind={kind} run={run} />}
      </p>
    </article>
  );
}

function GapLine({ kind, run }: { kind: Kind; run: RunRecord }) {
  const share =
    run.method === "original" || run.retrain_share === null
      ? ""
      : `, ${(100 * run.retrain_share).toFixed(0)} % of retraining's time`;
  return (
    <>
      <MetricName name="gap">gap</MetricName>{" "}
      <b data-testid={`${kind}-gap`}>{percent(trusted.value ? run.gap : null)}</b> points
      <span class="share">{share}</span>
    </>
  );
}

interface FigureProps {
  kind: Kind;
  name: MeasureName;
  measures: Figures | null;
  twin: RunRecord | null;
}

function Figure({ kind, name, measures, twin }: FigureProps) {
  // The attack is a privacy figure, which only a device that passed its self-test may show.
  const value = name === "mia" && !trusted.value ? null : measures?.[name];
  const distance = value !== null && value !== undefined && twin !== null ? value - twin[name] : null;
  return (
    <div class="figure">
      <dt>
        <MetricName name={name} again={kind !== "original"} />
      </dt>
      <dd data-testid={`${kind}-${name}`}>
        {percent(value)}
        <small>{distance === null ? " %" : ` % (${signed(distance)})`}</small>
      </dd>
    </div>
  );
}
