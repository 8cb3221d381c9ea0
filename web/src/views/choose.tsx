/** What to forget, in four ways, and by which method. */

import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { balances, listed, methodLine, methodName, smooths } from "../methods";
import type { DataName } from "../data";
import { begin, call, load } from "../session";
import {
  about,
  chosenRows,
  defaults,
  labels,
  methodDefaults,
  ownImages,
  phase,
  previews,
  settings,
  type Settings,
} from "../state";
import { Digit } from "./digit";
import { Own, useDrop } from "./own";
import { Picked } from "./picked";
import { className } from "./words";

const ways = { class: "A class", random: "A random share", ids: "Picked images", own: "Own drawings" } as const;
type Way = keyof typeof ways;
const wayNames = Object.keys(ways) as Way[];
const wayOf = (forget: string): Way => wayNames.find((name) => forget.startsWith(name)) ?? "class";

export function change(patch: Partial<Settings>): void {
  settings.value = { ...settings.value, ...patch };
}

export function Choose() {
  const way = useSignal<Way>(wayOf(settings.peek().forget));
  // Whatever changes the choice (a picked image, a saved file) opens the tab that shows it.
  const forgets = useComputed(() => settings.value.forget);
  useSignalEffect(() => {
    way.value = wayOf(forgets.value);
  });
  useDrop(() => (way.value = "own"));
  const { method, alpha, p, seed, data } = settings.value;
  const most = about.value?.data?.train ?? defaults.size;
  const empty =
    (way.value === "ids" && chosenRows.value.length === 0) || (way.value === "own" && ownImages.value.length === 0);
  const known = listed(Object.keys(methodDefaults.value));
  // Before the library has answered, the one that was asked for.
  const methods = known.includes(method) ? known : [method];
  const forget = () => {
    if (way.value !== wayOf(settings.value.forget)) {
      change({ forget: { class: defaults.forget, random: "random:10%", ids: "ids", own: "own" }[way.value] });
    }
    void begin();
  };
  return (
    <section class="panel" data-testid="choose" aria-labelledby="choose-title">
      <h2 id="choose-title">What should be forgotten?</h2>
      <div class="row" role="group" aria-label="Ways to choose">
        {wayNames.map((name) => (
          <button
            key={name}
            class="button"
            data-testid={`way-${name}`}
            aria-pressed={way.value === name}
            onClick={() => (way.value = name)}
          >
            {ways[name]}
          </button>
        ))}
      </div>
      <div role="group" aria-label={ways[way.value]}>
        {way.value === "class" && <Classes />}
        {way.value === "random" && <Share />}
        {way.value === "ids" && <Picked />}
        {way.value === "own" && <Own />}
      </div>
      <div class="row fields">
        <label>
          Method
          <select
            data-testid="method"
            value={method}
            onChange={(event) => change({ method: event.currentTarget.value })}
          >
            {methods.map((name) => (
              <option key={name} value={name}>
                {methodName(name)}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>
            Smoothing rate α{" "}
            <output>{!smooths(method) ? "none" : alpha === null ? "self-adaptive" : alpha.toFixed(1)}</output>
          </span>
          <input
            type="range"
            min={-2}
            max={0.5}
            step={0.1}
            value={alpha ?? -0.5}
            disabled={!smooths(method)}
            data-testid="alpha"
            onInput={(event) => change({ alpha: event.currentTarget.valueAsNumber })}
          />
        </label>
        <label class="check">
          <input
            type="checkbox"
            checked={alpha === null}
            disabled={!smooths(method)}
            onChange={(event) => change({ alpha: event.currentTarget.checked ? null : -0.5 })}
          />
          self-adaptive α
        </label>
        <label>
          <span>
            Balance p <output>{!balances(method) ? "none" : p === null ? "the method's" : p.toFixed(2)}</output>
          </span>
          <input
            type="range"
            min={0.5}
            max={1}
            step={0.01}
            value={p ?? methodDefaults.value[method]?.p ?? 1}
            disabled={!balances(method)}
            data-testid="balance"
            onInput={(event) => change({ p: event.currentTarget.valueAsNumber })}
          />
        </label>
        <label>
          Seed
          <input
            type="number"
            min={0}
            max={1e9}
            step={1}
            value={seed}
            data-testid="seed"
            onChange={(event) => change({ seed: Math.max(0, Math.trunc(event.currentTarget.valueAsNumber || 0)) })}
          />
        </label>
        <label>
          Training images
          <input
            type="number"
            min={200}
            max={most}
            step={200}
            value={settings.value.size}
            data-testid="size"
            onChange={(event) =>
              change({
                size: Math.min(most, Math.max(200, Math.trunc(event.currentTarget.valueAsNumber || defaults.size))),
              })
            }
          />
        </label>
        <label>
          Network
          <select
            data-testid="network"
            value={settings.value.network}
            onChange={(event) => change({ network: event.currentTarget.value as Settings["network"] })}
          >
            <option value="auto">by the device</option>
            <option value="lenet">LeNet, convolutional</option>
            <option value="mlp">MLP, small</option>
          </select>
        </label>
        <label>
          Images
          <select
            data-testid="data"
            value={data}
            onChange={(event) => {
              change({ data: event.currentTarget.value as DataName });
              void load();
            }}
          >
            <option value="mnist-subset">MNIST digits</option>
            <option value="fashion-mnist-subset">Fashion-MNIST clothes</option>
          </select>
        </label>
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

function Classes() {
  const samples = useSignal<(Uint8Array | null)[]>([]);
  const all = labels.value;
  useEffect(() => {
    if (all.length === 0) return;
    const rows = Array.from({ length: 10 }, (_, label) => Math.max(0, all.indexOf(label)));
    const size = all.length > 0 ? rows.length : 0;
    void call("pixels", { rows: new Uint32Array(rows) }).then((pixels) => {
      const one = pixels.length / size;
      samples.value = rows.map((_, at) => pixels.slice(at * one, (at + 1) * one));
    });
  }, [all, samples]);
  const data = about.value?.data?.name ?? settings.value.data;
  return (
    <div class="classes">
      {Array.from({ length: 10 }, (_, label) => (
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
