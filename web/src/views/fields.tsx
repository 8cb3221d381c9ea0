/** The controls of an experiment: method and its numbers, seed, network and images. */

import { act } from "../act";
import { change } from "../choices";
import { balances, listed, methodName, smooths } from "../methods";
import { networkNames, networks } from "../networks";
import { load } from "../session";
import { fields, type DataName, type Settings } from "../settings";
import { about, methodDefaults, settings } from "../state";
import { BalanceSlider, RateSlider } from "./sliders";

export function MethodFields() {
  const { method } = settings.value;
  const known = listed(Object.keys(methodDefaults.value));
  // Before the library has answered, the list is the method that was asked for.
  const methods = known.includes(method) ? known : [method];
  return (
    <>
      <select
        data-testid="method"
        aria-label="Method"
        value={method}
        onChange={(event) => act({ method: event.currentTarget.value })}
      >
        {methods.map((name) => (
          <option key={name} value={name}>
            {methodName(name)}
          </option>
        ))}
      </select>
      <Rate />
      <Balance />
    </>
  );
}

/** Nothing for a method that does not smooth. */
function Rate() {
  const { method, alpha } = settings.value;
  if (!smooths(methodDefaults.value, method)) return null;
  return (
    <div>
      <label class="wide">
        <span>
          Smoothing rate α <output>{alpha === null ? "adaptive" : alpha.toFixed(1)}</output>
        </span>
        <RateSlider value={alpha} testId="alpha" />
      </label>
      {alpha !== null && (
        <button class="plain" data-testid="adaptive" onClick={() => act({ alpha: null })}>
          let the method choose
        </button>
      )}
    </div>
  );
}

/** How much of each step keeps and how much forgets: nothing for a method that does not weigh the two. */
function Balance() {
  const { method, p } = settings.value;
  if (!balances(methodDefaults.value, method)) return null;
  const usual = methodDefaults.value[method]?.p ?? 1;
  return (
    <label class="wide">
      <span class="ends">
        <span>forget</span> <output>p {(p ?? usual).toFixed(3).replace(/0+$/, "")}</output> <span>keep</span>
      </span>
      <BalanceSlider value={p ?? usual} label="Balance p: forget or keep" testId="balance" />
    </label>
  );
}

export function ExperimentFields() {
  const { seed, size, network } = settings.value;
  const most = about.value?.data?.train ?? fields.size.initial;
  return (
    <>
      <label>
        Seed
        <input
          type="number"
          min={fields.seed.least}
          max={fields.seed.most}
          step={1}
          value={seed}
          data-testid="seed"
          onChange={(event) => act({ seed: fields.seed.nearest(event.currentTarget.valueAsNumber) })}
        />
      </label>
      <label>
        Training images
        <input
          type="number"
          min={fields.size.least}
          max={most}
          step={200}
          value={size}
          data-testid="size"
          onChange={(event) => act({ size: Math.min(most, fields.size.nearest(event.currentTarget.valueAsNumber)) })}
        />
      </label>
      <label>
        Network
        <select
          data-testid="network"
          value={network}
          onChange={(event) => act({ network: event.currentTarget.value as Settings["network"] })}
        >
          {networkNames.map((name) => (
            <option key={name} value={name}>
              {networks[name].words}
            </option>
          ))}
        </select>
      </label>
      <Images />
    </>
  );
}

function Images() {
  return (
    <label>
      Images
      <select
        data-testid="data"
        value={settings.value.data}
        onChange={(event) => {
          change({ data: event.currentTarget.value as DataName });
          void load();
        }}
      >
        <option value="mnist-subset">MNIST digits</option>
        <option value="fashion-mnist-subset">Fashion-MNIST clothes</option>
      </select>
    </label>
  );
}
