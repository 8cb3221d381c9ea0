/** Entry: reads the address, draws the page, begins to compute. */

import "./styles/tokens.css";
import "./styles/layout.css";
import "./styles/stage.css";
import "./styles/views.css";

import { effect } from "@preact/signals";
import { render } from "preact";

import { App } from "./app";
import { adopt } from "./choices";
import { keptImages } from "./keep";
import { notice } from "./reduce";
import { start } from "./session";
import { fromHash, ignored } from "./share";
import { phase } from "./state";

/** Takes the choices of the address, and says which of its parts are ignored. */
function adoptAddress(): void {
  adopt(fromHash(location.hash));
  const parts = ignored(location.hash);
  if (parts.length > 0) notice("warning", `The page does not know what to do with ${parts.join(", ")} in its address.`);
}
adoptAddress();

const root = document.getElementById("app");
if (root) {
  root.replaceChildren();
  render(<App />, root);
}

/** Begins with the images that were kept for the data of the address. */
async function begin(): Promise<void> {
  const shared = fromHash(location.hash);
  await start(await keptImages(shared.settings.data));
}
void begin();

// A link that is pasted into the tab.
addEventListener("hashchange", () => {
  adoptAddress();
  void begin();
});

// Files are kept for later visits once the first networks have been trained: nothing else needs the line then.
const stop = effect(() => {
  if (!["asking", "done"].includes(phase.value)) return;
  queueMicrotask(() => stop());
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  // Without it the page works too, but only online.
  navigator.serviceWorker.register(new URL("sw.js", document.baseURI)).catch(() => undefined);
});
