/** What the views use of a browser and happy-dom does not have, and a page as it is at first for each test. */

import { cleanup } from "@testing-library/preact";
import { afterEach, beforeEach, vi } from "vitest";

import { resetPage } from "./testing";

/** Everything is in sight at once. */
class EverythingVisible {
  readonly #tell: (entries: { isIntersecting: boolean }[]) => void;
  constructor(tell: (entries: { isIntersecting: boolean }[]) => void) {
    this.#tell = tell;
  }
  observe(): void {
    this.#tell([{ isIntersecting: true }]);
  }
  disconnect(): void {
    /* Nothing is observed. */
  }
}
vi.stubGlobal("IntersectionObserver", EverythingVisible);
vi.stubGlobal(
  "ResizeObserver",
  class NoSize {
    observe(): void {
      /* Nothing has a size. */
    }
    disconnect(): void {
      /* Nothing is observed. */
    }
  },
);

// Charts draw on a canvas, which a document without pixels does not have.
vi.mock("uplot", () => ({
  default: class FakePlot {
    setData(): void {
      /* Nothing is drawn. */
    }
    redraw(): void {
      /* Nothing is drawn. */
    }
    setSize(): void {
      /* Nothing is drawn. */
    }
    destroy(): void {
      /* Nothing is drawn. */
    }
  },
}));
vi.mock("uplot/dist/uPlot.min.css", () => ({}));

// No worker: views get their answers from the test.
vi.mock("../commands", async () => {
  const { call, setPace } = (await import("./testing")).session;
  return {
    call,
    setPace,
    attempt: (work: () => Promise<void>) =>
      work().then(
        () => true,
        () => false,
      ),
  };
});
vi.mock("../workers", async () => {
  const { call } = (await import("./testing")).session;
  return { callOn: (_: string, name: never, args: unknown) => call(name, args) };
});
vi.mock("../session", async () => (await import("./testing")).session);

beforeEach(resetPage);
afterEach(cleanup);
