/** Light or dark: what the system says, until the person says otherwise. */

import { signal } from "@preact/signals";

export type Theme = "light" | "dark";

const system = matchMedia("(prefers-color-scheme: dark)");
const kept = localStorage.getItem("theme");
const chosen = kept === "light" || kept === "dark" ? kept : null;

export const theme = signal<Theme>(chosen ?? (system.matches ? "dark" : "light"));
document.documentElement.dataset["theme"] = theme.value;

export function turn(): void {
  theme.value = theme.value === "dark" ? "light" : "dark";
  document.documentElement.dataset["theme"] = theme.value;
  localStorage.setItem("theme", theme.value);
}

system.addEventListener("change", () => {
  if (localStorage.getItem("theme") === null) {
    theme.value = system.matches ? "dark" : "light";
    document.documentElement.dataset["theme"] = theme.value;
  }
});
