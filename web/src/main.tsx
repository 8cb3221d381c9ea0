/** Entry: reads the address, draws the page, begins to compute. */

import "./styles/tokens.css";
import "./styles/layout.css";
import "./styles/shell.css";
import "./styles/views.css";

import { render } from "preact";

import { App } from "./app";
import { adopt } from "./choices";
import { start } from "./session";
import { fromHash } from "./share";

adopt(fromHash(location.hash));

const root = document.getElementById("app");
if (root) {
  root.replaceChildren();
  render(<App />, root);
}
void start();

if (import.meta.env.PROD && "serviceWorker" in navigator) {
  // Without it the page works too, but only online.
  navigator.serviceWorker.register(new URL("sw.js", document.baseURI)).catch(() => undefined);
}
