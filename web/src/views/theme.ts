/** Light or dark: the choice of the system, until the person chooses. */

import { signal } from "@preact/signals";

export type Theme = "light" | "dark";

const system = matchMedia("(prefers-color-scheme: dark)");

/** The choice of an earlier visit; null if storage is blocked. */
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
    // Storage is blocked: the choice lasts as long as the page.
  }
}

system.addEventListener("change", () => {
  if (remembered() === null) {
    theme.value = system.matches ? "dark" : "light";
    document.documentElement.dataset["theme"] = theme.value;
  }
});
