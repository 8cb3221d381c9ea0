/** One of the three networks: its answer to the drawing, its inside, the wall, and how much it still knows. */

import type { Figures } from "ugradsl";
import { argmax } from "../analysis";
import { kindNames, type Kind } from "../kinds";
import { answers, columns } from "../seen";
import { classCount, current, phase, progress, shown, snapshots, trio, twinProgress, type Progress } from "../state";
import { className, forgottenName } from "../words";
import { NetworkCanvas } from "./network-canvas";
import { Wall } from "./wall";

const titles: Record<Kind, string> = { ...kindNames, retrained: "Retrained twin" };

/** What a network has seen, or is doing. */
function line(kind: Kind): string {
  const step = (now: Progress | null, method: string) =>
    now?.method === method ? `learning, step ${now.step} of ${now.steps}` : null;
  const gone = forgottenName(current.value);
  if (kind === "original")
    return trio.value.original ? "saw everything" : (step(progress.value, "original") ?? "waits");
  if (kind === "retrained") {
    if (trio.value.retrained) return `never saw ${gone}`;
    return step(twinProgress.value, "retrain") ?? step(progress.value, "retrain") ?? "learns next";
  }
  const at = shown.value ?? (trio.value.unlearned ? null : (snapshots.value.at(-1) ?? null));
  if (at !== null && at.step > 0) return `forgetting, step ${at.step}`;
  if (trio.value.unlearned && at === null) return `made to forget ${gone}`;
  return phase.value === "asking" || at !== null ? "still the original" : "a copy of the original";
}

/** What the column's network knows, as far as it has been measured. */
function measured(kind: Kind): Figures | null {
  const { original, unlearned, retrained } = trio.value;
  if (kind === "original") return original;
  if (kind === "retrained") return retrained;
  return shown.value ?? unlearned ?? snapshots.value.at(-1) ?? original;
}

function Meter({ name, value, tone }: { name: string; value: number | null; tone: string }) {
  return (
    <div class={`meter ${tone}`}>
      <span>{name}</span>
      <b>{value === null ? "–" : `${value.toFixed(0)} %`}</b>
      <i style={{ "--share": ((value ?? 0) / 100).toFixed(3) }} />
    </div>
  );
}

function Bars({ kind }: { kind: Kind }) {
  const answer = answers[kind].value;
  const classes = classCount.value;
  const all = Array.from({ length: classes }, (_, label) => answer?.probabilities[label] ?? 0);
  const best = answer ? argmax(all) : -1;
  const { data, forget } = current.value;
  const said = all.map((value, label) => `${className(data, label)} ${(100 * value).toFixed(0)} %`).join(", ");
  return (
    <div
      class="answers"
      role="img"
      aria-label={answer ? `Answers: ${said}` : "No answer yet"}
      data-testid={`answers-${kind}`}
    >
      {all.map((value, label) => (
        <span key={label} class={label === best ? "best" : ""}>
          <i style={{ "--share": value.toFixed(3) }} />
          <small class={forget === `class:${label}` ? "gone" : ""}>
            {data === "mnist-subset" ? label : className(data, label).slice(0, 2)}
          </small>
        </span>
      ))}
    </div>
  );
}

function Head({ kind }: { kind: Kind }) {
  const answer = answers[kind].value;
  const best = answer ? argmax(answer.probabilities) : null;
  const sure = best === null ? null : (answer?.probabilities[best] ?? 0);
  const { data } = current.value;
  return (
    <p class="says">
      <b class={best !== null && className(data, best).length > 2 ? "long" : ""} data-testid={`says-${kind}`}>
        {best === null ? "?" : className(data, best)}
      </b>
      <span>{sure === null ? "no answer yet" : `${(100 * sure).toFixed(0)} % sure`}</span>
    </p>
  );
}

export function NetworkColumn({ kind }: { kind: Kind }) {
  const now = measured(kind);
  const there = columns.value[kind] !== null;
  return (
    <article
      class={`network of-${kind} ${there ? "" : "absent"}`}
      data-testid={`column-${kind}`}
      aria-label={titles[kind]}
    >
      <header>
        <h2>{titles[kind]}</h2>
        <small>{line(kind)}</small>
      </header>
      <Head kind={kind} />
      <NetworkCanvas kind={kind} />
      <Bars kind={kind} />
      <Wall kind={kind} />
      <Meter name={`recognises ${forgottenName(current.value)}`} value={now && 100 - now.ua} tone="gone" />
      <Meter name="recognises the rest" value={now && now.ta} tone="rest" />
    </article>
  );
}
