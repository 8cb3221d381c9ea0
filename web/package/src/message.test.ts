/** Messages that the worker accepts, and noise that it refuses. */

import { describe, expect, it } from "vitest";

import { readMessage } from "./message.ts";

describe("messages", () => {
  it("that are well formed pass", () => {
    expect(readMessage({ kind: "pace", pace: "step" })).toEqual({ kind: "pace", pace: "step" });
    expect(typeof readMessage({ kind: "call", id: 1, name: "labels", args: null })).toBe("object");
  });
  it.each([
    null,
    3,
    "x",
    {},
    { kind: "pace", pace: "fast" },
    { kind: "call", id: "1", name: "labels", args: null },
    { kind: "call", id: 1, name: "toString", args: null },
    { kind: "call", id: 1, name: "labels" },
  ])("that are noise are refused: %j", (noise) => {
    expect(typeof readMessage(noise)).toBe("string");
  });
});
