/** The device and data behind the numbers of this page, and what the numbers do not prove. */

import { about, current, lastSpeed, trusted } from "../state";

export function Honesty() {
  const all = about.value;
  if (all === null) return null;
  const { device, checks, version, data } = all;
  return (
    <section class="panel" data-testid="honesty" aria-labelledby="honesty-title">
      <h2 id="honesty-title">How far to trust this page</h2>
      <p>
        <b>Approximate unlearning: no formal guarantee.</b> The figures compare with one retrained network on this data
        and seed; a stronger attack may see more.
      </p>
      <dl class="facts">
        <dt>Device</dt>
        <dd>
          {device.adapter || "unnamed adapter"} ({device.kind === "gpu" ? "GPU" : "processor"}
          {device.software ? ", in software" : ""})
        </dd>
        <dt>Backend</dt>
        <dd>
          {device.api}, ugradsl {version}
        </dd>
        <dt>Speed</dt>
        <dd>{lastSpeed.value === null ? "not measured yet" : `${lastSpeed.value.toFixed(1)} ms per step`}</dd>
        <dt>Seed</dt>
        <dd>{current.value.seed}</dd>
        <dt>Data</dt>
        <dd>{data ? `${data.name}, SHA-256 ${data.digest.slice(0, 12)}…` : "none"}</dd>
      </dl>
      <table data-testid="selftest" data-passed={trusted.value}>
        <caption>Self-test: known answers computed on this device</caption>
        <tbody>
          {checks.map((check) => (
            <tr key={check.name}>
              <th scope="row">{check.name}</th>
              <td class={check.passed ? "good" : "bad"}>
                {check.passed ? "✓ passed" : "✗ FAILED"} <small>{check.detail}</small>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
