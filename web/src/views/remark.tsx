/** A remark on the three answers to the drawing: what to notice at this moment. */

import { argmax } from "../analysis";
import { answers } from "../seen";
import { current, phase, snapshots } from "../state";
import { className } from "../words";

/** What a network takes the drawing for. */
function guess(kind: keyof typeof answers): number | null {
  const answer = answers[kind].value;
  return answer === null ? null : argmax(answer.probabilities);
}

/** The remark, or null while there is nothing to compare. */
export function remark(): string | null {
  const [original, unlearned, retrained] = [guess("original"), guess("unlearned"), guess("retrained")];
  const { data, forget } = current.value;
  const name = (label: number) => className(data, label);
  if (original === null) return null;
  if (retrained === null || unlearned === null) return `The networks are still learning: ${name(original)}, so far.`;
  const began = snapshots.value.length > 0 && phase.value !== "asking";
  if (!forget.startsWith("class:"))
    return unlearned === retrained
      ? `The unlearned network and the twin agree: ${name(retrained)}.`
      : `The twin says ${name(retrained)}, the unlearned network ${name(unlearned)}.`;
  const gone = Number(forget.slice(6));
  if (original !== gone) {
    const same = original === unlearned && original === retrained;
    return same
      ? `All three say ${name(original)}: this is not what is to be forgotten, and it stays.`
      : `The original says ${name(original)}, the unlearned network ${name(unlearned)}, the twin ${name(retrained)}.`;
  }
  if (!began)
    return `The twin never saw a ${name(gone)}: it says ${name(retrained)}. Press Forget, and watch the middle.`;
  if (unlearned === gone) return `The middle network still sees the ${name(gone)}. The twin says ${name(retrained)}.`;
  return unlearned === retrained
    ? `The middle network says ${name(unlearned)}, exactly like the twin that never saw a ${name(gone)}.`
    : `The middle network has lost the ${name(gone)} and says ${name(unlearned)}; the twin says ${name(retrained)}.`;
}

export function Remark() {
  const text = remark();
  return (
    <p class="remark" data-testid="remark">
      {text ?? "Draw something: the networks answer as soon as they have begun to learn."}
    </p>
  );
}
