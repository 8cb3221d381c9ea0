/** The first screen: its controls and keys, the three answers, time and verdict. */

import { fireEvent, render, screen, waitFor } from "@testing-library/preact";
import type { Finding, Snapshot } from "ugradsl";
import { beforeEach, describe, expect, it } from "vitest";

import { playing, slowly } from "../player";
import { answers, type Answer } from "../seen";
import { current, pace, phase, progress, rewound, runs, settings, snapshots, twinProgress } from "../state";
import { wall } from "../wall";
import { Bar } from "./bar";
import { NetworkColumn } from "./column";
import { Remark } from "./remark";
import { run, session } from "./testing";
import { Timeline } from "./timeline";
import { Verdict } from "./verdict";

const text = (id: string): string => screen.getByTestId(id).textContent;
const snapshot = (step: number, ua = 10 * step): Snapshot =>
  ({ step, model: `now@${step}`, ua, ra: 91, ta: 81, mia: 30 }) as Snapshot;
const press = (key: string, target: Element = document.body) => fireEvent.keyDown(target, { key });

function says(kind: keyof typeof answers, label: number, seen: number[] = []): void {
  const probabilities = Array.from({ length: 10 }, (_, at) => (at === label ? 0.91 : 0.01));
  answers[kind].value = { probabilities, layers: [], links: [], wall: seen, probe: {} } as unknown as Answer;
}

beforeEach(() => {
  for (const one of Object.values(answers)) one.value = null;
  wall.value = null;
  playing.value = slowly.value = false;
});

describe("the bar", () => {
  it("asks, forgets by a click, and shows it from the first step", () => {
    phase.value = "asking";
    snapshots.value = [snapshot(0)];
    render(<Bar />);
    expect(text("status")).toBe("It knows 3s. Make it forget?");
    fireEvent.click(screen.getByTestId("forget"));
    expect(session.forget).toHaveBeenCalledOnce();
    expect([rewound.value, playing.value]).toEqual([0, true]);
  });
  it("says what both workers do", async () => {
    phase.value = "running";
    runs.value = [];
    progress.value = { method: "original", step: 12, steps: 50, millisecondsPerStep: null };
    render(<Bar />);
    expect(text("status")).toBe("learning, step 12 of 50");
    progress.value = null;
    twinProgress.value = { method: "retrain", step: 9, steps: 40, millisecondsPerStep: null };
    pace.value = "pause";
    await waitFor(() => expect(text("status")).toBe("paused: the twin learns without 3s, step 9 of 40"));
  });
  it("speaks to screen readers once per phase, not per step", async () => {
    phase.value = "running";
    render(<Bar />);
    const before = text("spoken");
    progress.value = { method: "original", step: 12, steps: 50, millisecondsPerStep: null };
    await waitFor(() => expect(text("status")).toContain("12"));
    expect(text("spoken")).toBe(before);
  });
  it("shows forgetting again without computing anything", () => {
    snapshots.value = [0, 1, 2].map((step) => snapshot(step));
    render(<Bar />);
    fireEvent.click(screen.getByTestId("forget"));
    expect([rewound.value, playing.value]).toEqual([0, true]);
    expect(session.begin).not.toHaveBeenCalled();
    expect(session.start).not.toHaveBeenCalled();
  });
});

describe("the keys", () => {
  beforeEach(() => {
    snapshots.value = [0, 1, 2].map((step) => snapshot(step));
  });
  it("go step by step, forward and back", () => {
    rewound.value = 0;
    render(<Bar />);
    press(".");
    expect(rewound.value).toBe(1);
    press(",");
    expect(rewound.value).toBe(0);
  });
  it("work after a click on a button, which has the focus then", () => {
    phase.value = "running";
    render(<Bar />);
    const button = screen.getByTestId("slow");
    button.focus();
    press("s", button);
    expect(slowly.value).toBe(true);
    // Space presses a button that was reached by the keyboard, and belongs to the page after a click.
    press(" ", button);
    expect(session.setPace).not.toHaveBeenCalled();
    fireEvent.pointerDown(button);
    press(" ", button);
    expect(session.setPace).toHaveBeenCalledWith("pause");
    press("r", button);
    expect(session.start).toHaveBeenCalledOnce();
  });
  it("are left to fields, and to other commands of the browser", () => {
    const { container } = render(<Bar />);
    const field = container.appendChild(document.createElement("select"));
    press("r", field);
    fireEvent.keyDown(document.body, { key: "r", ctrlKey: true });
    expect(session.start).not.toHaveBeenCalled();
  });
  it("choose a class by its digit", () => {
    render(<Bar />);
    press("8");
    expect(settings.value.forget).toBe("class:8");
  });
  it("pause and continue the computation", () => {
    phase.value = "running";
    snapshots.value = [];
    render(<Bar />);
    press(" ");
    expect(session.setPace).toHaveBeenLastCalledWith("pause");
    pace.value = "pause";
    press(" ");
    expect(session.setPace).toHaveBeenLastCalledWith("play");
  });
});

