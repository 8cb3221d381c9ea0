/** The membership attack: does confidence reveal what a network was trained on? Three networks, one threshold. */

import { useComputed, useSignal } from "@preact/signals";

import { call } from "../session";
import { about, trusted } from "../state";
import "../styles/views.css";
import { Curves, Histogram, type All, type Who } from "./attack-plots";
import { kinds, useFetched, type Models } from "./fetching";

async function ask(models: Models): Promise<All> {
  const [original, unlearned, retrained] = await Promise.all(
    kinds.map((kind) => call("confidences", { model: models[kind] })),
  );
  if (!original || !unlearned || !retrained) throw new Error("a network did not answer");
  return { original, unlearned, retrained };
}

function Plots({ all }: { all: All }) {
  const threshold = useSignal(0.9);
  const who = useSignal<Who>("members");
  return (
    <>
      <label class="slider">
        <span>
          Threshold, which can also be dragged in the plots <output>{threshold.value.toFixed(2)}</output>
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
          <Histogram
            key={kind}
            kind={kind}
            now={all[kind]}
            threshold={threshold.value}
            drag={(value) => (threshold.value = Math.round(100 * value) / 100)}
          />
        ))}
      </div>
      <label>
        All thresholds at once, for{" "}
        <select
          value={who.value}
          onChange={(event) => (who.value = event.currentTarget.value === "forgotten" ? "forgotten" : "members")}
        >
          <option value="members">retained images against images never seen</option>
          <option value="forgotten">forgotten images against images never seen</option>
        </select>
      </label>
      <Curves all={all} who={who.value} threshold={threshold.value} />
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
            A network is often surer about images that it was trained on. The attacker calls an image a member if the
            confidence reaches the threshold. After good unlearning the forgotten images look the same to the attacker
            as with the retrained twin.
          </p>
          {problem.value !== null && <p class="alarm">{problem.value}</p>}
          {all === null ? (
            <p class="muted">The attack begins when all three networks are ready.</p>
          ) : (
            <Plots all={all} />
          )}
        </>
      )}
    </section>
  );
}
