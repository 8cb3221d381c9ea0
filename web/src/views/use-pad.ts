/** The pad as it is used: it draws by itself until the visitor draws on it or puts a test image on it. */

import { useSignalEffect } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";

import { fromPad } from "../image";
import { side } from "../own-images";
import { ask } from "../probe";
import { settings } from "../state";
import { line, place, show, wipe, write } from "./pad";

/** The class that the page speaks of: the one to forget, else the class of the first image. */
export function chosenClass(): number {
  const { forget } = settings.value;
  return forget.startsWith("class:") ? Number(forget.slice(6)) : 3;
}

/** Reads the drawing, once per frame at most. */
function reader(canvas: () => HTMLCanvasElement | null, byPage: () => boolean): () => void {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      const pad = canvas();
      const pixels = pad && fromPad(pad, side());
      ask(pixels ? { pixels, label: null, ...(byPage() && { byPage: true as const }) } : null);
    });
  };
}

export function usePad() {
  const canvas = useRef<HTMLCanvasElement>(null);
  /** Who filled the pad last: itself, a person's strokes, or a test image, which is not drawn on. */
  const filled = useRef<"itself" | "strokes" | "image">("itself");
  const last = useRef<[number, number] | null>(null);
  const stop = useRef<() => void>(() => undefined);
  const read = useMemo(
    () =>
      reader(
        () => canvas.current,
        () => filled.current === "itself",
      ),
    [],
  );
  const empty = (by: "strokes" | "image") => {
    stop.current();
    filled.current = by;
    if (canvas.current) wipe(canvas.current);
  };
  useSignalEffect(() => {
    const digit = chosenClass();
    if (settings.value.data !== "mnist-subset" || filled.current !== "itself" || !canvas.current) return;
    stop.current();
    stop.current = write(canvas.current, digit, read);
  });
  useEffect(() => () => stop.current(), []);
  const onPointerMove = (event: PointerEvent) => {
    if (!canvas.current || event.buttons === 0) {
      last.current = null;
      return;
    }
    const now = place(event, canvas.current);
    line(canvas.current, last.current ?? now, now);
    last.current = now;
    read();
  };
  const onPointerDown = (event: PointerEvent) => {
    if (filled.current !== "strokes") empty("strokes");
    canvas.current?.setPointerCapture(event.pointerId);
    onPointerMove(event);
  };
  return {
    canvas,
    pointer: { onPointerDown, onPointerMove, onPointerUp: () => (last.current = null) },
    take: (pixels: Uint8Array, label: number) => {
      empty("image");
      if (canvas.current) show(canvas.current, pixels);
      ask({ pixels, label });
    },
    clear: () => {
      empty("strokes");
      ask(null);
    },
  };
}
