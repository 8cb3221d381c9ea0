/** The pad that is always there: draw, and all three networks answer. */

import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import { fromPad } from "../image";
import { side } from "../own-images";
import { probe } from "../probe";
import { about, current, phase, settings } from "../state";
import { image, more } from "../wall";
import { Digit } from "./digit";
import { MakeOwn } from "./own";
import { line, place, show, wipe, write, PAD } from "./pad";
import { Remark } from "./remark";
import { className } from "./words";

/** The class that the page speaks of: the one to forget, else the class of the first image. */
export function chosenClass(): number {
  const { forget } = settings.value;
  return forget.startsWith("class:") ? Number(forget.slice(6)) : 3;
}

/** Reads the drawing, once per frame at most. */
function reader(canvas: () => HTMLCanvasElement | null): () => void {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      const pad = canvas();
      const pixels = pad && fromPad(pad, side());
      probe.value = pixels ? { pixels, label: null } : null;
    });
  };
}

/** Test images to ask about: one of each class, and more of the chosen one. */
function Tries({ take }: { take: (pixels: Uint8Array, label: number) => void }) {
  const all = more.value;
  if (all === null) return <div class="tries waiting" />;
  const chosen = chosenClass();
  const each = all.labels.length / (about.value?.data?.classes ?? 10);
  const shown = all.labels.map((_, at) => at).filter((at) => at % each === 0 || all.labels[at] === chosen);
  return (
    <div class="tries" role="group" aria-label="Test images to try">
      {shown.map((at) => {
        const label = all.labels[at] ?? 0;
        return (
          <button
            key={at}
            class="thumb"
            data-testid="try"
            aria-label={`Ask about a test image: ${className(current.value.data, label)}`}
            onClick={() => take(image(all, at), label)}
          >
            <Digit pixels={image(all, at)} size={30} />
          </button>
        );
      })}
    </div>
  );
}

export function Ask() {
  const pad = useRef<HTMLCanvasElement>(null);
  /** The pad shows a test image, which is not drawn on. */
  const shows = useSignal(false);
  const touched = useRef(false);
  const last = useRef<[number, number] | null>(null);
  const read = useRef(reader(() => pad.current)).current;
  const stop = useRef<() => void>(() => undefined);
  const clear = () => {
    stop.current();
    if (pad.current) wipe(pad.current);
    shows.value = false;
    probe.value = null;
  };
  const take = (pixels: Uint8Array, label: number) => {
    stop.current();
    touched.current = true;
    if (pad.current) show(pad.current, pixels);
    shows.value = true;
    probe.value = { pixels, label };
  };
  // Until somebody draws, the pad draws the digit that is to be forgotten.
  useSignalEffect(() => {
    const digit = chosenClass();
    if (settings.value.data !== "mnist-subset" || touched.current || !pad.current) return;
    stop.current();
    shows.value = false;
    stop.current = write(pad.current, digit, read);
  });
  useEffect(() => () => stop.current(), []);
  const down = (event: PointerEvent) => {
    stop.current();
    if (shows.value || !touched.current) clear();
    touched.current = true;
    pad.current?.setPointerCapture(event.pointerId);
    move(event);
  };
  const move = (event: PointerEvent) => {
    if (!pad.current || event.buttons === 0) {
      last.current = null;
      return;
    }
    const now = place(event, pad.current);
    line(pad.current, last.current ?? now, now);
    last.current = now;
    read();
  };
  return (
    <section class="ask" aria-labelledby="ask-title" data-testid="ask">
      <h2 id="ask-title" class="label">
        Draw: all three answer
      </h2>
      <canvas
        ref={pad}
        class="pad"
        data-testid="draw-pad"
        width={PAD}
        height={PAD}
        role="img"
        aria-label="Drawing pad: draw with a pointer, or choose one of the test images below"
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={() => (last.current = null)}
      />
      <div class="row">
        <button class="button small" data-testid="wipe" onClick={() => ((touched.current = true), clear())}>
          Wipe
        </button>
        {phase.value !== "opening" && <MakeOwn />}
      </div>
      <h3 class="label">Or try a test image</h3>
      <Tries take={take} />
      <Remark />
    </section>
  );
}
