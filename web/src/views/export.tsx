/** Results to take away: networks, report, recipe and command line; and a network or choices to load. */

import { useSignal } from "@preact/signals";

import { methodName } from "../methods";
import { call, importModel, restore, saved } from "../session";
import { current, forgetRows, imported, runs, shown, trusted } from "../state";
import { percent } from "../words";
import { orNotice, save, saveModel, saveReport } from "./files";
import { Teacher } from "./teacher";

/** The command is also shown as text, because a browser may refuse to copy it. */
function Command() {
  const command = useSignal<{ text: string; of: unknown } | null>(null);
  const copied = useSignal(false);
  const { forget } = current.value;
  const show = () =>
    orNotice(async () => {
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

function Models() {
  return (
    <div class="row">
      {shown.value && (
        <button class="button" data-testid="export-snapshot" onClick={() => void saveModel(shown.peek()?.model ?? "")}>
          Step {shown.value.step} as safetensors
        </button>
      )}
      {runs.value.map((run) => (
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
  );
}

function Reports() {
  const { forget } = current.value;
  const none = runs.value.length === 0 || !trusted.value;
  const button = (title: string, testId: string, disabled: boolean, work: () => Promise<void>) => (
    <button class="button" data-testid={testId} disabled={disabled} onClick={() => void work()}>
      {title}
    </button>
  );
  return (
    <>
      {button("Report (HTML)", "export-report", none, () => saveReport("html", "report.html", "text/html"))}
      {button("Report (JSON)", "export-json", none, () => saveReport("json", "report.json", "application/json"))}
      {button("Recipe (TOML)", "export-recipe", forget === "own", () =>
        saveReport("toml", "recipe.toml", "application/toml"),
      )}
      {forget === "ids" && (
        <button
          class="button"
          onClick={() => save("forget.txt", [[...forgetRows.value].join("\n"), "\n"], "text/plain")}
        >
          Rows to forget
        </button>
      )}
    </>
  );
}

interface LoadProps {
  title: string;
  accept: string;
  testId: string;
  take: (file: File) => Promise<void>;
}

function Load({ title, accept, testId, take }: LoadProps) {
  return (
    <label class="button">
      {title}
      <input
        type="file"
        accept={accept}
        class="visually-hidden"
        data-testid={testId}
        onChange={(event) => {
          const input = event.currentTarget;
          const file = input.files?.[0];
          if (file) void orNotice(() => take(file));
          // The same file may be chosen again.
          input.value = "";
        }}
      />
    </label>
  );
}

function Imported() {
  if (imported.value === null) return null;
  const { name, measures } = imported.value;
  return (
    <p data-testid="imported">
      <b>{name}</b> on this data: UA {percent(measures.ua)}, RA {percent(measures.ra)}, TA {percent(measures.ta)}
      {trusted.value && <>, MIA {percent(measures.mia)}</>}.
    </p>
  );
}

export function Export() {
  return (
    <section class="panel" data-testid="export" aria-labelledby="export-title">
      <h2 id="export-title">Take it with you</h2>
      <Models />
      <div class="row">
        <Reports />
        <Command />
        <button
          class="button"
          data-testid="save-all"
          onClick={() => save("unlearning.json", [saved()], "application/json")}
        >
          Save choices and drawings
        </button>
        <Load
          title="Load saved choices…"
          accept=".json,application/json"
          testId="load-all"
          take={async (file) => restore(await file.text())}
        />
        <Load title="Load a network…" accept=".safetensors" testId="import-model" take={importModel} />
      </div>
      <Imported />
      <p class="muted">
        {current.value.forget === "own"
          ? "The native program does not have your own images, so no recipe can repeat this run."
          : "The native program (in a checkout of its repository) repeats the run from the recipe: with the same " +
            "numbers on the processor, with nearly the same on a GPU."}
        {" A saved file has all choices and your own images, which a link cannot carry. "}
        Loading it trains the same networks again, because it has the seed.
      </p>
      <Teacher />
    </section>
  );
}
