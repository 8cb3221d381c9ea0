/** The ROC curves of the membership attack on all three networks. */

import { useMemo } from "preact/hooks";

import type { Confidences } from "ugradsl";
import { auc, roc, shareAbove, tprAt } from "../analysis";
import { kindNames, kinds, type Kind } from "../kinds";
import { percent } from "../words";
import { Named } from "./attack-dots";
import { MetricName } from "./metric";
import { Plot, type Line } from "./plot";

const grid = Array.from({ length: 101 }, (_, at) => at / 100);
const rocLines: Line[] = [
  ...kinds.map((kind): Line => ({ label: kindNames[kind], token: `--${kind}` })),
  { label: "guessing", token: "--muted", dashed: true },
];

export type All = Record<Kind, Confidences>;
/** Whose images the attacker looks for. */
export type Who = "members" | "forgotten";

interface CurvesProps {
  all: All;
  who: Who;
  threshold: number;
}

interface Strength {
  kind: Kind;
  area: number;
  /** TPR at 1 % FPR, in percent. */
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
