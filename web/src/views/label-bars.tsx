/** A smoothed label as bars, and the balance p as a bar of two parts. */

import { className } from "../words";

const WIDTH = 300;
const HEIGHT = 150;
const TOP = 18;
const BOTTOM = 16;

export interface LabelBarsProps {
  /** What the label gives to each class. */
  target: number[];
  label: number;
  /** Name of the data set, which has its own names of classes. */
  data: string;
}

export function LabelBars({ target, label, data }: LabelBarsProps) {
  const [least, most] = [Math.min(0, ...target), Math.max(1, ...target)];
  const scale = (HEIGHT - TOP - BOTTOM) / (most - least);
  const zero = TOP + most * scale;
  const slot = WIDTH / target.length;
  const other = target[label === 0 ? 1 : 0] ?? 0;
  const said =
    `Smoothed label: ${(target[label] ?? 0).toFixed(2)} for the true class ${className(data, label)}, ` +
    `${other.toFixed(2)} for each other class.`;
  return (
    <svg class="label-bars" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={said}>
      {target.map((value, k) => (
        <g key={k}>
          <rect
            class={value < 0 ? "below" : k === label ? "true" : "above"}
            x={k * slot + 3}
            width={slot - 6}
            y={value < 0 ? zero : zero - value * scale}
            // A very small value still has a visible bar.
            height={value === 0 ? 0 : Math.max(1.5, Math.abs(value) * scale)}
          />
          <text
            x={(k + 0.5) * slot}
            y={value < 0 ? zero - 4 : zero - value * scale - 4}
            class={k === label ? "strong" : ""}
          >
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

/** Green: descent on retained images; orange: ascent on forgotten ones. */
export function BalanceBar({ p }: { p: number }) {
  const share = (100 * p).toFixed(0);
  return (
    <div class="balance" role="img" aria-label={`Balance: ${share} % descent, ${(100 * (1 - p)).toFixed(0)} % ascent`}>
      <span class="descent" style={{ flexGrow: p }} />
      <span class="ascent" style={{ flexGrow: 1 - p }} />
    </div>
  );
}
