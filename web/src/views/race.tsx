/** All methods on their way from the original to the twin: to the right is forgotten, above is kept. */

import { methodName } from "../methods";
import { halt } from "../player";
import { race } from "../session";
import { current, methodDefaults, phase, race as racers, snapshots, trio, trusted, type Racer } from "../state";
import { judge } from "../verdict";
import { act } from "../act";
import { forgottenName } from "../words";

const [WIDTH, HEIGHT, EDGE] = [220, 110, 9];
const x = (gone: number): number => EDGE + ((WIDTH - 2 * EDGE) * gone) / 100;
const y = (kept: number): number => HEIGHT - EDGE - ((HEIGHT - 2 * EDGE) * kept) / 100;

/** How a method ended, or that it is under way. */
function outcome({ run }: Racer): string {
  return judge(trio.value.original, run, trusted.value)?.outcome ?? "running";
}

function Path({ racer }: { racer: Racer }) {
  const { run, path, method } = racer;
  const points = [...path, ...(run ? [{ gone: run.ua, kept: run.ta }] : [])];
  const end = points.at(-1);
  if (end === undefined) return null;
  const chosen = method === current.value.method ? "chosen" : "";
  return (
    <g class={`racer ${outcome(racer)} ${chosen}`} data-testid="racer" data-method={method}>
      <title>
        {methodName(method)}: {end.gone.toFixed(0)} % forgotten, {end.kept.toFixed(0)} % of the rest kept
      </title>
      <polyline points={points.map(({ gone, kept }) => `${x(gone)},${y(kept)}`).join(" ")} />
      <circle cx={x(end.gone)} cy={y(end.kept)} r={chosen ? 4.5 : 3.5} onClick={() => act({ method })} />
    </g>
  );
}

function Plane() {
  const { original, retrained, unlearned } = trio.value;
  const own: Racer = {
    method: current.value.method,
    path: snapshots.value.map(({ ua, ta }) => ({ gone: ua, kept: ta })),
    run: phase.value === "done" ? unlearned : null,
  };
  const all = racers.value ?? (own.path.length > 0 ? [own] : []);
  const lost = all.filter((one) => ["destroyed", "harmed", "worse"].includes(outcome(one)));
  const said =
    `Plane of what is forgotten and what is kept: ${all.length} ${all.length === 1 ? "method" : "methods"}` +
    (lost.length > 0 ? `, damaged by ${lost.map(({ method }) => methodName(method)).join(", ")}` : "");
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} class="race-plane" role="img" aria-label={said} data-testid="race-plane">
      <rect x={0.5} y={0.5} width={WIDTH - 1} height={HEIGHT - 1} class="frame" />
      {retrained && <circle class="goal" cx={x(retrained.ua)} cy={y(retrained.ta)} r={8} />}
      {original && <circle class="begin" cx={x(original.ua)} cy={y(original.ta)} r={4} />}
      {all.map((one) => (
        <Path key={one.method} racer={one} />
      ))}
      <text x={EDGE} y={HEIGHT - 3}>
        forgets →
      </text>
      <text x={-HEIGHT + EDGE} y={8} transform="rotate(-90)">
        keeps →
      </text>
    </svg>
  );
}

/** What the race has shown, in a sentence. */
function said(): string {
  const all = racers.value;
  if (all === null) return `From the original to the twin: forget ${forgottenName(current.value)}, keep the rest.`;
  const over = all.filter(({ run }) => run !== null);
  const good = over.filter((one) => outcome(one) === "forgotten").length;
  const bad = over.filter((one) => ["destroyed", "harmed", "worse"].includes(outcome(one))).length;
  const arrived = `${over.length} ${over.length === 1 ? "has" : "have"} arrived`;
  return `${arrived}: ${good} forgot and kept the rest, ${bad} did damage.`;
}

export function Race() {
  const count = Object.keys(methodDefaults.value).length;
  const racing = racers.value !== null && phase.value === "running";
  const ready = (phase.value === "asking" || phase.value === "done") && trio.value.retrained !== null;
  const begin = () => {
    halt();
    void race();
  };
  return (
    <section class="race" aria-labelledby="race-title" data-testid="race">
      <div class="ends">
        <h2 class="label" id="race-title">
          Race
        </h2>
        <button class="button small" data-testid="race-all" disabled={!ready} onClick={begin}>
          {racing ? `${racers.value?.length ?? 0} of ${count}…` : `All ${count || ""} methods`}
        </button>
      </div>
      <Plane />
      <p class="muted">{said()}</p>
    </section>
  );
}
