/** The relearn attack: is what was forgotten gone, or does a reminder bring it back? */

import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";

import type { Relearned } from "ugradsl";
import { fewest, firstStep } from "../analysis";
import { call } from "../session";
import { about, forgetRows, trusted } from "../state";
import "../styles/views.css";
import { identity, models } from "./fetching";
import { Plot, type Line } from "./plot";

const CHOICES = [1, 5, 10, 50];
/** Half of the other images right: recognised again. */
const REGAINED = 0.5;
/** Steps by which the unlearned network must be ahead to be called much faster. */
const AHEAD = 2;
const lines: Line[] = [
  { label: "Unlearned", token: "--unlearned" },
  { label: "Retrained", token: "--retrained", dashed: true },
];

function sentence({ unlearned, retrained }: Relearned): string {
  const [now, twin] = [firstStep(unlearned, REGAINED), firstStep(retrained, REGAINED)];
  const last = retrained.length - 1;
  const steps = (count: number) => `${count} ${count === 1 ? "step" : "steps"}`;
  if (now === 0 && twin === 0)
    return "Both networks recognise most of the forgotten images without a reminder, so this attack tells nothing here.";
  if (now === 0)
    return "The unlearned network recognises most of the forgotten images even without a reminder, and the twin does not: they were not forgotten.";
  if (now === null && twin === null)
    return `Neither network recognises half of the other forgotten images within ${steps(last)}: no sign of hidden memory.`;
  if (now === null)
    return `Even the twin is faster (${steps(twin ?? 0)}): the unlearned network shows no sign of hidden memory, but it differs from the twin.`;
  if (twin === null || twin - now >= AHEAD) {
    const other = twin === null ? `not within ${steps(last)}` : `after ${steps(twin)}`;
    return `The unlearned network has half of them right after ${steps(now)}, the twin ${other}: the memory was hidden rather than gone.`;
  }
  return `The unlearned network has half of them right after ${steps(now)}, the twin after ${steps(twin)}: about as slow as a network that never saw them.`;
}

function Result({ relearned }: { relearned: Relearned }) {
  const { unlearned, retrained, shown } = relearned;
  const data = useMemo(
    (): [number[], number[], number[]] => [
      unlearned.map((_, step) => step),
      unlearned.map((x) => 100 * x),
      retrained.map((x) => 100 * x),
    ],
    [relearned],
  );
  const said = sentence(relearned);
  return (
    <>
      <Plot
        data={data}
        lines={lines}
        x="steps of relearning"
        y="% right on the others"
        range={[0, 100]}
        height={220}
        label={`Accuracy on the forgotten images that were not shown, after ${shown} were shown. ${said}`}
      />
      <p role="status">{said}</p>
    </>
  );
}

/** All that was tried on these two networks, and how few images were enough. */
function Table({ all }: { all: Relearned[] }) {
  const steps = (curve: readonly number[]) => firstStep(curve, REGAINED)?.toString() ?? `more than ${curve.length - 1}`;
  const least = (who: "unlearned" | "retrained") =>
    fewest(
      all.map((one) => ({ shown: one.shown, accuracy: one[who] })),
      REGAINED,
    );
  const said = (who: "unlearned" | "retrained") => {
    const count = least(who);
    return count === null ? "none of them is enough" : `${count} ${count === 1 ? "is" : "are"} enough`;
  };
  return (
    <>
      <div class="wide-table" tabIndex={0} role="group" aria-label="Relearning by number of images shown">
        <table>
          <thead>
            <tr>
              <th scope="col">Images shown</th>
              <th scope="col">Unlearned</th>
              <th scope="col">Retrained</th>
            </tr>
          </thead>
          <tbody>
            {all.map((one) => (
              <tr key={one.shown}>
                <th scope="row">{one.shown}</th>
                <td>{steps(one.unlearned)}</td>
                <td>{steps(one.retrained)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="muted">
        Steps until half of the others are right. Of the numbers tried, for the unlearned network {said("unlearned")},
        for the twin {said("retrained")}.
      </p>
    </>
  );
}

export function RelearnView() {
  const samples = useSignal(10);
  const busy = useSignal(false);
  /** The newest last. */
  const tries = useSignal<Relearned[]>([]);
  const relearned = tries.value.at(-1) ?? null;
  const problem = useSignal<string | null>(null);
  const round = useRef(0);
  // An answer about other networks than those on the page would mislead.
  const subject = useComputed(identity).value;
  const rows = forgetRows.value;
  useEffect(() => {
    round.current++;
    tries.value = [];
    problem.value = null;
    busy.value = false;
  }, [subject, rows]);
  const key = models()?.unlearned;
  const most = forgetRows.value.length - 1;
  const run = async () => {
    if (key === undefined) return;
    const mine = ++round.current;
    busy.value = true;
    problem.value = null;
    try {
      const answer = await call("relearn", { model: key, samples: Math.min(samples.peek(), most) });
      if (mine === round.current) tries.value = [...tries.peek().filter((one) => one.shown !== answer.shown), answer];
    } catch (error) {
      if (mine === round.current) problem.value = error instanceof Error ? error.message : String(error);
    }
    if (mine === round.current) busy.value = false;
  };
  return (
    <section class="panel" data-testid="relearn" aria-labelledby="relearn-title">
      <h2 id="relearn-title">Relearn: gone, or only hidden?</h2>
      {about.value === null ? (
        <p class="muted">The device is being opened and tested.</p>
      ) : !trusted.value ? (
        <p class="alarm">The self-test failed on this device. No privacy figure is shown.</p>
      ) : (
        <>
          <p>
            A few forgotten images are shown again, to the unlearned network and to the twin. If the unlearned one
            recognises the <i>others</i> much sooner, something of them had stayed.
          </p>
          <div class="row">
            <fieldset class="choices">
              <legend>Images shown</legend>
              {CHOICES.map((count) => (
                <label key={count}>
                  <input
                    type="radio"
                    name="relearn-samples"
                    value={count}
                    checked={samples.value === count}
                    disabled={count > most}
                    onChange={() => (samples.value = count)}
                  />{" "}
                  {count}
                </label>
              ))}
            </fieldset>
            <button
              class="button"
              data-testid="relearn-run"
              disabled={key === undefined || busy.value || most < 1}
              aria-busy={busy.value}
              onClick={() => void run()}
            >
              {busy.value ? "Relearning…" : "Remind them"}
            </button>
          </div>
          {key === undefined && <p class="muted">Possible when all three networks are ready.</p>}
          {most === 0 && <p class="muted">With a single forgotten image there are no others to test on.</p>}
          {problem.value !== null && <p class="alarm">{problem.value}</p>}
          {relearned && <Result relearned={relearned} />}
          {relearned && <Table all={tries.value.toSorted((one, other) => one.shown - other.shown)} />}
        </>
      )}
    </section>
  );
}
