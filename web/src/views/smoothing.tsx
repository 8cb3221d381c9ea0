/** The two numbers of the method as pictures: the smoothed label as bars, and p as a balance. */

import type { Rates } from "ugradsl";
import { smoothedLabel } from "../analysis";
import { balances, smooths } from "../methods";
import { classCount, forgetRows, labels, methodDefaults, rates, settings } from "../state";
import { BalanceBar, LabelBars } from "./label-bars";

/** The class of the example: the one that is forgotten, else that of the first image that is forgotten. */
export function exampleLabel(forget: string): number {
  if (forget.startsWith("class:")) return Number(forget.slice(6));
  const [row] = forgetRows.value;
  return (row === undefined ? undefined : labels.value[row]) ?? 0;
}

/** What a rate does. `least`: the smallest value of the label. */
function meaning(alpha: number, least: number): string {
  if (alpha > 0) {
    return (
      "Above zero: ordinary smoothing. The label becomes softer. Once the network is sure, the push to forget turns " +
      "round: part of what should be forgotten is learned again."
    );
  }
  if (alpha === 0) {
    return (
      "Zero: the plain label. On an image that the network is already sure about there is almost nothing to push " +
      "against, so forgetting stalls."
    );
  }
  return (
    `Below zero: the true class gets more than 1, the others less than 0 (${least.toFixed(2)}). The network moves ` +
    "away from this label, so even an image that it knows by heart is pushed towards all other classes."
  );
}

function Balance({ p }: { p: number }) {
  const share = (100 * p).toFixed(0);
  return (
    <>
      <BalanceBar p={p} />
      <p>
        <b>p = {p.toFixed(2)}</b>: in each step {share} % of the push goes <i>down</i> the loss of retained images (keep
        what you know), the other {(100 * (1 - p)).toFixed(0)} % <i>up</i> the loss of forgotten images (lose what you
        should not know).
      </p>
    </>
  );
}

/** The range of all rates, in tenths of -1 to 0. */
function between({ bins, zeros }: Rates): string {
  const first = bins.findIndex((count) => count > 0);
  const last = bins.findLastIndex((count) => count > 0);
  const most = zeros > 0 || first < 0 ? "0" : ((last + 1) / 10 - 1).toFixed(1);
  return first < 0 ? "at 0" : `between ${(first / 10 - 1).toFixed(1)} and ${most}`;
}

export function SmoothedLabel() {
  const { alpha, p, method, data, forget } = settings.value;
  const smoothing = smooths(methodDefaults.value, method);
  const adaptive = alpha === null && smoothing;
  const rate = smoothing ? (alpha ?? rates.value?.mean ?? null) : 0;
  // Fine-tuning has one half of the objective and gradient ascent the other; other methods have other objectives.
  const balance =
    method === "ft"
      ? 1
      : method === "ga"
        ? 0
        : balances(methodDefaults.value, method)
          ? (p ?? methodDefaults.value[method]?.p)
          : undefined;
  // What a rate means is said of methods that go up the loss of forgotten images.
  const ascends = smoothing || (balance !== undefined && balance < 1);
  const classes = classCount.value;
  const label = exampleLabel(forget);
  const target = rate === null ? null : smoothedLabel(rate, classes, label);
  return (
    <section class="panel" data-testid="smoothing" aria-labelledby="smoothing-title">
      <h2 id="smoothing-title">The smoothed label</h2>
      <p class="formula">t = (1 − α) · onehot(y) + α / {classes}</p>
      {target === null || rate === null ? (
        <p class="muted">
          The rate is self-adaptive: it is computed from each batch. The bars appear after the first epoch of
          unlearning.
        </p>
      ) : (
        <>
          <LabelBars target={target} label={label} data={data} />
          <p>
            <b>α = {rate.toFixed(2)}</b>
            {adaptive && " on average, from the number of retained images that look like each forgotten one"}
            {!smoothing && " (this method does not smooth)"}. {ascends && meaning(rate, Math.min(...target))}
          </p>
          {adaptive && rates.value && <p class="muted">In this epoch the rates were {between(rates.value)}.</p>}
        </>
      )}
      {balance !== undefined && <Balance p={balance} />}
    </section>
  );
}
