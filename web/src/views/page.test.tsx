/** The rest of the page: what can be taken away, what it says of itself, and the page as a whole. */

import { fireEvent, render, screen, waitFor } from "@testing-library/preact";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { App } from "../app";
import { probe } from "../probe";
import { about, chosenRows, current, hidden, imported, notices, phase, settings, shown, snapshots } from "../state";
import { AboutSection } from "./about";
import { Export } from "./export";
import { Honesty } from "./honesty";
import { Share } from "./share-link";
import { Teacher } from "./teacher";
import { answer, calls, distrusted, session } from "./testing";
import { theme, turn } from "./theme";
import { Tour } from "./tour";

const text = (id: string): string => screen.getByTestId(id).textContent;
const click = (id: string) => fireEvent.click(screen.getByTestId(id));
const saved: string[] = [];

beforeEach(() => {
  saved.length = 0;
  HTMLCanvasElement.prototype.getContext = vi.fn(() => null);
  HTMLAnchorElement.prototype.click = function () {
    saved.push(this.download);
  };
});

describe("taking away", () => {
  it("saves networks, reports and choices as files", async () => {
    answer({ model: new Uint8Array(4), report: "{}" });
    render(<Export />);
    for (const id of ["export-model-retrain", "export-report", "export-json", "export-recipe", "save-all"]) click(id);
    await waitFor(() => expect(saved).toHaveLength(5));
    expect(saved.toSorted()).toEqual(
      ["recipe.toml", "report.html", "report.json", "retrain-seed0", "unlearning.json"].toSorted(),
    );
    expect(calls.filter(({ name }) => name === "report")).toHaveLength(3);
  });
  it("shows the command line as text", async () => {
    answer({ report: "ugradsl compare --seeds 0" });
    render(<Export />);
    click("export-command");
    await screen.findByText("ugradsl compare --seeds 0");
  });
  it("says what failed in a notice", async () => {
    render(<Export />);
    click("export-recipe");
    await waitFor(() => expect(notices.value.at(-1)).toEqual({ kind: "fault", text: "no answer to report" }));
  });
  it("has no report of a device that failed its self-test, and no recipe of own images", () => {
    about.value = distrusted;
    current.value = { ...current.value, forget: "own" };
    render(<Export />);
    for (const id of ["export-report", "export-json", "export-recipe", "export-command"]) {
      expect(screen.getByTestId(id)).toHaveProperty("disabled", true);
    }
    expect(text("export")).toContain("no recipe can repeat this run");
  });
  it("copies a link, and says how many of many rows it has", async () => {
    const writeText = vi.fn(() => Promise.resolve());
    Object.defineProperty(navigator, "clipboard", { value: { writeText }, configurable: true });
    settings.value = { ...settings.value, forget: "ids" };
    chosenRows.value = Uint32Array.from({ length: 501 }, (_, row) => row);
    render(<Share />);
    click("share-link");
    await waitFor(() => expect(text("share-link")).toBe("link with the first 500 of 501 picked images copied"));
    expect(writeText).toHaveBeenCalledWith(expect.stringContaining("#forget=ids&method=ugradsl-plus&rows=0.1.2."));
  });
  it("loads a network, and shows its measures", async () => {
    render(<Export />);
    const file = new File(["x"], "mine.safetensors");
    fireEvent.change(screen.getByTestId("import-model"), { target: { files: [file] } });
    await waitFor(() => expect(session.importModel).toHaveBeenCalledWith(file));
    imported.value = { name: file.name, measures: { ua: 1, ra: 2, ta: 3, mia: 4 } as never };
    await waitFor(() =>
      expect(text("imported")).toBe("mine.safetensors on this data: UA 1.0, RA 2.0, TA 3.0, MIA 4.0."),
    );
  });
  it("offers the snapshot that the person went back to", () => {
    snapshots.value = [];
    expect(shown.value).toBeNull();
    render(<Export />);
    expect(screen.queryByTestId("export-snapshot")).toBeNull();
  });
});

