/** The controls of an experiment: method and its numbers, seed, network and images. */

import { change } from "../choices";
import { balances, listed, methodName, smooths } from "../methods";
import { load } from "../session";
import { fields, type DataName, type Settings } from "../settings";
import { about, methodDefaults, settings } from "../state";

/** Where the slider stands while the rate is self-adaptive. */
const RATE = -0.5;

export function MethodFields() {
  const { method } = settings.value;
  const known = listed(Object.keys(methodDefaults.value));
  // Before the library has answered, the list is the method that was asked for.
  const methods = known.includes(method) ? known : [method];
  return (
    <>
      <label>
        Method
        <select data-testid="method" value={method} onChange={(event) => change({ method: event.currentTarget.value })}>
          {methods.map((name) => (
            <option key={name} value={name}>
              {methodName(name)}
            </option>
          ))}
        </select>
      </label>
      <Rate />
      <Balance />
    </>
  );
}

function Rate() {
  const { method, alpha } = settings.value;
  const possible = smooths(methodDefaults.value, method);
  return (
    <>
      <label>
        <span>
          Smoothing rate α <output>{!possible ? "none" : alpha === null ? "self-adaptive" : alpha.toFixed(1)}</output>
        </span>
        <input
          type="range"
          min={-2}
          max={0.5}
          step={0.1}
          value={alpha ?? RATE}
          disabled={!possible}
          data-testid="alpha"
          onInput={(event) => change({ alpha: event.currentTarget.valueAsNumber })}
        />
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={alpha === null}
          disabled={!possible}
          onChange={(event) => change({ alpha: event.currentTarget.checked ? null : RATE })}
        />
        self-adaptive α
      </label>
    </>
  );
}

function Balance() {
  const { method, p } = settings.value;
  const possible = balances(methodDefaults.value, method);
  return (
    <label>
      <span>
        Balance p <output>{!possible ? "none" : p === null ? "the method's" : p.toFixed(2)}</output>
      </span>
      <input
        type="range"
        min={0.5}
        max={1}
        step={0.01}
        value={p ?? methodDefaults.value[method]?.p ?? 1}
        disabled={!possible}
        data-testid="balance"
        onInput={(event) => change({ p: event.currentTarget.valueAsNumber })}
      />
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
          onChange={(event) => change({ seed: fields.seed.nearest(event.currentTarget.valueAsNumber) })}
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
          onChange={(event) => change({ size: Math.min(most, fields.size.nearest(event.currentTarget.valueAsNumber)) })}
        />
      </label>
      <label>
        Network
        <select
          data-testid="network"
          value={network}
          onChange={(event) => change({ network: event.currentTarget.value as Settings["network"] })}
        >
          <option value="auto">by the device</option>
          <option value="lenet">LeNet, convolutional</option>
          <option value="mlp">MLP, small</option>
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