describe("a network", () => {
  it("says what it takes the drawing for, and how sure it is", () => {
    says("unlearned", 8);
    render(<NetworkColumn kind="unlearned" />);
    expect(text("says-unlearned")).toBe("8");
    expect(text("column-unlearned")).toContain("91 % sure");
    expect(screen.getByTestId("answers-unlearned").getAttribute("aria-label")).toContain("8 91 %");
  });
  it("tells which images of the wall it reads", () => {
    wall.value = { pixels: new Uint8Array(8), labels: [3, 3], area: 4 };
    says("original", 3, [3, 8]);
    HTMLCanvasElement.prototype.getContext = (() => null) as never;
    class Flat {
      getContext(): null {
        return null;
      }
    }
    globalThis.OffscreenCanvas = Flat as never;
    render(<NetworkColumn kind="original" />);
    expect(screen.getByTestId("wall-original").getAttribute("aria-label")).toContain("3: 1 of 2");
  });
  it("follows the time that is shown", async () => {
    snapshots.value = [snapshot(0), snapshot(4)];
    rewound.value = 1;
    render(<NetworkColumn kind="unlearned" />);
    expect(text("column-unlearned")).toContain("forgetting, step 4");
    expect(text("column-unlearned")).toContain("60 %");
    rewound.value = null;
    await waitFor(() => expect(text("column-unlearned")).toContain("made to forget 3s"));
  });
});

describe("the remark", () => {
  it("notices when the middle network answers like the twin", async () => {
    snapshots.value = [snapshot(0), snapshot(1)];
    says("original", 3);
    says("unlearned", 3);
    says("retrained", 8);
    render(<Remark />);
    expect(text("remark")).toContain("still sees the 3");
    says("unlearned", 8);
    await waitFor(() => expect(text("remark")).toContain("says 8, exactly like the twin that never saw a 3"));
    says("unlearned", 5);
    await waitFor(() => expect(text("remark")).toContain("has lost the 3 and says 5; the twin says 8"));
  });
});

describe("time", () => {
  it("takes everything back, and forward again", () => {
    snapshots.value = [0, 1, 2].map((step) => snapshot(step));
    render(<Timeline />);
    const slider = screen.getByTestId("rewind");
    fireEvent.input(slider, { target: { value: "1" } });
    expect(rewound.value).toBe(1);
    fireEvent.input(slider, { target: { value: "2" } });
    expect(rewound.value).toBeNull();
    expect(slider.getAttribute("aria-valuetext")).toContain("% of 3s");
  });
  it("shows how far both networks are before there is anything to go back to", () => {
    runs.value = [run("original")];
    twinProgress.value = { method: "retrain", step: 9, steps: 40, millisecondsPerStep: null };
    render(<Timeline />);
    expect(text("timeline")).toContain("The originaldone");
    expect(text("timeline")).toContain("step 9 of 40");
  });
});

describe("the verdict", () => {
  const ended = (patch: object, verdict = "reached", remark?: Finding["remark"]) => {
    const finding = { verdict, words: "2 of 2 rows", remark } as Finding;
    runs.value = [
      run("original", { gap: 40 }),
      run("retrain", { gap: null }),
      run("ugradsl-plus", { finding, ...patch }),
    ];
  };
  it("is in words, with what it cost", () => {
    ended({ steps: 40 });
    render(<Verdict />);
    expect(screen.getByTestId("outcome").dataset["outcome"]).toBe("forgotten");
    expect(text("reason")).toContain("It is 1.0 points from the twin");
  });
  it("calls a destroyed network by its name, and says why", () => {
    ended({ ra: 12 }, "harmed", "destroyed");
    render(<Verdict />);
    expect(text("outcome")).toBe("The network is destroyed");
    expect(text("reason")).toContain("more is not better");
  });
  it("says nothing that the library did not find out, and that a failure ended it", async () => {
    runs.value = [run("original", { gap: 40 }), run("retrain", { gap: null }), run("ugradsl-plus", { steps: 4 })];
    render(<Verdict />);
    expect(screen.queryByTestId("outcome")).toBeNull();
    expect(text("verdict")).toContain("Done");
    phase.value = "failed";
    await waitFor(() => expect(text("verdict")).toContain("Stopped"));
  });
  it("warns of over-forgetting", () => {
    ended({ ua: 70 });
    runs.value = runs.value.map((one) => (one.method === "retrain" ? { ...one, ua: 60 } : one));
    render(<Verdict />);
    expect(text("over-forgetting")).toContain("more is not better");
  });
  it("says nothing of the end beside an earlier step", () => {
    ended({});
    snapshots.value = [snapshot(0), snapshot(1)];
    rewound.value = 0;
    render(<Verdict />);
    expect(screen.queryByTestId("outcome")).toBeNull();
  });
  it("says what forgetting 1 class means before it begins", () => {
    phase.value = "asking";
    current.value = { ...current.value, forget: "class:7" };
    render(<Verdict />);
    expect(text("verdict")).toContain("It knows 7s. Make it forget?");
  });
});
