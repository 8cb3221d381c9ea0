/** Verdicts follow from what the library found. */

import type { Finding, RunRecord } from "ugradsl";
import { describe, expect, it } from "vitest";

import { judge, type Outcome } from "./verdict";

const run = (method: string, patch: Partial<RunRecord> = {}): RunRecord =>
  ({ method, ua: 100, ra: 95, ta: 94, gap: 1, ...patch }) as RunRecord;
const found = (verdict: Finding["verdict"], remark?: Finding["remark"]) =>
  ({ verdict, words: `${verdict} by the numbers`, remark }) as Finding;
const original = run("original", { ua: 2, ra: 98, gap: 40 });

describe("the verdict", () => {
  it.each([
    ["forgotten", { finding: found("reached") }],
    ["partly", { finding: found("partly") }],
    ["kept", { finding: found("not-forgotten") }],
    ["harmed", { finding: found("harmed") }],
    ["nothing", { finding: found("nothing-to-do") }],
    ["destroyed", { finding: found("harmed", "destroyed"), ra: 12 }],
    ["worse", { finding: found("partly", "worse-than-nothing"), gap: 41 }],
  ] as [Outcome, Partial<RunRecord>][])("is %s", (outcome, patch) => {
    const judgement = judge(original, run("ugradsl", patch), true);
    expect(judgement?.outcome).toBe(outcome);
    expect(judgement?.reason.length).toBeGreaterThan(20);
  });
  it("does not use the gap of a device that failed its self-test", () => {
    const worse = run("ga", { gap: 41, finding: found("partly", "worse-than-nothing") });
    expect(judge(original, worse, false)?.outcome).toBe("partly");
  });
  it("is not given where the library found nothing out", () => {
    expect(judge(original, run("ugradsl"), true)).toBeNull();
  });
  it("waits for the run, and is not of the original", () => {
    expect(judge(original, null, true)).toBeNull();
    expect(judge(original, original, true)).toBeNull();
  });
});