describe("a teacher's link", () => {
  it("leaves out what is unchecked", async () => {
    render(<Teacher />);
    click("part-attack");
    click("part-trials");
    const link = screen.getByTestId("teacher-link");
    await waitFor(() => expect(link.getAttribute("href")).toContain("hide=attack%2Ctrials"));
    click("part-attack");
    await waitFor(() => expect(link.getAttribute("href")).toMatch(/hide=trials$/));
  });
});

describe("the tour", () => {
  it("waits for what the visitor does, goes forward and back, and ends where it began", async () => {
    render(<Tour />);
    click("tour-open");
    await screen.findByText("1 of 5");
    expect(text("tour-next")).toBe("Skip");
    // The page's own digit and an empty pad do not count.
    for (const nothing of [{ pixels: new Uint8Array(4), label: null, byPage: true as const }, null]) {
      probe.value = nothing;
      await new Promise((resolve) => setTimeout(resolve, 0));
      expect(text("tour-next")).toBe("Skip");
    }
    probe.value = { pixels: new Uint8Array(4), label: null };
    await waitFor(() => expect(text("tour-next")).toBe("Next"));
    click("tour-next");
    await screen.findByText("2 of 5");
    fireEvent.click(screen.getByRole("button", { name: "Back" }));
    await screen.findByText("1 of 5");
    fireEvent.click(screen.getByRole("button", { name: "Leave" }));
    await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId("tour-open")));
    expect(screen.queryByTestId("tour")).toBeNull();
  });
  it("lights its target, and blocks nothing", async () => {
    render(<App />);
    click("tour-open");
    await waitFor(() => expect(screen.getByTestId("ask").className).toContain("tour-target"));
    expect(document.querySelector("dialog")).toBeNull();
  });
  it("can be left out", () => {
    hidden.value = ["tour"];
    const { container } = render(<Tour />);
    expect(container.textContent).toBe("");
  });
});

describe("the page about itself", () => {
  it("names device, speed, data and the self-test", () => {
    about.value = distrusted;
    render(<Honesty />);
    expect(text("honesty")).toContain("Test GPU (GPU)");
    expect(text("honesty")).toContain("12.5 ms per step");
    expect(text("honesty")).toContain("SHA-256 0123456789ab…");
    expect(screen.getByTestId("selftest").getAttribute("data-passed")).toBe("false");
    expect(text("selftest")).toContain("✗ FAILED off by 3");
  });
  it("claims no guarantee", () => {
    render(<AboutSection />);
    expect(text("about")).toContain("with no formal guarantee");
    expect(screen.getByText("Label Smoothing Improves Machine Unlearning")).toBeTruthy();
  });
  it("argues with the numbers of this moment, some of which can be dragged", async () => {
    render(<AboutSection />);
    expect(text("about")).toContain("reads 99 % of 3s");
    expect(text("about")).toContain("which is 2.5 points now and was 40.0 points before");
    fireEvent.input(screen.getByTestId("inline-balance"), { target: { value: "0.6" } });
    expect(settings.value.p).toBe(0.6);
    await waitFor(() => expect(text("about")).toContain("60.0 %"));
  });
});

describe("the whole page", () => {
  it("has all panels but the hidden ones", () => {
    hidden.value = ["attack", "tour"];
    render(<App />);
    expect(screen.queryByTestId("attack")).toBeNull();
    for (const id of [
      "choose",
      "trio",
      "ask",
      "timeline",
      "verdict",
      "figures",
      "trials",
      "relearn",
      "instances",
      "embedding",
      "export",
      "honesty",
    ]) {
      expect(screen.getByTestId(id)).toBeTruthy();
    }
  });
  it("offers to start again after a failure, and distrusts a device that failed its self-test", () => {
    about.value = distrusted;
    phase.value = "failed";
    notices.value = [{ kind: "fault", text: "out of memory" }];
    render(<App />);
    expect(text("notice")).toContain("This device failed the self-test");
    expect(text("notice")).toContain("out of memory");
    click("restart");
    expect(session.start).toHaveBeenCalledOnce();
  });
  it("turns dark and light", () => {
    const before = theme.value;
    turn();
    expect(theme.value).not.toBe(before);
    expect(document.documentElement.dataset["theme"]).toBe(theme.value);
    turn();
  });
});
