/** The membership attack: does confidence betray what a network was trained on? Three networks, one threshold. */

import { useComputed, useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";

import type { Confidences } from "ugradsl";
import { auc, histogram, roc, shareAbove, tprAt } from "../analysis";
import { call } from "../session";
import { about, trusted } from "../state";
import "../styles/views.css";
import { kindNames, kinds, useFetched, type Kind, type Models } from "./fetching";
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

type All = Record<Kind, Confidences>;

async function ask(models: Models): Promise<All> {
  const [original, unlearned, retrained] = await Promise.all(
    kinds.map((kind) => call("confidences", { model: models[kind] })),
  );
  if (!original || !unlearned || !retrained) throw new Error("a network did not answer");
  return { original, unlearned, retrained };
}

/** In brackets that stay on its line. */
function Named(props: MetricNameProps) {
  return (
    <span class="together">
      (<MetricName {...props} />)
    </span>
  );
}

interface SmallProps {
  kind: Kind;
  now: Confidences;
  threshold: number;
  drag: (threshold: number) => void;
}

function Small({ kind, now, threshold, drag }: SmallProps) {
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
        label={`${kindNames[kind]}: at a threshold of ${threshold.toFixed(2)} or above lie ${tpr} % of the members, ${fpr} % of the never seen and ${left} % of the forgotten images.`}
      />
      <p data-testid={kind === "unlearned" ? "attack-tpr" : `attack-tpr-${kind}`}>
        Members found <Named name="tpr" numbers={{ [kind]: `${tpr} %` }} /> <b>{tpr} %</b>, false alarms{" "}
        <Named name="fpr" numbers={{ [kind]: `${fpr} %` }} /> <b>{fpr} %</b>. Of the forgotten images <b>{left} %</b>{" "}
        are called members.
      </p>
    </article>
  );
}

interface CurvesProps {
  all: All;
  who: "members" | "forgotten";
  threshold: number;
}

function Curves({ all, who, threshold }: CurvesProps) {
  const found = useMemo(() => kinds.map((kind) => roc(all[kind][who], all[kind].nonMembers)), [all, who]);
  const data = useMemo(
    (): [number[], ...number[][]] => [grid, ...found.map((points) => grid.map((fpr) => tprAt(points, fpr))), grid],
    [found],
  );
  const figures = kinds.map((kind, at) => {
    const curve = found[at] ?? [];
    return { kind, area: auc(curve), low: 100 * tprAt(curve, 0.01) };
  });
  // Where the threshold above puts each network.
  const points = kinds.map((kind) => ({
    x: shareAbove(all[kind].nonMembers, threshold),
    y: shareAbove(all[kind][who], threshold),
    token: `--${kind}`,
  }));
  const label = figures
    .map(
      ({ kind, area, low }) =>
        `${kindNames[kind]}: area ${area.toFixed(3)}, ${low.toFixed(1)} % found at 1 % false alarms`,
    )
    .join("; ");
  return (
    <div class="pair">
      <Plot
        data={data}
        lines={rocLines}
        x="false alarms (FPR)"
        y="found (TPR)"
        range={[0, 1]}
        height={240}
        label={`ROC curves. ${label}.`}
        points={points}
      />
      <table>
        <caption class="visually-hidden">Strength of the attack</caption>
        <thead>
          <tr>
            <th scope="col">Network</th>
            <th scope="col">
              Area{" "}
              <Named
                name="auc"
                numbers={Object.fromEntries(figures.map(({ kind, area }) => [kind, area.toFixed(3)]))}
              />
            </th>
            <th scope="col">
              <MetricName
                name="low"
                numbers={Object.fromEntries(figures.map(({ kind, low }) => [kind, `${percent(low)} %`]))}
              />
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
    </div>
  );
}

export function AttackView() {
  const threshold = useSignal(0.9);
  const who = useSignal<"members" | "forgotten">("members");
  // Without trust nothing is even asked.
  const { panel, result, problem } = useFetched(
    (models) => (trusted.peek() ? ask(models) : Promise.resolve(null)),
    trusted,
  );
  const all = useComputed(() => (trusted.value ? result.value : null)).value;
  return (
    <section class="panel" data-testid="attack" aria-labelledby="attack-title" ref={panel}>
      <h2 id="attack-title">Attack: was this image in the training set?</h2>
      {about.value === null ? (
        <p class="muted">The device is being opened and tested.</p>
      ) : !trusted.value ? (
        <p class="alarm" role="alert">
          This device did not compute the known answers of the self-test right. No privacy figure is shown.
        </p>
      ) : (
        <>
          <p>
            Networks tend to be surer about images they were trained on. The attacker says “member” from a threshold on.
            After good unlearning the forgotten images look to the attacker as they do with the retrained twin.
          </p>
          {problem.value !== null && <p class="alarm">{problem.value}</p>}
          {all === null ? (
            <p class="muted">The attack begins when all three networks are ready.</p>
          ) : (
            <>
              <label class="slider">
                <span>
                  Threshold, also to be dragged in the pictures <output>{threshold.value.toFixed(2)}</output>
                </span>
                <input
                  type="range"
                  min={0}
                  max={1}
                  step={0.01}
                  value={threshold.value}
                  data-testid="attack-threshold"
                  onInput={(event) => (threshold.value = event.currentTarget.valueAsNumber)}
                />
              </label>
              <div class="triple">
                {kinds.map((kind) => (
                  <Small
                    key={kind}
                    kind={kind}
                    now={all[kind]}
                    threshold={threshold.value}
                    drag={(value) => (threshold.value = Math.round(100 * value) / 100)}
                  />
                ))}
              </div>
              <label>
                Every threshold at once, for{" "}
                <select
                  value={who.value}
                  onChange={(event) =>
                    (who.value = event.currentTarget.value === "forgotten" ? "forgotten" : "members")
                  }
                >
                  <option value="members">retained images against never seen ones</option>
                  <option value="forgotten">forgotten images against never seen ones</option>
                </select>
              </label>
              <Curves all={all} who={who.value} threshold={threshold.value} />
              <p class="muted">
                An area of 0.5 is guessing. Below it, the forgotten images stand out by being too unsure, which also
                betrays them.
              </p>
            </>
          )}
        </>
      )}
    </section>
  );
}
