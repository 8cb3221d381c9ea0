/** The verdict, in words and colour; before there is one, what to do. */

import { useSignalEffect } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";

import { methodLine, methodName } from "../methods";
import { current, overForgotten, phase, shown, trio, trusted } from "../state";
import { judge, type Judgement } from "../verdict";
import { forgottenName } from "../words";

function Found({ outcome, title, reason }: Judgement) {
  return (
    <>
      <h2 data-testid="outcome" data-outcome={outcome} class={`outcome ${outcome}`}>
        {title}
      </h2>
      <p data-testid="reason">{reason}</p>
      {overForgotten.value && outcome === "forgotten" && (
        <p data-testid="over-forgetting">
          It is wrong on {forgottenName(current.value)} even more often than the twin: more is not better.
        </p>
      )}
      <Cost />
    </>
  );
}

function Words() {
  const { original, unlearned, retrained } = trio.value;
  const gone = forgottenName(current.value);
  if (phase.value === "done" && shown.value === null && unlearned !== null) {
    const found = judge(original, unlearned, trusted.value);
    return found ? <Found {...found} /> : <Text title="Done">The library found nothing out about this run.</Text>;
  }
  if (phase.value === "failed") return <Text title="Stopped">The message beside the choices says why.</Text>;
  if (phase.value === "asking") {
    const { method } = current.value;
    return (
      <Text title={`It knows ${gone}. Make it forget?`}>
        The middle network is still the original. {methodName(method)} {methodLine(method)}.
      </Text>
    );
  }
  if (shown.value !== null || (original && retrained)) {
    return <Text title="Forgetting…">Only {gone} should go dark. Whatever else does is damage.</Text>;
  }
  return (
    <Text title="Two networks learn">
      The original learns from all training images, its twin from all but {gone}. The twin shows what perfect forgetting
      would be.
    </Text>
  );
}

function Text({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <>
      <h2>{title}</h2>
      <p>{children}</p>
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
