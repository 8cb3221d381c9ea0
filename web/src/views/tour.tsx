/** A guided tour in five actions that the visitor performs. It begins with a click, and blocks nothing. */

import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import { playing } from "../player";
import { probe } from "../probe";
import { current, hidden, phase, rewound, settings, snapshots } from "../state";
import { forgottenName } from "../words";

interface Stop {
  title: string;
  words: () => string;
  /** Selector of the part that is lit. */
  target: string;
  /** What changes when the visitor has done it; reads signals. */
  watch: () => unknown;
  /** Whether it is done, with what was seen first and what is seen now. */
  done: (first: unknown, now: unknown) => boolean;
}

const changed = (first: unknown, now: unknown) => first !== now;

const stops: Stop[] = [
  {
    title: "Draw a digit",
    target: ".ask",
    words: () => "Draw on the pad, or click one of the test images. All three networks answer while you draw.",
    // What the page draws by itself is not an action of the visitor's, and an empty pad is not a digit.
    watch: () => (probe.value?.byPage ? null : probe.value),
    done: (first, now) => now !== null && changed(first, now),
  },
  {
    title: "Make it forget",
    target: ".bar .forget",
    words: () =>
      `As soon as both networks have learned, press Forget (or the key f), and watch the middle one: only ` +
      `${forgottenName(current.value)} should go dark.`,
    watch: () => snapshots.value.length > 1 || playing.value,
    done: (_, now) => now === true,
  },
  {
    title: "Go back in time",
    target: ".timeline",
    words: () => "Drag the slider to the left. The whole page goes back: answers, maps and the wall of test images.",
    watch: () => (playing.value ? null : rewound.value),
    done: (_, now) => now !== null,
  },
  {
    title: "Forget too much",
    target: ".choose",
    words: () => "Choose another method, such as gradient ascent, or drag the balance to “forget”. More is not better.",
    watch: () => `${settings.value.method} ${settings.value.p ?? ""} ${settings.value.alpha ?? ""}`,
    done: changed,
  },
  {
    title: "Ask your own question",
    target: ".choose .way",
    words: () => "Choose another digit to forget, a share of the images, or your own drawing.",
    watch: () => settings.value.forget,
    done: changed,
  },
];

/** Lights the target as long as the stop lasts. */
function light(target: string): () => void {
  const part = document.querySelector(target);
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  part?.scrollIntoView({ block: "nearest", behavior: still ? "auto" : "smooth" });
  part?.classList.add("tour-target");
  return () => part?.classList.remove("tour-target");
}

function Card({ at, go, leave }: { at: number; go: (at: number) => void; leave: () => void }) {
  const stop = stops[at];
  const done = useSignal(false);
  const first = useRef<{ at: number; seen: unknown } | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    return stop && light(stop.target);
  }, [stop]);
  useSignalEffect(() => {
    if (!stop) return;
    const now = stop.watch();
    if (first.current?.at !== at) first.current = { at, seen: now };
    done.value = stop.done(first.current.seen, now);
  });
  if (!stop) return null;
  const last = at + 1 === stops.length;
  return (
    <>
      <p class="label">
        {at + 1} of {stops.length}
      </p>
      <h2 ref={heading} tabIndex={-1}>
        {stop.title} {done.value && <span class="good">✓</span>}
      </h2>
      <p>{stop.words()}</p>
      <div class="row">
        <button class="button small" onClick={leave}>
          Leave
        </button>
        <button class="button small" disabled={at === 0} onClick={() => go(at - 1)}>
          Back
        </button>
        <button
          class={done.value ? "button small primary" : "button small"}
          data-testid="tour-next"
          onClick={() => (last ? leave() : go(at + 1))}
        >
          {last ? "Finish" : done.value ? "Next" : "Skip"}
        </button>
      </div>
    </>
  );
}

export function Tour() {
  const opener = useRef<HTMLButtonElement>(null);
  const at = useSignal<number | null>(null);
  const leave = () => {
    at.value = null;
    opener.current?.focus({ preventScroll: true });
  };
  // A teacher's link may leave the tour out.
  if (hidden.value.includes("tour")) return null;
  return (
    <>
      <button
        ref={opener}
        class="button"
        data-testid="tour-open"
        aria-expanded={at.value !== null}
        onClick={() => (at.value === null ? (at.value = 0) : leave())}
      >
        Tour
      </button>
      {at.value !== null && (
        <aside
          class="tour"
          aria-label="Tour"
          data-testid="tour"
          data-phase={phase.value}
          onKeyDown={(event) => event.key === "Escape" && leave()}
        >
          <Card key={at.value} at={at.value} go={(next) => (at.value = next)} leave={leave} />
        </aside>
      )}
    </>
  );
}
