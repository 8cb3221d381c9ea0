/** The verdict, in words and colour; before there is one, what to do. */

import { useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";

import { methodLine, methodName } from "../methods";
import { playing } from "../player";
import { current, overForgotten, phase, shown, trio, trusted } from "../state";
import { judge } from "../verdict";
import { forgottenName } from "./words";

function Words() {
  const { original, unlearned, retrained } = trio.value;
  const found = phase.value === "done" && !playing.value ? judge(original, unlearned, trusted.value) : null;
  const { method } = current.value;
  if (found !== null) {
    return (
      <>
        <h2 data-testid="outcome" data-outcome={found.outcome} class={`outcome ${found.outcome}`}>
          {found.title}
        </h2>
        <p data-testid="reason">{found.reason}</p>
        {overForgotten.value && found.outcome === "forgotten" && (
          <p data-testid="over-forgetting">
            It is wrong on {forgottenName(current.value)} even more often than the twin: more is not better.
          </p>
        )}
        <Cost />
      </>
    );
  }
  if (phase.value === "asking") {
    return (
      <>
        <h2>It knows {forgottenName(current.value)}. Make it forget?</h2>
        <p>
          The middle network is still the original. {methodName(method)} {methodLine(method)}.
        </p>
      </>
    );
  }
  if (shown.value !== null || (original && retrained)) {
    return (
      <>
        <h2>Forgetting…</h2>
        <p>Only {forgottenName(current.value)} should go dark. Whatever else does is damage.</p>
      </>
    );
  }
  return (
    <>
      <h2>Two networks learn</h2>
      <p>
        The original from all training images. Its twin from all but {forgottenName(current.value)}: it shows what
        perfect forgetting would be.
      </p>
    </>
  );
}

/** What forgetting took, counted in steps, which do not depend on how busy the computer is. */
function Cost() {
  const { unlearned, retrained } = trio.value;
  if (!unlearned || !retrained || retrained.steps === 0) return null;
  return (
    <p class="muted">
      {unlearned.steps} steps of forgetting, beside {retrained.steps} of retraining.
    </p>
  );
}

export function Verdict() {
  const place = useRef<HTMLElement>(null);
  useSignalEffect(() => {
    if (place.current) place.current.dataset["phase"] = phase.value;
  });
  return (
    <section class="verdict" ref={place} aria-label="Verdict" data-testid="verdict">
      <Words />
    </section>
  );
}
