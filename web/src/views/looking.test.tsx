/** The views that ask the networks: attack, relearning, single images, embedding. */

import { fireEvent, render, screen, waitFor } from "@testing-library/preact";
import type { Confidences } from "ugradsl";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { about, forgetRows, runs } from "../state";
import { AttackView } from "./attack";
import { EmbeddingView } from "./embedding";
import { InstanceView } from "./instances";
import { Plot } from "./plot";
import { Probabilities } from "./probabilities";
import { RelearnView } from "./relearn";
import { places, rowsWithin, Scatter, type Dots } from "./scatter";
import { selected } from "./selection";
import { answer, calls, distrusted, session } from "./testing";

const text = (id: string): string => screen.getByTestId(id).textContent;
const sure = (label: number) => Array.from({ length: 10 }, (_, k) => (k === label ? 0.91 : 0.01));

beforeEach(() => {
  selected.value = new Set();
  HTMLCanvasElement.prototype.getContext = vi.fn(() => null);
});

describe("the attack", () => {
  const confidences: Confidences = {
    members: Float32Array.of(0.95, 0.95, 0.5, 0.5),
    nonMembers: Float32Array.of(0.95, 0.2, 0.2, 0.2),
    forgotten: Float32Array.of(0.1, 0.1),
  };
  it("counts who is at or above the threshold", async () => {
    answer({ confidences });
    render(<AttackView />);
    await waitFor(() => expect(text("attack-tpr")).toContain("You found 0 of 2 forgotten images, with 25.0 %"));
    expect(text("attack-tpr")).toContain("Of the retained ones 50.0 %");
    // A tenth has odds of 1 to 9.
    fireEvent.input(screen.getByTestId("attack-threshold"), { target: { value: String(Math.log(1 / 9) - 0.1) } });
    await waitFor(() => expect(text("attack-tpr")).toContain("You found 2 of 2"));
    fireEvent.change(screen.getByTestId("attack").querySelector("select") as Element, { target: { value: "members" } });
    await waitFor(() => expect(screen.getByTestId("attack").querySelector("tbody td")?.textContent).not.toBe("0.000"));
    // Of 16 pairs the member is ahead in 12, and two tie: 13 / 16.
    expect(screen.getByTestId("attack").querySelector("tbody td")?.textContent).toBe("0.813");
  });
  it("asks nothing on a device that failed its self-test", () => {
    about.value = distrusted;
    render(<AttackView />);
    expect(text("attack")).toContain("No privacy figure");
    expect(calls).toEqual([]);
  });
  it("shows the worker's sentence when it fails", async () => {
    render(<AttackView />);
    await waitFor(() => expect(text("attack")).toContain("no answer to confidences"));
  });
});

describe("relearning", () => {
  const time = (steps: number | null, curve: number[]) => ({ shown: 1, level: 0.5, steps, epochs: steps, curve });
  const relearned = {
    shown: 1,
    unlearned: time(2, [0, 0.2, 0.6]),
    retrained: time(null, [0, 0.1, 0.2]),
    finding: { memory: "hidden", words: "the memory was hidden, not gone" },
  };
  it("shows how soon both networks recognise the others", async () => {
    answer({ relearn: relearned });
    render(<RelearnView />);
    fireEvent.click(screen.getByTestId("relearn-run"));
    await screen.findByRole("table");
    expect(calls).toEqual([{ name: "relearn", args: { model: "ugradsl-plus-seed0", samples: 1 } }]);
    expect(text("relearn")).toContain("The memory was hidden, not gone.");
    expect(text("relearn")).toContain("1 is enough for the unlearned network, and none is enough for the twin");
    expect(screen.getByRole("table").textContent).toContain("12more than 2");
    runs.value = runs.value.map((run) => ({ ...run, weights: `${run.weights} of another experiment` }));
    await waitFor(() => expect(screen.queryByRole("table")).toBeNull());
  });
  it("is refused where no other image is left", () => {
    forgetRows.value = Uint32Array.of(1);
    render(<RelearnView />);
    expect(screen.getByTestId("relearn-run")).toHaveProperty("disabled", true);
  });
});

