/** The keys of the page. */

import { chooseClass } from "./act";
import { back, go, replay, step, toggle, turnSlow } from "./player";
import { start } from "./session";
import { phase } from "./state";

const actions: Record<string, () => void> = {
  " ": toggle,
  ".": step,
  ",": back,
  s: turnSlow,
  f: () => (phase.peek() === "asking" ? go() : replay()),
  /** Not `begin`, which would show the earlier results at once. */
  r: () => void start(),
};

const isDigit = (key: string): boolean => /^[0-9]$/.test(key);

/** What an element with the focus does itself with a key. */
function isTaken(target: Element | null, key: string): boolean {
  if (target?.closest("input:not([type=range], [type=checkbox], [type=radio]), select, textarea, dialog")) return true;
  // Space presses what was reached by the keyboard; after a click the key is the page's again.
  const pressed = target?.closest("button, a, summary, label, input, [role=tab], [tabindex]");
  return key === " " && pressed?.matches(":focus-visible") === true;
}

export function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const target = event.target instanceof Element ? event.target : null;
  if (isTaken(target, event.key)) return;
  const action = isDigit(event.key) ? () => chooseClass(Number(event.key)) : actions[event.key];
  if (!action) return;
  event.preventDefault();
  action();
}
