/** The views of a run: stages of a step, and the pictures of its two numbers. */

import { render, screen, waitFor } from "@testing-library/preact";
import type { Snapshot } from "ugradsl";
import { describe, expect, it } from "vitest";

import { current, curve, labels, phase, progress, rates, settings, snapshots } from "../state";
import { BalanceBar, LabelBars } from "./label-bars";
import { SmoothedLabel } from "./smoothing";
import { StepStages } from "./stages";
import { answer } from "./testing";

const text = (id: string): string => screen.getByTestId(id).textContent;
function running(method: string, step = 12): void {
  phase.value = "running";
  progress.value = { method, step, steps: 50, millisecondsPerStep: 8.2 };
}

describe("the stages of a step", () => {
  it("are told in slow motion, with images of both sets", async () => {
    answer({ pixels: new Uint8Array(8) });
    running("ugradsl-plus");
    snapshots.value = [11, 12].map((step) => ({ step, model: `now@${step}` }) as Snapshot);
    curve.value = [
      { step: 11, retainLoss: 0.5, forgetLoss: 1 },
      { step: 12, retainLoss: 0.4, forgetLoss: 1.5 },
    ];
    render(<StepStages />);
    expect(text("stages")).toContain("One step, slowly: step 12");
    expect(text("stages")).toContain("Losses since step 11:retained: −0.100forgotten: +0.500");
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
  it("is that of the first image that is forgotten, where no class is", () => {
    settings.value = { ...settings.value, forget: "own", alpha: -1 };
    labels.value = Uint32Array.of(0, 4, 1, 3);
    render(<SmoothedLabel />);
    expect(screen.getByRole("img", { name: /for the true class 4/ })).toBeTruthy();
  });
  it("says nothing of ascent where there is none", () => {
    settings.value = { ...settings.value, method: "ft" };
    render(<SmoothedLabel />);
    expect(text("smoothing")).not.toContain("forgetting stalls");
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
