/** The pad that is always there: draw, and all three networks answer. */

import { classCount, current, phase } from "../state";
import { image, more } from "../wall";
import { className } from "../words";
import { Digit } from "./digit";
import { MakeOwn } from "./own";
import { PAD } from "./pad";
import { Remark } from "./remark";
import { chosenClass, usePad } from "./use-pad";

/** Test images to ask about: one of each class, and more of the chosen one. */
function Tries({ take }: { take: (pixels: Uint8Array, label: number) => void }) {
  const all = more.value;
  if (all === null) return <div class="tries waiting" />;
  const chosen = chosenClass();
  const each = all.labels.length / classCount.value;
  const shown = all.labels.map((_, at) => at).filter((at) => at % each === 0 || all.labels[at] === chosen);
  return (
    <div class="tries" role="group" aria-label="Test images to try">
      {shown.map((at) => {
        const label = all.labels[at] ?? 0;
        return (
          <button
            key={at}
            class="thumb"
            data-testid="try"
            aria-label={`Ask about a test image: ${className(current.value.data, label)}`}
            onClick={() => take(image(all, at), label)}
          >
            <Digit pixels={image(all, at)} size={30} />
          </button>
        );
      })}
    </div>
  );
}

export function Ask() {
  const { canvas, take, clear, pointer } = usePad();
  return (
    <section class="ask" aria-labelledby="ask-title" data-testid="ask">
      <h2 id="ask-title" class="label">
        Draw: all three answer
      </h2>
      <canvas
        ref={canvas}
        class="pad"
        data-testid="draw-pad"
        width={PAD}
        height={PAD}
        role="img"
        aria-label="Drawing pad: draw with a pointer, or choose one of the test images below"
        {...pointer}
      />
      <div class="row">
        <button class="button small" data-testid="wipe" onClick={clear}>
          Wipe
        </button>
        {phase.value !== "opening" && <MakeOwn />}
      </div>
      <h3 class="label">Or try a test image</h3>
      <Tries take={take} />
      <Remark />
    </section>
  );
}
