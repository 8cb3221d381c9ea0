/** Slow motion: the stages of one step, lit one after the other. */

import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";

import type { Method } from "ugradsl";
import { examples, smoothedLabel } from "../analysis";
import { balances, methodName, smooths } from "../methods";
import { call } from "../session";
import { playing, slowly } from "../player";
import {
  classCount,
  current,
  curve,
  forgetRows,
  labels,
  methodDefaults,
  phase,
  rates,
  shown,
  snapshots,
  type CurvePoint,
} from "../state";
import { signed } from "../words";
import { Digit } from "./digit";
import { BalanceBar, LabelBars } from "./label-bars";
import { exampleLabel } from "./smoothing";

/** Milliseconds that a stage is lit; all five fit between two slow steps. */
const LIT = 190;
/** Images that stand for a batch. */
const SHOWN = 6;

interface Stage {
  title: string;
  words: string;
  picture: ComponentChildren;
}

const written = (loss: number | null | undefined): string =>
  loss === null || loss === undefined ? "not known yet" : loss.toFixed(3);

interface Batches {
  retained: Uint8Array[];
  forgotten: Uint8Array[];
}

async function ask(): Promise<Batches> {
  const of = async (rows: number[]): Promise<Uint8Array[]> => {
    if (rows.length === 0) return [];
    const pixels = await call("pixels", { rows: new Uint32Array(rows) });
    const one = pixels.length / rows.length;
    return rows.map((_, at) => pixels.subarray(at * one, (at + 1) * one));
  };
  const rows = examples(forgetRows.peek(), labels.peek().length, SHOWN);
  const [retained, forgotten] = await Promise.all([of(rows.retained), of(rows.forgotten)]);
  return { retained, forgotten };
}

function Images({ images, loss }: { images: Uint8Array[]; loss: number | null | undefined }) {
  return (
    <>
      <span>Loss: {written(loss)}. Images like these:</span>
      <span class="batch">
        {images.map((pixels, at) => (
          <Digit key={at} pixels={pixels} size={28} />
        ))}
      </span>
    </>
  );
}

/** Points of the loss curves up to the step that is shown. */
function pointsSoFar(): CurvePoint[] {
  const step = shown.value?.step ?? Infinity;
  return curve.value.filter((point) => point.step <= step);
}

/** The change of the two losses since the point before, which may be several steps back. */
function Change() {
  const [last, now] = pointsSoFar().slice(-2);
  const line = (before: number | null | undefined, after: number | null | undefined) =>
    before === null || before === undefined || after === null || after === undefined
      ? "not known yet"
      : signed(after - before, 3);
  return (
    <span class="change">
      <span>{last && now ? `Losses since step ${last.step}:` : "Losses:"}</span>
      <span class="of-retrained">retained: {line(last?.retainLoss, now?.retainLoss)}</span>
      <span class="of-unlearned">forgotten: {line(last?.forgetLoss, now?.forgetLoss)}</span>
    </span>
  );
}

function stages(method: Method, batches: Batches | null): Stage[] {
  const { alpha, p, forget, data } = current.value;
  const last = pointsSoFar().at(-1);
  const rate = alpha ?? rates.value?.mean ?? null;
  const balance = balances(methodDefaults.value, method) ? (p ?? methodDefaults.value[method]?.p) : undefined;
  const label = exampleLabel(forget);
  return [
    {
      title: "Retained batch",
      words: "The network looks at images that it may keep. Its loss on them should stay low.",
      picture: <Images images={batches?.retained ?? []} loss={last?.retainLoss} />,
    },
    {
      title: "Forgotten batch",
      words: "It looks at images that it must forget. Its loss on them should rise.",
      picture: <Images images={batches?.forgotten ?? []} loss={last?.forgetLoss} />,
    },
    {
      title: "Labels smoothed",
      words:
        "The forgotten images' labels are stretched by the smoothing rate, so that even sure answers can be pushed.",
      picture: rate !== null && (
        <LabelBars target={smoothedLabel(rate, classCount.value, label)} label={label} data={data} />
      ),
    },
    {
      title: "Ascent and descent combined",
      words: "Down for the retained images, up for the forgotten ones: p weighs the two pushes into one.",
      picture: balance !== undefined && <BalanceBar p={balance} />,
    },
    {
      title: "Weights moved",
      words: "Every weight of the network moves a little along that one direction. Then the next step begins.",
      picture: <Change />,
    },
  ];
}

export function StepStages() {
  const lit = useSignal(0);
  const batches = useSignal<Batches | null>(null);
  const timers = useRef<ReturnType<typeof setTimeout>[]>([]);
  // Before the first step there is no batch.
  const step = useComputed(() => {
    const now = shown.value?.step ?? (phase.value === "running" ? snapshots.value.at(-1)?.step : undefined);
    return smooths(methodDefaults.value, current.value.method) && now !== 0 ? now : undefined;
  });
  // The stages of a single step are lit in the pause after it.
  const slow = useComputed(() => slowly.value || !playing.value);
  const running = useComputed(() => step.value !== undefined && slow.value);
  useSignalEffect(() => {
    if (step.value === undefined || !slow.value) return;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    lit.value = still ? 4 : 0;
    if (!still) timers.current = [1, 2, 3, 4].map((stage) => setTimeout(() => (lit.value = stage), stage * LIT));
    return () => timers.current.forEach(clearTimeout);
  });
  const asked = useRef<Uint32Array | null>(null);
  useSignalEffect(() => {
    const rows = forgetRows.value;
    if (!running.value || asked.current === rows) return;
    asked.current = rows;
    batches.value = null;
    // The stages are shown without pictures if the call fails, and never with those of another experiment.
    ask().then(
      (images) => asked.current === rows && (batches.value = images),
      () => undefined,
    );
  });
  const { method } = current.value;
  const on = running.value;
  return (
    <section class="panel" data-testid="stages" aria-labelledby="stages-title">
      <h2 id="stages-title">One step, slowly{on && step.value !== undefined ? `: step ${step.value}` : ""}</h2>
      {!on && (
        <p class="muted">
          {smooths(methodDefaults.value, method)
            ? `Forget in slow motion (s), or step by step (.): the stages of ${methodName(method)} light up in turn.`
            : `These are the stages of UGradSL; ${methodName(method)} works in another way.`}
        </p>
      )}
      <ol class="stages">
        {stages(method, batches.value).map(({ title, words, picture }, at) => (
          <li
            key={title}
            class={on && lit.value === at ? "lit" : ""}
            aria-current={on && lit.value === at ? "step" : undefined}
          >
            <b>{title}</b>
            {on && <span>{words}</span>}
            {on && picture}
          </li>
        ))}
      </ol>
    </section>
  );
}
