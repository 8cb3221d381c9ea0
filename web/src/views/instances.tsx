/** The forgotten images one by one, grouped by how the unlearned network treats them compared with the twin. */

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import { argmax, verdict, type Verdict } from "../analysis";
import type { Kind } from "../kinds";
import { call } from "../session";
import { classCount, forgetRows, labels, settings } from "../state";
import { className } from "../words";
import { Digit } from "./digit";
import { useFetched, waiting, type Models } from "./fetching";
import { Probabilities } from "./probabilities";
import { mark, selected } from "./selection";

const MOST = 300;

interface Instance {
  row: number;
  label: number;
  pixels: Uint8Array;
  of: Record<Kind, Float32Array>;
  verdict: Verdict;
}

const groups: [Verdict, string, string][] = [
  ["not", "Not forgotten", "the twin is wrong, the unlearned network still knows them"],
  ["forgotten", "Forgotten", "the unlearned network says the same as the twin"],
  ["overly", "Overly forgotten", "even the twin knows them, the unlearned network does not"],
  ["different", "Different", "both are wrong, each in its own way"],
];

async function ask(models: Models): Promise<Instance[]> {
  const rows = forgetRows.peek().slice(0, MOST);
  const truth = labels.peek();
  const classes = classCount.peek();
  const [pixels, original, unlearned, retrained] = await Promise.all([
    call("pixels", { rows }),
    call("probabilities", { model: models.original, rows }),
    call("probabilities", { model: models.unlearned, rows }),
    call("probabilities", { model: models.retrained, rows }),
  ]);
  const area = pixels.length / Math.max(1, rows.length);
  return Array.from(rows, (row, at) => {
    const part = (all: Float32Array) => all.subarray(at * classes, (at + 1) * classes);
    const of = { original: part(original), unlearned: part(unlearned), retrained: part(retrained) };
    const label = truth[row] ?? 0;
    return {
      row,
      label,
      of,
      pixels: pixels.subarray(at * area, (at + 1) * area),
      verdict: verdict(label, argmax(of.unlearned), argmax(of.retrained)),
    };
  });
}

interface GroupProps {
  title: string;
  line: string;
  members: Instance[];
  open: number | null;
  choose: (row: number) => void;
}

function Group({ title, line, members, open, choose }: GroupProps) {
  const { data } = settings.value;
  return (
    <div class="instances">
      <h3>
        {title}: {members.length} <small class="muted">{line}</small>
      </h3>
      <div class="thumbs">
        {members.map(({ row, label, pixels, of }) => {
          const says = className(data, argmax(of.unlearned));
          const marked = selected.value.has(row);
          return (
            <button
              key={row}
              type="button"
              class={marked ? "thumb marked" : "thumb"}
              data-testid="instance"
              data-row={row}
              aria-pressed={open === row}
              aria-label={
                `Image ${row}, ${className(data, label)}: the unlearned network says ${says}` +
                (marked ? "; marked" : "")
              }
              onClick={() => choose(row)}
            >
              <Digit pixels={pixels} size={36} />
            </button>
          );
        })}
      </div>
    </div>
  );
}

export function InstanceView() {
  const { panel, result, problem } = useFetched(ask);
  const open = useSignal<number | null>(null);
  const instances = result.value;
  const detail = instances?.find((one) => one.row === open.value);
  const place = useRef<HTMLDivElement>(null);
  // The detail may be out of sight, below many thumbnails.
  useEffect(() => {
    if (open.value !== null) place.current?.scrollIntoView({ block: "nearest" });
  }, [open.value]);
  const choose = (row: number) => {
    open.value = open.value === row ? null : row;
    mark(open.value === null ? [] : [row]);
  };
  return (
    <section class="panel" data-testid="instances" aria-labelledby="instances-title" ref={panel}>
      <h2 id="instances-title">Image by image</h2>
      <p>
        Choose an image to see what the three networks say about it. It is also marked in the plots below, where each
        image is a dot.
      </p>
      {problem.value !== null && <p class="alarm">{problem.value}</p>}
      {instances === null ? (
        <p class="muted">{waiting.value}</p>
      ) : (
        <>
          {forgetRows.value.length > MOST && (
            <p class="muted">
              The first {MOST} of {forgetRows.value.length} forgotten images.
            </p>
          )}
          {groups.map(([kind, title, line]) => {
            const members = instances.filter((one) => one.verdict === kind);
            // The fourth group is rare, and shown only if it has members.
            if (kind === "different" && members.length === 0) return null;
            return <Group key={kind} title={title} line={line} members={members} open={open.value} choose={choose} />;
          })}
          <div data-testid="instance-detail" aria-live="polite" ref={place}>
            {detail && (
              <>
                <h3>
                  Image {detail.row}: {className(settings.value.data, detail.label)}
                </h3>
                <Digit pixels={detail.pixels} size={84} label={`Image ${detail.row}`} />
                <Probabilities label={detail.label} of={detail.of} />
              </>
            )}
          </div>
        </>
      )}
    </section>
  );
}
