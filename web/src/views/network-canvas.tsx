/** The picture of a network, as large as its place allows, drawn anew with each answer. */

import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import { depend } from "../depend";
import { answers } from "../seen";
import type { Kind } from "./fetching";
import { drawNetwork } from "./network-picture";
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
    // Colours of the theme are read when it has been set.
    depend(theme);
    const style = getComputedStyle(canvas.current);
    const palette = { tone: style.getPropertyValue("--tone"), muted: style.getPropertyValue("--faint") };
    const { layers, links } = answer ?? { layers: [], links: [] };
    drawNetwork(canvas.current, { layers, links, width, height }, palette);
  });
  return (
    <div class="inside" ref={place}>
      <canvas ref={canvas} role="img" aria-label={said(kind)} data-testid={`inside-${kind}`} />
    </div>
  );
}
