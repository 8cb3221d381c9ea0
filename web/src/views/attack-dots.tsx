/** The membership attack as a game: each image is a dot where the network is sure of it; the line is the attacker's. */

import { useEffect, useRef } from "preact/hooks";

import type { Confidences } from "ugradsl";
import { logit, shareAbove, sigmoid } from "../analysis";
import { kindNames, type Kind } from "../kinds";
import { percent } from "../words";
import { MetricName, type MetricNameProps } from "./metric";
import { theme } from "./theme";

/** Ends of the axis: 0.0003 and 0.9997. */
export const [LEAST, MOST] = [-8, 8];
const [WIDTH, HEIGHT, ROW] = [320, 150, 44];
/** Most dots of a row. */
const DOTS = 400;

const across = (value: number): number => 6 + ((WIDTH - 12) * (value - LEAST)) / (MOST - LEAST);

/** Dots of some confidences, evenly chosen, spread over the height of a row. */
function dots(context: CanvasRenderingContext2D, values: Float32Array, top: number): void {
  const step = Math.max(1, Math.ceil(values.length / DOTS));
  context.globalAlpha = 0.55;
  for (let at = 0; at < values.length; at += step) {
    const x = across(Math.min(MOST, Math.max(LEAST, logit(values[at] ?? 0))));
    // A fixed pattern, so that dots of one place lie apart.
    const y = top + 5 + (ROW - 10) * ((at * 0.618) % 1);
    context.beginPath();
    context.arc(x, y, 2, 0, 2 * Math.PI);
    context.fill();
  }
  context.globalAlpha = 1;
}

function draw(canvas: HTMLCanvasElement, now: Confidences, threshold: number): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  const scale = Math.min(2, devicePixelRatio);
  [canvas.width, canvas.height] = [WIDTH * scale, HEIGHT * scale];
  context.scale(scale, scale);
  const colour = (name: string) => getComputedStyle(canvas).getPropertyValue(name);
  context.font = "11px system-ui, sans-serif";
  for (const [at, [name, values, token]] of rows(now).entries()) {
    context.fillStyle = colour(token);
    dots(context, values, at * ROW + 4);
    // Legible over the dots.
    context.strokeStyle = colour("--paper");
    context.lineWidth = 4;
    context.strokeText(name, 5, at * ROW + 14);
    context.fillStyle = colour("--ink");
    context.fillText(name, 5, at * ROW + 14);
    context.fillStyle = colour("--muted");
    context.lineWidth = 1;
  }
  context.strokeStyle = colour("--line");
  context.strokeRect(0.5, 0.5, WIDTH - 1, 3 * ROW + 4);
  for (const share of [0.01, 0.5, 0.99]) context.fillText(`${100 * share} %`, across(logit(share)) - 10, HEIGHT - 3);
  context.fillStyle = colour("--ink");
  context.fillRect(across(threshold) - 1, 0, 2, 3 * ROW + 5);
}

const rows = (now: Confidences): [string, Float32Array, string][] => [
  ["forgotten", now.forgotten, "--accent"],
  ["never seen", now.nonMembers, "--muted"],
  ["retained", now.members, "--tone"],
];

/** In brackets that stay on its line. */
export function Named(props: MetricNameProps) {
  return (
    <span class="together">
      (<MetricName {...props} />)
    </span>
  );
}

interface DotsProps {
  kind: Kind;
  now: Confidences;
  /** On the axis. */
  threshold: number;
  drag: (threshold: number) => void;
}

export function Dots({ kind, now, threshold, drag }: DotsProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (canvas.current) draw(canvas.current, now, threshold);
  }, [now, threshold, theme.value]);
  const share = (values: Float32Array) => shareAbove(values, sigmoid(threshold));
  const count = Math.round(share(now.forgotten) * now.forgotten.length);
  const [tpr, fpr] = [percent(100 * share(now.members)), percent(100 * share(now.nonMembers))];
  const follow = (event: PointerEvent) => {
    if (event.buttons === 0) return;
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const at = LEAST + ((MOST - LEAST) * ((event.clientX - box.left) / box.width - 6 / WIDTH)) / (1 - 12 / WIDTH);
    drag(Math.min(MOST, Math.max(LEAST, at)));
  };
  return (
    <article class={`of-${kind}`}>
      <h3>{kindNames[kind]}</h3>
      <canvas
        ref={canvas}
        class="attack-dots"
        role="img"
        aria-label={`${kindNames[kind]}: ${count} of ${now.forgotten.length} forgotten images are beyond the line.`}
        onPointerDown={follow}
        onPointerMove={follow}
      />
      <p data-testid={kind === "unlearned" ? "attack-tpr" : `attack-tpr-${kind}`}>
        You found{" "}
        <b>
          {count} of {now.forgotten.length}
        </b>{" "}
        forgotten images, with <b>{fpr} %</b> false alarms <Named name="fpr" numbers={{ [kind]: `${fpr} %` }} />. Of the
        retained ones <b>{tpr} %</b> <Named name="tpr" numbers={{ [kind]: `${tpr} %` }} />.
      </p>
    </article>
  );
}
