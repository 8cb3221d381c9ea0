/** The membership attack: does confidence reveal what a network was trained on? Three networks, one threshold. */

import { useComputed, useSignal } from "@preact/signals";

import { kinds } from "../kinds";
import { call } from "../session";
import { about, trusted } from "../state";
import { sigmoid } from "../analysis";
import { Dots, LEAST, MOST } from "./attack-dots";
import { Curves, type All, type Who } from "./attack-plots";
import { useFetched, waiting, type Models } from "./fetching";

/** A place on the axis as a probability. */
const written = (at: number): string => `${(100 * sigmoid(at)).toFixed(Math.abs(at) > 4 ? 2 : 0)} %`;

async function ask(models: Models): Promise<All> {
  const [original, unlearned, retrained] = await Promise.all(
    kinds.map((kind) => call("confidences", { model: models[kind] })),
  );
  if (!original || !unlearned || !retrained) throw new Error("a network did not answer");
  return { original, unlearned, retrained };
}

function Plots({ all }: { all: All }) {
  const threshold = useSignal(2);
  const who = useSignal<Who>("forgotten");
  return (
    <>
      <label class="slider">
        <span>
          Your line, which can also be dragged in the plots: at least <output>{written(threshold.value)}</output> sure
        </span>
        <input
          type="range"
          min={LEAST}
          max={MOST}
          step={0.1}
          value={threshold.value}
          data-testid="attack-threshold"
          onInput={(event) => (threshold.value = event.currentTarget.valueAsNumber)}
        />
      </label>
      <div class="triple">
        {kinds.map((kind) => (
          <Dots
            key={kind}
            kind={kind}
            now={all[kind]}
            threshold={threshold.value}
            drag={(value) => (threshold.value = value)}
          />
        ))}
      </div>
      <label>
        All thresholds at once, for{" "}
        <select
          value={who.value}
          onChange={(event) => (who.value = event.currentTarget.value === "forgotten" ? "forgotten" : "members")}
        >
          <option value="forgotten">forgotten images against images never seen</option>
          <option value="members">retained images against images never seen</option>
        </select>
      </label>
      <Curves all={all} who={who.value} threshold={sigmoid(threshold.value)} />
      <p class="muted">
        An area of 0.5 is guessing. If it is smaller, the network is unusually unsure about the forgotten images, which
        also gives them away.
      </p>
    </>
  );
}

export function AttackView() {
  // On an untrusted device nothing is computed.
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
          This device failed the self-test. No privacy figure is shown.
        </p>
      ) : (
        <>
          <p>
            A network is often surer about images that it was trained on. You are the attacker: each dot is an image,
            the further to the right the surer the network is of its true class. You call every image to the right of
            your line a member of the training set. After good unlearning you find as many of the forgotten images as
            with the twin, which never saw them.
          </p>
          {problem.value !== null && <p class="alarm">{problem.value}</p>}
          {all === null ? <p class="muted">{waiting.value}</p> : <Plots all={all} />}
        </>
      )}
    </section>
  );
}
