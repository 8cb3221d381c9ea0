/** The argument of the page in five paragraphs, with the numbers of this moment, some of which can be dragged. */

import { balances, methodName, smooths } from "../methods";
import { current, methodDefaults, settings, trio, trusted } from "../state";
import { forgottenName } from "../words";
import { BalanceSlider, RateSlider } from "./sliders";

/** A number of this page, or a dash while it is not known. */
function Now({ value, unit = "%" }: { value: number | null | undefined; unit?: string }) {
  return <b class="now">{typeof value === "number" ? `${value.toFixed(unit === "points" ? 1 : 0)} ${unit}` : "–"}</b>;
}

/** The balance within a sentence. */
function Balance() {
  const { method, p } = settings.value;
  const usual = methodDefaults.value[method]?.p;
  if (!balances(methodDefaults.value, method) || usual === undefined) return null;
  const value = p ?? usual;
  return (
    <>
      {" "}
      Here{" "}
      <label class="inline">
        <BalanceSlider value={value} label="Share of each step that keeps" testId="inline-balance" />
        <output>{(100 * value).toFixed(1)} %</output>
      </label>{" "}
      of each step goes into keeping, and the rest into forgetting. Drag it to one half, and see what is left of the
      network.
    </>
  );
}

/** The smoothing rate within a sentence. */
function Rate() {
  const { method, alpha } = settings.value;
  if (!smooths(methodDefaults.value, method)) return null;
  return (
    <>
      {" "}
      A plain push against the label stalls once the network is sure of itself. So the label is stretched beyond
      certainty, by a rate below zero, which the method chooses for each image
      {alpha === null ? "." : ", unless it is dragged:"}{" "}
      <label class="inline">
        <RateSlider value={alpha} label="Smoothing rate" testId="inline-rate" />
        <output>{alpha === null ? "adaptive" : alpha.toFixed(1)}</output>
      </label>
    </>
  );
}

export function Argument() {
  const { original, unlearned, retrained } = trio.value;
  const gone = forgottenName(current.value);
  const name = methodName(current.value.method);
  return (
    <>
      <p>
        <b>Deleting a file does not change what was learned from it.</b> The original was trained on everything, and
        reads <Now value={original && 100 - original.ua} /> of {gone}. If these have to be forgotten, because somebody
        asks for it or because they were wrong, the network itself has to change.
      </p>
      <p>
        <b>The sure way is to begin again without them.</b> The twin did so, in{" "}
        <Now value={retrained?.steps} unit="steps" />. It reads <Now value={retrained && 100 - retrained.ua} /> of{" "}
        {gone} and <Now value={retrained?.ta} /> of the rest. Whatever it answers to them is the answer of a network
        that never saw them. This is the aim, not “always wrong”. For a large network it costs as much as training did.
      </p>
      <p>
        <b>Unlearning starts from the original instead.</b> {name} took <Now value={unlearned?.steps} unit="steps" />.
        In each it goes down the loss on images that it may keep, and up the loss on those that it must forget.
        <Balance />
        <Rate />
      </p>
      <p>
        <b>More is not better.</b> A network that says nonsense has forgotten {gone}, and everything else. It is also
        conspicuous: one that is less sure of an image than of images that it never saw gives away that something was
        removed. Let all methods race, and see which of them reach the twin and which fall.
      </p>
      <p>
        <b>How would you know?</b> By the distance to the twin, which is{" "}
        <Now value={trusted.value ? unlearned?.gap : null} unit="points" /> now and was{" "}
        <Now value={trusted.value ? original?.gap : null} unit="points" /> before; by attacking it, below; and by
        reminding it, also below. What you see is <b>approximate</b> unlearning, with no formal guarantee: another
        attack may find more, and another seed gives other numbers.
      </p>
    </>
  );
}
