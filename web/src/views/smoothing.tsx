/** What the two numbers of the method mean: the smoothed label as bars, and p as a balance. */

import { smoothed } from "../analysis";
import type { Rates } from "../lab";
import { about, methodDefaults, rates, settings } from "../state";
import "../styles/views.css";
import { className } from "./words";

const WIDTH = 300;
const HEIGHT = 150;
const TOP = 18;
const BOTTOM = 16;

/** The class that is forgotten, as the example; any other serves where none is. */
function exampleLabel(forget: string): number {
  return forget.startsWith("class:") ? Number(forget.slice(6)) : 0;
}

function meaning(alpha: number, least: number): string {
  if (alpha > 0) return "Above zero: ordinary smoothing. The label becomes softer, and with it the push to forget turns round once the network is sure: part of what should go is learned again.";
  if (alpha === 0) return "Zero: the plain label. On an image that the network is already sure about there is almost nothing to push against, so forgetting stalls.";
  return `Below zero: the true class gets more than everything, the others less than nothing (${least.toFixed(2)}). The network moves away from this label, so even an image that it knows by heart is pushed towards all other classes.`;
}

function Bars({ target, label, data }: { target: number[]; label: number; data: string }) {
  const [least, most] = [Math.min(0, ...target), Math.max(1, ...target)];
  const scale = (HEIGHT - TOP - BOTTOM) / (most - least);
  const zero = TOP + most * scale;
  const slot = WIDTH / target.length;
  const other = target[label === 0 ? 1 : 0] ?? 0;
  const said = `Smoothed label: ${(target[label] ?? 0).toFixed(2)} for the true class ${className(data, label)}, ${other.toFixed(2)} for each other class.`;
  return (
    <svg class="label-bars" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={said}>
      {target.map((value, k) => (
        <g key={k}>
          <rect
            class={value < 0 ? "below" : k === label ? "true" : "above"}
            x={k * slot + 3}
            width={slot - 6}
            y={value < 0 ? zero : zero - value * scale}
            // A bar of hardly any height must still be seen.
            height={value === 0 ? 0 : Math.max(1.5, Math.abs(value) * scale)}
          />
          <text x={(k + 0.5) * slot} y={value < 0 ? zero - 4 : zero - value * scale - 4} class={k === label ? "strong" : ""}>
            {value.toFixed(2)}
          </text>
          <text x={(k + 0.5) * slot} y={HEIGHT - 2}>
            {data === "fashion-mnist-subset" ? className(data, k).slice(0, 5) : k}
          </text>
        </g>
      ))}
      <line x1={0} x2={WIDTH} y1={zero} y2={zero} />
    </svg>
  );
}

function Balance({ p }: { p: number }) {
  const share = (100 * p).toFixed(0);
  return (
    <>
      <div class="balance" role="img" aria-label={`Balance: ${share} % descent, ${(100 * (1 - p)).toFixed(0)} % ascent`}>
        <span class="descent" style={{ flexGrow: p }} />
        <span class="ascent" style={{ flexGrow: 1 - p }} />
      </div>
      <p>
        <b>p = {p.toFixed(2)}</b>: in each step {share} % of the push goes <i>down</i> the loss of retained images (keep what you know), the other{" "}
        {(100 * (1 - p)).toFixed(0)} % <i>up</i> the loss of forgotten images (lose what you should not know).
      </p>
    </>
  );
}

/** The tenths of -1 to 0 that hold all rates. */
function between({ bins, zeros }: Rates): string {
  const first = bins.findIndex((count) => count > 0);
  const last = bins.findLastIndex((count) => count > 0);
  const most = zeros > 0 || first < 0 ? "0" : ((last + 1) / 10 - 1).toFixed(1);
  return first < 0 ? "at 0" : `between ${(first / 10 - 1).toFixed(1)} and ${most}`;
}

export function SmoothedLabel() {
  const { alpha, p, method, data, forget } = settings.value;
  const smoothing = method === "ugradsl" || method === "ugradsl-plus";
  const adaptive = alpha === null && smoothing;
  const rate = smoothing ? (alpha ?? rates.value?.mean ?? null) : 0;
  // Fine-tuning has only the one half of the objective, gradient ascent only the other.
  const balance = method === "ft" ? 1 : method === "ga" ? 0 : (p ?? methodDefaults.value[method]?.p);
  const classes = about.value?.data?.classes ?? 10;
  const label = exampleLabel(forget);
  const target = rate === null ? null : smoothed(rate, classes, label);
  return (
    <section class="panel" data-testid="smoothing">
      <h2>The smoothed label</h2>
      <p class="formula">
        t = (1 − α) · onehot(y) + α / {classes}
      </p>
      {target === null || rate === null ? (
        <p class="muted">The rate is self-adaptive: it is counted from each batch. The bars appear after the first round of unlearning.</p>
      ) : (
        <>
          <Bars target={target} label={label} data={data} />
          <p>
            <b>α = {rate.toFixed(2)}</b>
            {adaptive && " on average, counted from how many retained images look like each forgotten one"}
            {!smoothing && " (this method does not smooth)"}. {meaning(rate, Math.min(...target))}
          </p>
          {adaptive && rates.value && (
            <p class="muted">
              In this round the rates lay {between(rates.value)}.
            </p>
          )}
        </>
      )}
      {balance !== undefined && <Balance p={balance} />}
    </section>
  );
}
