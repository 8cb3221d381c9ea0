/** A guided tour in five steps. It begins with a click, and never opens by itself. */

import { useSignal } from "@preact/signals";
import { useEffect, useId, useRef } from "preact/hooks";

import { hidden } from "../state";
import "../styles/views.css";

interface Stop {
  title: string;
  words: string;
  /** Selector of the part that is lit; the first that the page has. */
  target: string;
}

const stops: Stop[] = [
  {
    title: "Three networks",
    target: ".networks",
    words:
      "The original has seen everything. The unlearned network was made to forget. The retrained twin never saw the " +
      "forgotten images. One question counts: how close is the unlearned network to the twin?",
  },
  {
    title: "Choose what to forget",
    target: "[data-testid^=choose], .choose",
    words:
      "A whole class, a random share, single images, or digits that you draw yourself. Then watch the networks being " +
      "trained again.",
  },
  {
    title: "Watch it forget",
    target: "[data-testid=stages]",
    words:
      "Pause, take one step, or switch to slow motion, and see what happens within a step: keep here, forget there, " +
      "both at once.",
  },
  {
    title: "Attack it",
    target: "[data-testid=attack]",
    words:
      "Drag the threshold. Can you tell the forgotten images from images that the network never saw? Try to remind " +
      "it of them, too.",
  },
  {
    title: "Look at single images",
    target: "[data-testid=instances]",
    words:
      "Which images are forgotten, which are not, and which are forgotten too thoroughly? Click one, and ask all " +
      "three networks. Now it is your turn.",
  },
];

function point(stop: Stop): Element | null {
  const target = document.querySelector(stop.target);
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  // A part that is taller than the window is shown from its top.
  const tall = (target?.clientHeight ?? 0) > innerHeight / 2;
  target?.scrollIntoView({ block: tall ? "start" : "center", behavior: still ? "auto" : "smooth" });
  target?.classList.add("tour-target");
  return target;
}

export function Tour() {
  const dialog = useRef<HTMLDialogElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const at = useSignal<number | null>(null);
  const id = useId();
  const index = at.value;
  const stop = index === null ? undefined : stops[index];
  useEffect(() => {
    if (!stop) return;
    if (!dialog.current?.open) dialog.current?.showModal();
    heading.current?.focus({ preventScroll: true });
    const target = point(stop);
    return () => target?.classList.remove("tour-target");
  }, [stop]);
  // Escape and the buttons both end in the close event of the dialog.
  const closed = () => {
    at.value = null;
    opener.current?.focus({ preventScroll: true });
  };
  // A teacher's link may leave the tour out.
  if (hidden.value.includes("tour")) return null;
  return (
    <>
      <button ref={opener} type="button" class="button" data-testid="tour-open" onClick={() => (at.value = 0)}>
        Take the tour
      </button>
      <dialog ref={dialog} class="tour" aria-labelledby={id} onClose={closed}>
        {stop && index !== null && (
          <>
            <p class="muted">
              {index + 1} of {stops.length}
            </p>
            <h2 id={id} ref={heading} tabIndex={-1}>
              {stop.title}
            </h2>
            <p>{stop.words}</p>
            <div class="row">
              <button type="button" class="button" onClick={() => dialog.current?.close()}>
                Leave
              </button>
              <button type="button" class="button" disabled={index === 0} onClick={() => (at.value = index - 1)}>
                Back
              </button>
              <button
                type="button"
                class="button primary"
                data-testid="tour-next"
                onClick={() => (index + 1 < stops.length ? (at.value = index + 1) : dialog.current?.close())}
              >
                {index + 1 < stops.length ? "Next" : "Done"}
              </button>
            </div>
          </>
        )}
      </dialog>
    </>
  );
}
