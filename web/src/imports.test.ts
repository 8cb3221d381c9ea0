/** No module of the page or of the package imports itself by way of others, types included. */

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

import { expect, it } from "vitest";

const web = resolve(import.meta.dirname, "..");
const files = ["src", "package/src"]
  .flatMap((folder) =>
    readdirSync(join(web, folder), { recursive: true }).map((file) => join(web, folder, String(file))),
  )
  .filter((file) => /\.tsx?$/.test(file));
const named = new Map([
  ["ugradsl", join(web, "package/src/index")],
  ["ugradsl/internal", join(web, "package/src/internal")],
]);

function importsOf(file: string): string[] {
  const matches = readFileSync(file, "utf8").matchAll(/^(?:import|export)\b[^;"]*?"([^"]+)";$/gm);
  return [...matches].flatMap(([, name = ""]) => {
    const path = named.get(name) ?? (name.startsWith(".") ? resolve(dirname(file), name) : name);
    return files.filter((one) => one === path || one.replace(/\.tsx?$/, "") === path);
  });
}

function circleFrom(file: string, path: string[], done: Set<string>): string[] | null {
  if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
  if (done.has(file)) return null;
  done.add(file);
  for (const next of importsOf(file)) {
    const circle = circleFrom(next, [...path, file], done);
    if (circle) return circle;
  }
  return null;
}

it("has no circle", () => {
  expect(importsOf(join(web, "src/session.ts")).length).toBeGreaterThan(8);
  const done = new Set<string>();
  const circles = files.flatMap((file) => circleFrom(file, [], done) ?? []);
  expect(circles.map((file) => file.slice(web.length + 1))).toEqual([]);
});
