/** The views of a run: controls, curves, stages of a step, and the pictures of its two numbers. */

import { fireEvent, render, screen, waitFor } from "@testing-library/preact";
import type { Snapshot } from "ugradsl";
import { describe, expect, it } from "vitest";

import { current, curve, pace, phase, progress, rates, rewound, settings, snapshots } from "../state";
import { Controls } from "./controls";
import { Curves } from "./curves";
import { BalanceBar, LabelBars } from "./label-bars";
import { SmoothedLabel } from "./smoothing";
import { StepStages } from "./stages";
import { answer, session } from "./testing";

const text = (id: string): string => screen.getByTestId(id).textContent;
function running(method: string, step = 12): void {
  phase.value = "running";
  progress.value = { method, step, steps: 50, millisecondsPerStep: 8.2 };
}

describe("the controls", () => {
  it("answer the question of the page when all is done", () => {
    render(<Controls />);
    expect(text("status")).toBe("Done: the unlearned network is 2.5 points from its twin, the original is 40.0.");
  });
  it("pause and step by buttons", () => {
    running("ugradsl-plus");
    render(<Controls />);
    expect(text("status")).toBe("Forgetting by UGradSL+: step 12 of 50");
    fireEvent.click(screen.getByTestId("pause"));
    fireEvent.click(screen.getByTestId("step"));
    fireEvent.click(screen.getByTestId("slow"));
    expect(session.setPace.mock.calls).toEqual([["pause"], ["step"], ["slow"]]);
  });
  it("obey keys, but not while a field has the focus", () => {
    running("retrain");
    pace.value = "pause";
    const { container } = render(<Controls />);
    expect(text("status")).toContain("Retraining the twin without the forget set (paused)");
    for (const key of [" ", ".", "s", "r", "x"]) fireEvent.keyDown(document.body, { key });
    const field = container.appendChild(document.createElement("input"));
    fireEvent.keyDown(field, { key: "r" });
    fireEvent.keyDown(document.body, { key: "r", ctrlKey: true });
    expect(session.setPace.mock.calls).toEqual([["play"], ["step"], ["slow"]]);
    expect(session.start).toHaveBeenCalledOnce();
  });
});

describe("the curves", () => {
  it("say their last values, and go back to a snapshot", () => {
    curve.value = [{ step: 10, retainLoss: 0.25, forgetLoss: null }];
    snapshots.value = [10, 20].map((step) => ({ step, ua: 1, ra: 2, ta: 3, mia: 4 }) as Snapshot);
    render(<Curves />);
    expect(screen.getByRole("img", { name: "Last: retain set 0.250, forget set none" })).toBeTruthy();
    expect(screen.getByRole("img", { name: "UA 1.0, RA 2.0, TA 3.0, MIA 4.0" })).toBeTruthy();
    fireEvent.input(screen.getByTestId("rewind"), { target: { value: "1" } });
    expect(rewound.value).toBe(1);
    fireEvent.input(screen.getByTestId("rewind"), { target: { value: "2" } });
    expect(rewound.value).toBeNull();
  });
});

describe("the stages of a step", () => {
  it("are told in slow motion, with images of both sets", async () => {
    answer({ pixels: new Uint8Array(8) });
    running("ugradsl-plus");
    pace.value = "slow";
    curve.value = [
      { step: 11, retainLoss: 0.5, forgetLoss: 1 },
      { step: 12, retainLoss: 0.4, forgetLoss: 1.5 },
    ];
    render(<StepStages />);
    expect(text("stages")).toContain("One step, slowly: step 12");
    expect(text("stages")).toContain("retained: −0.100forgotten: +0.500");
    await waitFor(() => expect(screen.getByTestId("stages").querySelectorAll("canvas")).toHaveLength(4));
  });
  it("are not told of a method that works in another way", () => {
    current.value = { ...current.value, method: "ga" };
    render(<StepStages />);
    expect(text("stages")).toContain("Gradient ascent works in another way");
  });
});

describe("the smoothed label", () => {
  it("has bars for the rate of the slider", () => {
    settings.value = { ...settings.value, alpha: -1 };
    render(<SmoothedLabel />);
    const label = "Smoothed label: 1.90 for the true class 3, -0.10 for each other class.";
    expect(screen.getByRole("img", { name: label })).toBeTruthy();
    expect(text("smoothing")).toContain("p = 0.80");
  });
  it("waits for the first rates of a self-adaptive method", async () => {
    render(<SmoothedLabel />);
    expect(text("smoothing")).toContain("after the first epoch");
    rates.value = { mean: -0.3, bins: [0, 0, 0, 0, 0, 1, 2, 1, 0, 0], zeros: 0 };
    await waitFor(() => expect(text("smoothing")).toContain("α = -0.30 on average"));
    expect(text("smoothing")).toContain("between -0.5 and -0.2");
  });
  it("is plain for a method without a rate", () => {
    settings.value = { ...settings.value, method: "ga", alpha: -1 };
    render(<SmoothedLabel />);
    expect(text("smoothing")).toContain("(this method does not smooth)");
    expect(text("smoothing")).toContain("p = 0.00");
  });
  it("shows negative values below the line, and names of clothes", () => {
    const { container } = render(<LabelBars target={[1.5, -0.5]} label={0} data="fashion-mnist-subset" />);
    expect(container.querySelector("rect.below")).toBeTruthy();
    expect(container.textContent).toContain("T-shi");
  });
  it("says the balance in words", () => {
    render(<BalanceBar p={0.9} />);
    expect(screen.getByRole("img", { name: "Balance: 90 % descent, 10 % ascent" })).toBeTruthy();
  });
});