describe("single images", () => {
  beforeEach(() => {
    session.call.mockImplementation((name, args) => {
      if (name === "pixels") return Promise.resolve(new Uint8Array(8));
      const { model } = args as { model: string };
      // Both images are 3s: the first is forgotten as by the twin, of the second only the twin is sure.
      const labels = model.startsWith("ugradsl") ? [8, 8] : model.startsWith("retrain") ? [8, 3] : [3, 3];
      return Promise.resolve(Float32Array.from(labels.flatMap(sure)));
    });
  });
  it("are grouped by what the twin says, and open by a click", async () => {
    render(<InstanceView />);
    await waitFor(() => expect(screen.getAllByTestId("instance")).toHaveLength(2));
    const titles = screen.getAllByRole("heading", { level: 3 }).map((one) => one.textContent.split(" ", 3).join(" "));
    expect(titles).toEqual(["Not forgotten: 0", "Forgotten: 1 the", "Overly forgotten: 1"]);
    fireEvent.click(screen.getByRole("button", { name: "Image 3, 3: the unlearned network says 8" }));
    await waitFor(() => expect(text("instance-detail")).toContain("Image 3: 3"));
    expect(text("instance-detail")).toContain("says 8 (91 % sure), wrong");
    expect([...selected.value]).toEqual([3]);
  });
  it("have the answers of all three networks", () => {
    render(<Probabilities label={3} of={{ original: sure(3), unlearned: sure(8), retrained: sure(8) }} />);
    expect(screen.getAllByText(/% sure/).map((one) => one.textContent)).toEqual([
      "says 3 (91 % sure), right",
      "says 8 (91 % sure), wrong",
      "says 8 (91 % sure), wrong",
    ]);
  });
});

const dots: Dots = {
  rows: Uint32Array.of(0, 1, 3),
  labels: Uint32Array.of(0, 3, 1, 3),
  forgotten: new Set([1, 3]),
  frame: [0, 10, 0, 10],
};
const at = Float32Array.of(0, 0, 10, 10, 5, 5);

describe("a scatter plot", () => {
  it("has the frame's corners at its own", () => {
    expect(places(dots, at)).toEqual([
      [10, 290],
      [290, 10],
      [150, 150],
    ]);
  });
  it("catches the dots between two corners, in either order", () => {
    expect(rowsWithin(dots, at, [300, 0], [100, 200])).toEqual(new Set([1, 3]));
    expect(rowsWithin(dots, at, [0, 0], [20, 20])).toEqual(new Set());
  });
  it("marks them when the pointer is released", () => {
    const mark = vi.fn();
    Element.prototype.setPointerCapture = vi.fn();
    render(<Scatter dots={dots} at={at} marked={new Set()} mark={mark} label="dots" name={String} />);
    const canvas = screen.getByRole("img", { name: "dots" });
    canvas.getBoundingClientRect = () => new DOMRect(0, 0, 300, 300);
    fireEvent.pointerDown(canvas, { clientX: 0, clientY: 300 });
    fireEvent.pointerMove(canvas, { clientX: 100, clientY: 200 });
    fireEvent.pointerUp(canvas, { clientX: 160, clientY: 140 });
    expect(mark).toHaveBeenCalledWith(new Set([0, 3]));
  });
});

describe("the embedding", () => {
  it("marks all forgotten images by its list, and unmarks them", async () => {
    answer({ embedding: Float32Array.of(0, 0, 1, 1, 2, 2, 3, 3) });
    render(<EmbeddingView />);
    fireEvent.change(await screen.findByTestId("embedding-class"), { target: { value: "forgotten" } });
    expect([...selected.value].sort()).toEqual([1, 3]);
    await screen.findByText("2 images are marked.");
    fireEvent.click(screen.getByRole("button", { name: "Unmark" }));
    expect(selected.value.size).toBe(0);
    expect(screen.getByTestId("embedding").getAttribute("data-axes")).toBe("pca");
  });
});

describe("a chart", () => {
  it("has a sentence and a key", () => {
    const line = { label: "retained", token: "--retained" };
    const props = { x: "step", y: "loss", range: [0, 1] as [number, number], label: "Last: 0.5" };
    render(<Plot data={[[0], [0.5]]} lines={[line]} {...props} />);
    expect(screen.getByRole("img", { name: "Last: 0.5" })).toBeTruthy();
    expect(screen.getByText("retained").className).toBe("key");
  });
});
