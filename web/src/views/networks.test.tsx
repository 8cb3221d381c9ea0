/** The figures: three networks, their measures that explain themselves, the table of trials. */

import { fireEvent, render, screen, within } from "@testing-library/preact";
import type { Snapshot } from "ugradsl";
import { describe, expect, it, vi } from "vitest";

import { about, chosenRows, forgetRows, labels, rewound, settings, snapshots, trials } from "../state";
import { questionKey, settingsKey } from "../trials";
import { MetricName } from "./metric";
import { Networks } from "./networks";
import { distrusted, run, session } from "./testing";
import { TrialTable } from "./trials";

const text = (id: string): string => screen.getByTestId(id).textContent;
const snapshot = (step: number): Snapshot =>
  ({ step, model: `now@${step}`, ua: 40, ra: 91, ta: 81, mia: 30 }) as Snapshot;

describe("the three networks", () => {
  it("show each measure with its distance to the twin", () => {
    render(<Networks />);
    expect(text("unlearned-ua")).toBe("97.0 % (−3.0)");
    expect(text("retrained-ua")).toBe("100.0 %");
    expect(text("unlearned-gap")).toBe("2.5");
  });
  it("show a snapshot that the person went back to, without a gap", () => {
    snapshots.value = [snapshot(10), snapshot(20)];
    rewound.value = 0;
    render(<Networks />);
    expect(text("network-unlearned")).toContain("after 10 steps, measured on a sample");
    expect(text("unlearned-ua")).toBe("40.0 % (−60.0)");
    expect(screen.queryByTestId("unlearned-gap")).toBeNull();
  });
  it("hide the attack and the gap on a device that failed its self-test", () => {
    about.value = distrusted;
    render(<Networks />);
    expect(text("unlearned-mia")).toBe("– %");
    expect(text("unlearned-gap")).toBe("–");
    expect(text("unlearned-ua")).toContain("97.0");
  });
});

describe("the name of a measure", () => {
  it("opens a card with the formula and the current numbers", () => {
    const open = vi.fn();
    HTMLElement.prototype.showPopover = open;
    render(<MetricName name="ua" />);
    fireEvent.click(screen.getByRole("button", { name: "UA" }));
    expect(open).toHaveBeenCalledOnce();
    const card = screen.getByRole("note", { hidden: true }).textContent;
    expect(card).toContain("UA = 100 − accuracy on the forgotten images");
    expect(card).toContain("unlearned: 100 − 3.0 = 97.0 %");
  });
  it("shows the gap of the library, and no privacy figure without trust", () => {
    const { rerender } = render(<MetricName name="gap" />);
    expect(screen.getByRole("note", { hidden: true }).textContent).toContain("÷ 4 = 2.5");
    about.value = distrusted;
    rerender(<MetricName name="gap" />);
    expect(screen.getByRole("note", { hidden: true }).textContent).toContain("unlearned: not shown");
  });
});

describe("the table of trials", () => {
  const remember = (method: string, gap: number, patch = {}) => {
    const chosen = { ...settings.value, method, ...patch };
    const question = questionKey(chosen, forgetRows.value, labels.value.length);
    const answer = settingsKey(chosen, {});
    trials.value = [...trials.value, { question, answer, settings: chosen, run: run(method, { gap }) }];
  };
  it("has the closest method first, and shows another one again by a click", () => {
    remember("ga", 9);
    remember("ugradsl-plus", 2.5);
    render(<TrialTable />);
    const rows = screen.getAllByRole("row").slice(1);
    expect(rows.map((row) => within(row).getByRole("rowheader").textContent.trim())).toEqual([
      "UGradSL+",
      "Gradient ascent",
    ]);
    expect(screen.getByRole("button", { name: /^shown: UGradSL\+/ })).toHaveProperty("disabled", true);
    fireEvent.click(screen.getByRole("button", { name: /^Show: Gradient ascent/ }));
    expect(settings.value.method).toBe("ga");
    expect(session.begin).toHaveBeenCalledOnce();
    expect(chosenRows.value).toHaveLength(0);
  });
  it("leaves out trials of other questions", () => {
    remember("ga", 9, { seed: 4 });
    render(<TrialTable />);
    expect(screen.getByTestId("trials").textContent).toContain("gets a row here");
  });
});
