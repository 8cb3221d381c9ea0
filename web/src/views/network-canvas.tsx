/** The picture of a network, as large as its place allows, drawn anew with each answer. */

import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import type { Kind } from "../kinds";
import { answers } from "../seen";
import { drawNetwork, type Palette } from "./network-picture";
import { theme } from "./theme";

/** What the picture shows, in words. */
function said(kind: Kind): string {
  const layers = answers[kind].value?.layers ?? [];
  const names = layers.map(({ shape: [count, height] }) => (height > 1 ? `${count} maps` : `${count} units`));
  return names.length === 0 ? "The network has not answered yet" : `Inside the network: ${names.join(", ")}`;
}

export function NetworkCanvas({ kind }: { kind: Kind }) {
  const place = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSignal<[number, number]>([0, 0]);
  /** Read once per theme: reading it has the browser compute all styles. */
  const palette = useRef<(Palette & { of: string }) | null>(null);
  useEffect(() => {
    const watcher = new ResizeObserver(() => {
      if (place.current) size.value = [place.current.clientWidth, place.current.clientHeight];
    });
    if (place.current) watcher.observe(place.current);
    return () => watcher.disconnect();
  }, []);
  useSignalEffect(() => {
    const answer = answers[kind].value;
    const [width, height] = size.value;
    if (!canvas.current || width === 0 || height === 0) return;
    if (palette.current?.of !== theme.value) {
      const style = getComputedStyle(canvas.current);
      const [tone, muted] = [style.getPropertyValue("--tone"), style.getPropertyValue("--faint")];
      palette.current = { of: theme.value, tone, muted };
    }
    const { layers, links } = answer ?? { layers: [], links: [] };
    drawNetwork(canvas.current, { layers, links, width, height }, palette.current);
  });
  return (
    <div class="inside" ref={place}>
      <canvas ref={canvas} role="img" aria-label={said(kind)} data-testid={`inside-${kind}`} />
    </div>
  );
}
