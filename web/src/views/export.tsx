/** Taking results away, and bringing a network along: model, report, recipe, command line, link. */

import { useSignal } from "@preact/signals";

import type { ReportForm } from "ugradsl";
import { methodName } from "../methods";
import { notice } from "../reduce";
import { hash } from "../choices";
import { call, importModel, restore, saved } from "../session";
import { ROWS } from "../share";
import { chosenRows, current, forgetRows, imported, runs, settings, shown, trusted } from "../state";
import { Teacher } from "./teacher";
import { percent } from "./words";

function save(name: string, parts: BlobPart[], type: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(parts, { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

async function attempt(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    notice("fault", error instanceof Error ? error.message : String(error));
  }
}

const saveReport = (form: ReportForm, name: string, type: string) =>
  attempt(async () => save(name, [await call("report", { form })], type));

const saveModel = (name: string) =>
  attempt(async () => save(name, [new Uint8Array(await call("model", { name }))], "application/octet-stream"));

const load = (file: File) => attempt(() => importModel(file));

/** The command as text, too: it can be read where nothing can be copied. */
function Command() {
  const command = useSignal<{ text: string; of: unknown } | null>(null);
  const copied = useSignal(false);
  const { forget } = current.value;
  const show = () =>
    attempt(async () => {
      const of = current.peek();
      const text = await call("report", { form: "command" });
      command.value = { text, of };
      copied.value = await navigator.clipboard.writeText(text).then(
        () => true,
        () => false,
      );
    });
  return (
    <>
      <button class="button" data-testid="export-command" disabled={forget === "own"} onClick={() => void show()}>
        Command line
      </button>
      {command.value?.of === current.value && (
        <span class="command" role="status">
          <code tabIndex={0}>{command.value.text}</code> {copied.value && <small>copied</small>}
        </span>
      )}
    </>
  );
}

export function Export() {
  const copied = useSignal("");
  const copy = (what: string, text: () => Promise<string> | string) =>
    attempt(async () => {
      await navigator.clipboard.writeText(await text());
      copied.value = what;
    });
  const finished = runs.value;
  const own = imported.value;
  const { forget } = current.value;
  const left = chosenRows.value.length - ROWS;
  // Not said of a link that carries no rows.
  const link =
    settings.value.forget === "ids" && left > 0
      ? `link with the first ${ROWS} of ${chosenRows.value.length} picked images`
      : "link";
  return (
    <section class="panel" data-testid="export" aria-labelledby="export-title">
      <h2 id="export-title">Take it with you</h2>
      <div class="row">
        {shown.value && (
          <button
            class="button"
            data-testid="export-snapshot"
            onClick={() => void saveModel(shown.peek()?.model ?? "")}
          >
            Step {shown.value.step} as safetensors
          </button>
        )}
        {finished.map((run) => (
          <button
            key={run.model}
            class="button"
            data-testid={`export-model-${run.method}`}
            onClick={() => void saveModel(run.model)}
          >
            {methodName(run.method)} as safetensors
          </button>
        ))}
      </div>
      <div class="row">
        <button
          class="button"
          data-testid="export-report"
          disabled={finished.length === 0 || !trusted.value}
          onClick={() => void saveReport("html", "report.html", "text/html")}
        >
          Report (HTML)
        </button>
        <button
          class="button"
          disabled={finished.length === 0 || !trusted.value}
          data-testid="export-json"
          onClick={() => void saveReport("json", "report.json", "application/json")}
        >
          Report (JSON)
        </button>
        <button
          class="button"
          data-testid="export-recipe"
          disabled={forget === "own"}
          onClick={() => void saveReport("toml", "recipe.toml", "application/toml")}
        >
          Recipe (TOML)
        </button>
        {forget === "ids" && (
          <button
            class="button"
            onClick={() => save("forget.txt", [[...forgetRows.value].join("\n"), "\n"], "text/plain")}
          >
            Rows to forget
          </button>
        )}
        <button
          class="button"
          data-testid="share-link"
          onClick={() => void copy(link, () => `${location.href.split("#")[0] ?? ""}#${hash()}`)}
        >
          Copy link
        </button>
        <Command />
        <button
          class="button"
          data-testid="save-all"
          onClick={() => save("unlearning.json", [saved()], "application/json")}
        >
          Save choices and drawings
        </button>
        <label class="button">
          Load what was saved…
          <input
            type="file"
            accept=".json,application/json"
            class="visually-hidden"
            data-testid="load-all"
            onChange={(event) => {
              const input = event.currentTarget;
              const file = input.files?.[0];
              if (file) void attempt(async () => restore(await file.text()));
              input.value = "";
            }}
          />
        </label>
        <label class="button">
          Load a network…
          <input
            type="file"
            accept=".safetensors"
            class="visually-hidden"
            data-testid="import-model"
            onChange={(event) => {
              const input = event.currentTarget;
              const file = input.files?.[0];
              if (file) void load(file);
              input.value = "";
            }}
          />
        </label>
        <span role="status" class="muted">
          {copied.value === "" ? "" : `${copied.value} copied`}
        </span>
      </div>
      {own && (
        <p data-testid="imported">
          <b>{own.name}</b> on this data: UA {percent(own.measures.ua)}, RA {percent(own.measures.ra)}, TA{" "}
          {percent(own.measures.ta)}
          {trusted.value && <>, MIA {percent(own.measures.mia)}</>}.
        </p>
      )}
      <p class="muted">
        {forget === "own"
          ? "The native program does not have your own images, so there is no recipe that repeats this run."
          : "The recipe gives the same steps with the native program (in a checkout of its repository): on the processor the same numbers, on a GPU nearly the same."}
        {
          " A saved file holds all choices and your own images, which a link cannot carry; the same seed trains the same networks from it."
        }
      </p>
      <Teacher />
    </section>
  );
}
