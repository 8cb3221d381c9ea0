/** The relearning attack: are the forgotten images gone, or does a reminder bring them back? */

import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";

import type { Relearned, RelearnTime } from "ugradsl";
import { kindNames } from "../kinds";
import { capital, sentence } from "../sentence";
import { call } from "../session";
import { about, forgetRows, trusted } from "../state";
import { identity, models } from "./fetching";
import { Plot, type Line } from "./plot";

const CHOICES = [1, 5, 10, 50];
const lines: Line[] = [
  { label: kindNames.unlearned, token: "--unlearned" },
  { label: kindNames.retrained, token: "--retrained", dashed: true },
];

function Result({ relearned }: { relearned: Relearned }) {
  const { unlearned, retrained, shown, finding } = relearned;
  const data = useMemo(
    (): [number[], number[], number[]] => [
      unlearned.curve.map((_, step) => step),
      unlearned.curve.map((x) => 100 * x),
      retrained.curve.map((x) => 100 * x),
    ],
    [relearned],
  );
  const said = `${capital(finding.words)}.`;
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

/** The results for these two networks, and how few images were enough. */
function Table({ all }: { all: Relearned[] }) {
  const steps = ({ steps, curve }: RelearnTime) => steps?.toString() ?? `more than ${curve.length - 1}`;
  const said = (who: "unlearned" | "retrained") => {
    const enough = all.filter((one) => one[who].steps !== null).map(({ shown }) => shown);
    const least = Math.min(...enough);
    return enough.length === 0 ? "none is enough" : `${least} ${least === 1 ? "is" : "are"} enough`;
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
        The table has the steps until half of the others are right. Of these numbers of images, {said("unlearned")} for
        the unlearned network, and {said("retrained")} for the twin.
      </p>
    </>
  );
}

interface Attack {
  results: Relearned[];
  busy: boolean;
  problem: string | null;
  /** Shows so many forgotten images to both networks. */
  run: (model: string, samples: number) => Promise<void>;
}

/** Results of the attack, the newest last. They are cleared when the page shows other networks. */
function useRelearn(): Attack {
  const results = useSignal<Relearned[]>([]);
  const busy = useSignal(false);
  const problem = useSignal<string | null>(null);
  const round = useRef(0);
  const subject = useComputed(identity).value;
  const rows = forgetRows.value;
  useEffect(() => {
    round.current++;
    results.value = [];
    problem.value = null;
    busy.value = false;
  }, [subject, rows]);
  const run = async (model: string, samples: number) => {
    const mine = ++round.current;
    busy.value = true;
    problem.value = null;
    try {
      const one = await call("relearn", { model, samples });
      if (mine === round.current) results.value = [...results.peek().filter(({ shown }) => shown !== one.shown), one];
    } catch (error) {
      if (mine === round.current) problem.value = sentence(error);
    }
    if (mine === round.current) busy.value = false;
  };
  return { results: results.value, busy: busy.value, problem: problem.value, run };
}

/** How many images to show, and the button that shows them. `most`: images that leave one to test on. */
function Start({ most, busy, run }: { most: number; busy: boolean; run: Attack["run"] }) {
  const samples = useSignal(10);
  const model = models()?.unlearned;
  return (
    <>
      <div class="row">
        <fieldset class="choices">
          <legend>Images shown</legend>
          {CHOICES.map((choice) => (
            <label key={choice}>
              <input
                type="radio"
                name="relearn-samples"
                value={choice}
                checked={samples.value === choice}
                disabled={choice > most}
                onChange={() => (samples.value = choice)}
              />{" "}
              {choice}
            </label>
          ))}
        </fieldset>
        <button
          class="button"
          data-testid="relearn-run"
          disabled={model === undefined || busy || most < 1}
          aria-busy={busy}
          onClick={() => model !== undefined && void run(model, Math.min(samples.peek(), most))}
        >
          {busy ? "Relearning…" : "Remind them"}
        </button>
      </div>
      {model === undefined && <p class="muted">Possible when all three networks are ready.</p>}
      {most === 0 && <p class="muted">With a single forgotten image no others are left to test on.</p>}
    </>
  );
}

export function RelearnView() {
  const { results, busy, problem, run } = useRelearn();
  const newest = results.at(-1);
  return (
    <section class="panel" data-testid="relearn" aria-labelledby="relearn-title">
      <h2 id="relearn-title">Relearn: gone, or only hidden?</h2>
      {about.value === null ? (
        <p class="muted">The device is being opened and tested.</p>
      ) : !trusted.value ? (
        <p class="alarm">This device failed the self-test. No privacy figure is shown.</p>
      ) : (
        <>
          <p>
            A few forgotten images are shown again, to the unlearned network and to the twin. If the unlearned network
            recognises the <i>others</i> much sooner, it had kept something of them.
          </p>
          <Start most={forgetRows.value.length - 1} busy={busy} run={run} />
          {problem !== null && <p class="alarm">{problem}</p>}
          {newest && <Result relearned={newest} />}
          {newest && <Table all={results.toSorted((one, other) => one.shown - other.shown)} />}
        </>
      )}
    </section>
  );
}
