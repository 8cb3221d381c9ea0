/** The course of forgetting: two lines, those of the twin dashed, and a slider that takes the whole page back. */

import { rewind } from "../choices";
import { halt } from "../player";
import { current, phase, progress, rewound, snapshots, trio, twinProgress, type Progress } from "../state";
import { forgottenName } from "../words";

const [WIDTH, HEIGHT] = [1000, 100];

/** Points of a line: x by the index of the snapshot, y in percent. */
function points(values: readonly number[], slots: number): string {
  return values.map((value, at) => `${(WIDTH * at) / Math.max(1, slots - 1)},${HEIGHT - value}`).join(" ");
}

function Learning({ now, name, over }: { now: Progress | null; name: string; over: boolean }) {
  const share = over ? 1 : now === null ? 0 : now.step / Math.max(1, now.steps);
  return (
    <div class="learning">
      <span>{name}</span>
      <progress max={1} value={share} aria-label={`Progress of ${name.toLowerCase()}`} />
      <small>{over ? "done" : now === null ? "waits" : `step ${now.step} of ${now.steps}`}</small>
    </div>
  );
}

/** Before there is anything to go back to. */
function Before() {
  const { original, retrained } = trio.value;
  const of = (method: string) => (progress.value?.method === method ? progress.value : null);
  return (
    <>
      <Learning now={of("original")} name="The original" over={original !== null} />
      <Learning now={twinProgress.value ?? of("retrain")} name="The twin" over={retrained !== null} />
    </>
  );
}

function Chart({ at, slots }: { at: number; slots: number }) {
  const all = snapshots.value;
  const twin = trio.value.retrained;
  const x = (WIDTH * at) / Math.max(1, slots - 1);
  const now = all[Math.min(at, all.length - 1)];
  return (
    <svg class="chart" viewBox={`0 -4 ${WIDTH} ${HEIGHT + 8}`} preserveAspectRatio="none" aria-hidden="true">
      <line class="axis" x1={0} x2={WIDTH} y1={HEIGHT} y2={HEIGHT} />
      <line class="axis" x1={0} x2={WIDTH} y1={0} y2={0} />
      {twin && <line class="twin" x1={0} x2={WIDTH} y1={HEIGHT - (100 - twin.ua)} y2={HEIGHT - (100 - twin.ua)} />}
      {twin && <line class="twin" x1={0} x2={WIDTH} y1={HEIGHT - twin.ta} y2={HEIGHT - twin.ta} />}
      <polyline
        class="rest"
        points={points(
          all.map((one) => one.ta),
          slots,
        )}
      />
      <polyline
        class="gone"
        points={points(
          all.map((one) => 100 - one.ua),
          slots,
        )}
      />
      <line class="now" x1={x} x2={x} y1={-4} y2={HEIGHT + 4} />
      {now && <line class="dot gone" x1={x} x2={x} y1={now.ua} y2={now.ua} />}
      {now && <line class="dot rest" x1={x} x2={x} y1={HEIGHT - now.ta} y2={HEIGHT - now.ta} />}
    </svg>
  );
}

export function Timeline() {
  const all = snapshots.value;
  const name = forgottenName(current.value);
  if (all.length < 2) {
    return (
      <section class="timeline" aria-label="Time" data-testid="timeline">
        <h2 class="label">Time</h2>
        <Before />
      </section>
    );
  }
  const done = phase.value === "done";
  // When all is done, the last place is that of the finished network.
  const slots = done ? all.length : Math.max(all.length, 12);
  const at = rewound.value ?? all.length - 1;
  const now = all[at];
  const words = now
    ? `Step ${now.step}: recognises ${(100 - now.ua).toFixed(0)} % of ${name}, ${now.ta.toFixed(0)} % of the rest`
    : "";
  return (
    <section class="timeline" aria-label="Time" data-testid="timeline">
      <h2 class="label">
        Time <span>drag: everything above follows</span>
      </h2>
      <div class="plane">
        <Chart at={at} slots={slots} />
        <input
          type="range"
          class="scrub"
          data-testid="rewind"
          min={0}
          max={slots - 1}
          value={at}
          aria-label="Step of forgetting"
          aria-valuetext={words}
          onInput={(event) => {
            halt();
            const to = event.currentTarget.valueAsNumber;
            rewind(done && to >= all.length - 1 ? null : Math.min(to, all.length - 1));
          }}
        />
      </div>
      <p class="keys">
        <span class="key gone">recognises {name}</span>
        <span class="key rest">recognises the rest</span>
        <span class="key twin">the twin</span>
        <output>{words}</output>
      </p>
    </section>
  );
}
