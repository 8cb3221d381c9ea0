/** Slow motion: what happens within one step, in order, one stage lit after the other. */

import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";

import { curve, pace, progress, settings } from "../state";
import "../styles/views.css";

/** Milliseconds that a stage stays lit; all five fit between two slow steps. */
const LIT = 170;

interface Stage {
  title: string;
  words: string;
}

function stages(retain: string, forget: string): Stage[] {
  return [
    { title: "Retained batch", words: `The network looks at images that it may keep. Its loss on them is ${retain}: lower is better.` },
    { title: "Forgotten batch", words: `It looks at images that it must forget. Its loss on them is ${forget}: this one should rise.` },
    { title: "Labels smoothed", words: "The forgotten images' labels are stretched by the smoothing rate, so that even sure answers can be pushed." },
    { title: "Ascent and descent combined", words: "Down for the retained images, up for the forgotten ones: p weighs the two pushes into one." },
    { title: "Weights moved", words: "Every weight of the network moves a little along that one direction. Then the next step begins." },
  ];
}

const written = (loss: number | null | undefined): string => (loss === null || loss === undefined ? "not known yet" : loss.toFixed(3));

export function StepStages() {
  const lit = useSignal(0);
  const timers = useRef<ReturnType<typeof setTimeout>[]>([]);
  // Training and retraining know no forgotten batch.
  const fitting = useComputed(() => progress.value?.method === settings.value.method && settings.value.method.startsWith("ugradsl"));
  const step = useComputed(() => (fitting.value ? progress.value?.step : undefined));
  // After a single step the course stands still: that is when its stages are told.
  const slow = useComputed(() => pace.value !== "play");
  useSignalEffect(() => {
    if (step.value === undefined || !slow.value) return;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    lit.value = still ? 4 : 0;
    if (!still) timers.current = [1, 2, 3, 4].map((stage) => setTimeout(() => (lit.value = stage), stage * LIT));
    return () => timers.current.forEach(clearTimeout);
  });
  const running = fitting.value && slow.value;
  const last = fitting.value ? curve.value.at(-1) : undefined;
  return (
    <section class="panel" data-testid="stages">
      <h2>One step, slowly{running && step.value !== undefined ? `: step ${step.value}` : ""}</h2>
      {!running && <p class="muted">Choose “Slow motion” or “One step” while UGradSL unlearns, and the stages light up in turn.</p>}
      <ol class="stages">
        {stages(written(last?.retainLoss), written(last?.forgetLoss)).map(({ title, words }, at) => (
          <li key={title} class={running && lit.value === at ? "lit" : ""} aria-current={running && lit.value === at ? "step" : undefined}>
            <b>{title}</b>
            <span>{words}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
