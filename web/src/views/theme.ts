/** Light or dark: what the system says, until the person says otherwise. */

import { signal } from "@preact/signals";

export type Theme = "light" | "dark";

const system = matchMedia("(prefers-color-scheme: dark)");

/** What was chosen on an earlier visit; where storage is blocked, nothing. */
function remembered(): string | null {
  try {
    return localStorage.getItem("theme");
  } catch {
    return null;
  }
}

const kept = remembered();
const chosen = kept === "light" || kept === "dark" ? kept : null;

export const theme = signal<Theme>(chosen ?? (system.matches ? "dark" : "light"));
document.documentElement.dataset["theme"] = theme.value;

export function turn(): void {
  theme.value = theme.value === "dark" ? "light" : "dark";
  document.documentElement.dataset["theme"] = theme.value;
  try {
    localStorage.setItem("theme", theme.value);
  } catch {
    // Blocked storage: the choice lasts as long as the page.
  }
}

system.addEventListener("change", () => {
  if (remembered() === null) {
    theme.value = system.matches ? "dark" : "light";
    document.documentElement.dataset["theme"] = theme.value;
  }
});
