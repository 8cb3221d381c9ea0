/** What to forget, in four ways, and by which method. */

import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { change } from "../choices";
import { methodLine, methodName } from "../methods";
import { begin, call } from "../session";
import { defaults } from "../settings";
import { about, chosenRows, labels, ownImages, phase, previews, settings } from "../state";
import { Digit } from "./digit";
import { ExperimentFields, MethodFields } from "./fields";
import { Own, useDrop } from "./own";
import { Picked } from "./picked";
import { className } from "./words";

const CLASSES = 10;
const ways = { class: "A class", random: "A random share", ids: "Picked images", own: "Own drawings" } as const;
type Way = keyof typeof ways;
const wayNames = Object.keys(ways) as Way[];
const wayOf = (forget: string): Way => wayNames.find((name) => forget.startsWith(name)) ?? "class";
/** What is forgotten when a way is taken without a further choice. */
const firstOf = { class: defaults.forget, random: "random:10%", ids: "ids", own: "own" } as const satisfies Record<
  Way,
  string
>;

export function Choose() {
  const way = useSignal<Way>(wayOf(settings.peek().forget));
  // A change of the choice from elsewhere (a picked image, a saved file) opens the tab that shows it.
  const forgets = useComputed(() => settings.value.forget);
  useSignalEffect(() => {
    way.value = wayOf(forgets.value);
  });
  useDrop(() => (way.value = "own"));
  const { method } = settings.value;
  const empty =
    (way.value === "ids" && chosenRows.value.length === 0) || (way.value === "own" && ownImages.value.length === 0);
  const forget = () => {
    if (way.value !== wayOf(settings.value.forget)) change({ forget: firstOf[way.value] });
    void begin();
  };
  return (
    <section class="panel" data-testid="choose" aria-labelledby="choose-title">
      <h2 id="choose-title">What should be forgotten?</h2>
      <Ways way={way.value} choose={(name) => (way.value = name)} />
      <div class="row fields">
        <MethodFields />
        <ExperimentFields />
      </div>
      <button
        class="button primary"
        data-testid="forget"
        disabled={empty || phase.value === "opening"}
        onClick={forget}
      >
        Forget
      </button>
      {methodLine(method) !== "" && (
        <p class="muted" data-testid="method-line">
          {methodName(method)}: {methodLine(method)}.
        </p>
      )}
      <p class="muted">
        The images to be forgotten are the <em>forget set</em>, all others the <em>retain set</em>.
      </p>
    </section>
  );
}

function Ways({ way, choose }: { way: Way; choose: (way: Way) => void }) {
  return (
    <>
      <div class="row" role="group" aria-label="Ways to choose">
        {wayNames.map((name) => (
          <button
            key={name}
            class="button"
            data-testid={`way-${name}`}
            aria-pressed={way === name}
            onClick={() => choose(name)}
          >
            {ways[name]}
          </button>
        ))}
      </div>
      <div role="group" aria-label={ways[way]}>
        {way === "class" && <Classes />}
        {way === "random" && <Share />}
        {way === "ids" && <Picked />}
        {way === "own" && <Own />}
      </div>
    </>
  );
}

function Classes() {
  const samples = useSignal<(Uint8Array | null)[]>([]);
  const all = labels.value;
  useEffect(() => {
    if (all.length === 0) return;
    const rows = Array.from({ length: CLASSES }, (_, label) => Math.max(0, all.indexOf(label)));
    // A worker that ends refuses the call; the choice works without pictures, too.
    void call("pixels", { rows: new Uint32Array(rows) }).then(
      (pixels) => {
        const area = pixels.length / rows.length;
        samples.value = rows.map((_, at) => pixels.slice(at * area, (at + 1) * area));
      },
      () => undefined,
    );
  }, [all, samples]);
  const data = about.value?.data?.name ?? settings.value.data;
  return (
    <div class="classes">
      {Array.from({ length: CLASSES }, (_, label) => (
        <button
          key={label}
          class="button tile"
          data-testid={`choose-class-${label}`}
          aria-pressed={settings.value.forget === `class:${label}`}
          onClick={() => change({ forget: `class:${label}` })}
        >
          <Digit pixels={samples.value[label] ?? previews.value[label] ?? new Uint8Array()} />
          {className(data, label)}
        </button>
      ))}
    </div>
  );
}

function Share() {
  const share = Number(/^random:(\d+)%$/.exec(settings.value.forget)?.[1] ?? 10);
  return (
    <label class="wide">
      <span>
        Share of the training images <output>{share} %</output>
      </span>
      <input
        type="range"
        min={1}
        max={50}
        value={share}
        data-testid="share"
        onInput={(event) => change({ forget: `random:${event.currentTarget.value}%` })}
      />
    </label>
  );
}
