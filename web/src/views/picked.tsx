/** Single images to forget, picked from pages of thumbnails. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { choosePicked } from "../act";
import { call } from "../session";
import { chosenRows, labels } from "../state";
import { ClassSelect } from "./class-select";
import { Digit } from "./digit";

/** Thumbnails per page. */
const PAGE = 60;

/** Pixels of the rows, as soon as they have arrived. */
function usePixels(rows: number[]): Uint8Array[] {
  const pixels = useSignal<Uint8Array[]>([]);
  const key = rows.join();
  useEffect(() => {
    if (key === "") return;
    const wanted = key.split(",").map(Number);
    // A worker that ends refuses the call; the choice works without pictures, too.
    void call("pixels", { rows: new Uint32Array(wanted) }).then(
      (all) => {
        const area = all.length / wanted.length;
        pixels.value = wanted.map((_, at) => all.slice(at * area, (at + 1) * area));
      },
      () => undefined,
    );
  }, [key, pixels]);
  return pixels.value;
}

export function Picked() {
  const label = useSignal(3);
  const page = useSignal(0);
  const rows: number[] = [];
  labels.value.forEach((one, row) => one === label.value && rows.push(row));
  const from = page.value * PAGE;
  const visible = rows.slice(from, from + PAGE);
  const pixels = usePixels(visible);
  const chosen = new Set(chosenRows.value);
  const toggle = (row: number) => {
    if (!chosen.delete(row)) chosen.add(row);
    choosePicked(chosen);
  };
  return (
    <div>
      <div class="row">
        <ClassSelect
          title="Show"
          value={label.value}
          choose={(one) => {
            label.value = one;
            page.value = 0;
          }}
          testId="pick-class"
        />
        <button class="button small" disabled={page.value === 0} onClick={() => page.value--}>
          Earlier
        </button>
        <button class="button small" disabled={from + PAGE >= rows.length} onClick={() => page.value++}>
          Later
        </button>
        <button class="button small" disabled={chosen.size === 0} onClick={() => choosePicked([])}>
          Clear
        </button>
        <output>{chosen.size} picked</output>
      </div>
      <div class="thumbs">
        {visible.map((row, at) => (
          <button
            key={row}
            class="thumb"
            data-testid="pick"
            aria-pressed={chosen.has(row)}
            aria-label={`image ${row}`}
            onClick={() => toggle(row)}
          >
            <Digit pixels={pixels[at] ?? new Uint8Array()} size={30} />
          </button>
        ))}
      </div>
    </div>
  );
}
