/** The plots of the membership attack: a histogram per network, and the ROC curves of all three. */

import { useMemo } from "preact/hooks";

import type { Confidences } from "ugradsl";
import { auc, histogram, roc, shareAbove, tprAt } from "../analysis";
import "../styles/views.css";
import { kindNames, kinds, type Kind } from "./fetching";
import { MetricName, type MetricNameProps } from "./metric";
import { Plot, type Line } from "./plot";
import { percent } from "./words";

const BINS = 25;
/** Edges of the bins; the last share is repeated so that the last step is as wide as the others. */
const edges = Array.from({ length: BINS + 1 }, (_, at) => at / BINS);
const grid = Array.from({ length: 101 }, (_, at) => at / 100);
const bars = (values: Float32Array): number[] => {
  const shares = histogram(values, BINS).map((share) => 100 * share);
  return [...shares, shares.at(-1) ?? 0];
};

const histogramLines: Line[] = [
  { label: "retained (members)", token: "--original", filled: true, stepped: true },
  { label: "test (never seen)", token: "--retrained", filled: true, stepped: true },
  { label: "forgotten", token: "--unlearned", stepped: true, dashed: true },
];
const rocLines: Line[] = [
  ...kinds.map((kind): Line => ({ label: kindNames[kind], token: `--${kind}` })),
  { label: "guessing", token: "--muted", dashed: true },
];

export type All = Record<Kind, Confidences>;
/** Whose images the attacker looks for. */
export type Who = "members" | "forgotten";

/** In brackets that stay on its line. */
function Named(props: MetricNameProps) {
  return (
    <span class="together">
      (<MetricName {...props} />)
    </span>
  );
}

interface HistogramProps {
  kind: Kind;
  now: Confidences;
  threshold: number;
  drag: (threshold: number) => void;
}

/** Confidences of one network, with the threshold. */
export function Histogram({ kind, now, threshold, drag }: HistogramProps) {
  const data = useMemo(
    (): [number[], number[], number[], number[]] => [
      edges,
      bars(now.members),
      bars(now.nonMembers),
      bars(now.forgotten),
    ],
    [now],
  );
  const top = useMemo(() => Math.max(...data.slice(1).flat()), [data]);
  const share = (values: Float32Array) => percent(100 * shareAbove(values, threshold));
  const [tpr, fpr, left] = [share(now.members), share(now.nonMembers), share(now.forgotten)];
  return (
    <article class={`of-${kind}`}>
      <h3>{kindNames[kind]}</h3>
      <Plot
        data={data}
        lines={histogramLines}
        x="confidence in the true class"
        y="% of images"
        range={[0, Math.ceil((top * 1.05) / 10) * 10]}
        height={180}
        marker={threshold}
        drag={drag}
        label={
          `${kindNames[kind]}: ${tpr} % of the members, ${fpr} % of the images never seen and ${left} % of the ` +
          `forgotten images are at or above the threshold of ${threshold.toFixed(2)}.`
        }
      />
      <p data-testid={kind === "unlearned" ? "attack-tpr" : `attack-tpr-${kind}`}>
        Members found <Named name="tpr" numbers={{ [kind]: `${tpr} %` }} /> <b>{tpr} %</b>, false alarms{" "}
        <Named name="fpr" numbers={{ [kind]: `${fpr} %` }} /> <b>{fpr} %</b>. The attacker calls <b>{left} %</b> of the
        forgotten images members.
      </p>
    </article>
  );
}

interface CurvesProps {
  all: All;
  who: Who;
  threshold: number;
}

interface Strength {
  kind: Kind;
  area: number;
  /** TPR at 1 % FPR, per cent. */
  low: number;
}

/** ROC curves of the three networks, with a point for the threshold. */
export function Curves({ all, who, threshold }: CurvesProps) {
  const found = useMemo(() => kinds.map((kind) => roc(all[kind][who], all[kind].nonMembers)), [all, who]);
  const data = useMemo(
    (): [number[], ...number[][]] => [grid, ...found.map((points) => grid.map((fpr) => tprAt(points, fpr))), grid],
    [found],
  );
  const figures = kinds.map((kind, at): Strength => {
    const curve = found[at] ?? [];
    return { kind, area: auc(curve), low: 100 * tprAt(curve, 0.01) };
  });
  const points = kinds.map((kind) => ({
    x: shareAbove(all[kind].nonMembers, threshold),
    y: shareAbove(all[kind][who], threshold),
    token: `--${kind}`,
  }));
  const sentence = ({ kind, area, low }: Strength) =>
    `${kindNames[kind]}: area ${area.toFixed(3)}, ${low.toFixed(1)} % found at 1 % false alarms`;
  return (
    <div class="pair">
      <Plot
        data={data}
        lines={rocLines}
        x="false alarms (FPR)"
        y="found (TPR)"
        range={[0, 1]}
        height={240}
        label={`ROC curves. ${figures.map(sentence).join("; ")}.`}
        points={points}
      />
      <Strengths figures={figures} />
    </div>
  );
}

function Strengths({ figures }: { figures: Strength[] }) {
  const numbers = (write: (figure: Strength) => string) =>
    Object.fromEntries(figures.map((figure) => [figure.kind, write(figure)]));
  return (
    <table>
      <caption class="visually-hidden">Strength of the attack</caption>
      <thead>
        <tr>
          <th scope="col">Network</th>
          <th scope="col">
            Area <Named name="auc" numbers={numbers(({ area }) => area.toFixed(3))} />
          </th>
          <th scope="col">
            <MetricName name="low" numbers={numbers(({ low }) => `${percent(low)} %`)} />
          </th>
        </tr>
      </thead>
      <tbody>
        {figures.map(({ kind, area, low }) => (
          <tr key={kind} class={`of-${kind}`}>
            <th scope="row">{kindNames[kind]}</th>
            <td>{area.toFixed(3)}</td>
            <td>{percent(low)} %</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
