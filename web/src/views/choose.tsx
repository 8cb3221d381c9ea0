/** What to forget, in four ways, and by which method. Every choice takes effect at once. */

import { useComputed, useSignal, useSignalEffect } from "@preact/signals";

import { act, chooseClass, slide } from "../act";
import { methodLine, methodName } from "../methods";
import { chosenRows, ownImages, previews, settings } from "../state";
import { className } from "../words";
import { Digit } from "./digit";
import { ExperimentFields, MethodFields } from "./fields";
import { Notices } from "./notices";
import { Own, useDrop } from "./own";
import { Picked } from "./picked";

const CLASSES = 10;
const ways = { class: "Class", random: "Share", ids: "Picked", own: "Yours" } as const;
const wayTitles = {
  class: "A class",
  random: "A random share",
  ids: "Picked images",
  own: "Own images and drawings",
} as const;
type Way = keyof typeof ways;
const wayNames = Object.keys(ways) as Way[];
const wayOf = (forget: string): Way => wayNames.find((name) => forget.startsWith(name)) ?? "class";

/** What a way forgets when it is opened; null where something has to be chosen first. */
function firstOf(way: Way): string | null {
  if (way === "class") return "class:3";
  if (way === "random") return "random:10%";
  const ready = way === "ids" ? chosenRows.peek().length > 0 : ownImages.peek().length > 0;
  return ready ? way : null;
}

export function Choose() {
  const way = useSignal<Way>(wayOf(settings.peek().forget));
  // A change of the choice from elsewhere (a picked image, a saved file) opens the tab that shows it.
  const forgets = useComputed(() => settings.value.forget);
  useSignalEffect(() => {
    way.value = wayOf(forgets.value);
  });
  useDrop(() => (way.value = "own"));
  const open = (name: Way) => {
    way.value = name;
    const forget = firstOf(name);
    if (forget !== null && wayOf(settings.peek().forget) !== name) act({ forget });
  };
  const { method } = settings.value;
  return (
    <section class="choose" data-testid="choose" aria-labelledby="choose-title">
      <h2 id="choose-title" class="label">
        Forget
      </h2>
      <div class="segments" role="group" aria-label="Ways to choose">
        {wayNames.map((name) => (
          <button
            key={name}
            data-testid={`way-${name}`}
            aria-pressed={way.value === name}
            title={wayTitles[name]}
            onClick={() => open(name)}
          >
            {ways[name]}
          </button>
        ))}
      </div>
      <div role="group" aria-label={wayTitles[way.value]} class="way">
        {way.value === "class" && <Classes />}
        {way.value === "random" && <Share />}
        {way.value === "ids" && <Picked />}
        {way.value === "own" && <Own />}
      </div>
      <Notices />
      <h3 class="label">How</h3>
      <MethodFields />
      {methodLine(method) !== "" && (
        <p class="muted line" data-testid="method-line">
          {methodName(method)} {methodLine(method)}.
        </p>
      )}
      <details class="more">
        <summary>Experiment: seed, images, network</summary>
        <ExperimentFields />
      </details>
    </section>
  );
}

function Classes() {
  const { data, forget } = settings.value;
  return (
    <div class="classes">
      {Array.from({ length: CLASSES }, (_, label) => (
        <button
          key={label}
          class="tile"
          data-testid={`choose-class-${label}`}
          aria-label={className(data, label)}
          title={`Forget ${className(data, label)} (${label})`}
          aria-pressed={forget === `class:${label}`}
          onClick={() => chooseClass(label)}
        >
          <Digit pixels={previews.value[label] ?? new Uint8Array()} size={34} />
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
        onInput={(event) => slide({ forget: `random:${event.currentTarget.value}%` })}
      />
    </label>
  );
}
