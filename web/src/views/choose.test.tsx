/** What to forget, by which method, and by whose images. */

import { fireEvent, render, screen, waitFor } from "@testing-library/preact";
import { describe, expect, it, vi } from "vitest";

import { said } from "../own-images";
import { probe } from "../probe";
import { chosenRows, labels, notices, ownImages, phase, settings } from "../state";
import { Choose } from "./choose";
import { ClassSelect } from "./class-select";
import { Digit } from "./digit";
import { MakeOwn } from "./own";
import { answer, calls, session } from "./testing";

const click = (id: string) => fireEvent.click(screen.getByTestId(id));
const input = (id: string): HTMLInputElement => screen.getByTestId(id);
const pixels = (rows: number) => Uint8Array.from({ length: 4 * rows }, (_, at) => at);

/** Waits until choices that came together have had their effect. */
const begun = (times = 1) => waitFor(() => expect(session.begin).toHaveBeenCalledTimes(times), { timeout: 2000 });

describe("choosing", () => {
  it("takes a class, and begins at once", async () => {
    render(<Choose />);
    click("choose-class-7");
    expect(settings.value.forget).toBe("class:7");
    await begun();
  });
  it("takes a share as it is first shown, and that of the slider", async () => {
    render(<Choose />);
    click("way-random");
    expect(settings.value.forget).toBe("random:10%");
    await begun();
    fireEvent.input(screen.getByTestId("share"), { target: { value: "24" } });
    fireEvent.input(screen.getByTestId("share"), { target: { value: "25" } });
    expect(settings.value.forget).toBe("random:25%");
    await begun(2);
  });
  it("takes picked images, and nothing before one is picked", async () => {
    labels.value = Uint32Array.of(3, 1, 3, 3);
    answer({ pixels: pixels(3) });
    render(<Choose />);
    click("way-ids");
    expect(settings.value.forget).toBe("class:3");
    const thumbs = screen.getAllByTestId("pick");
    expect(thumbs).toHaveLength(3);
    for (const at of [2, 0]) fireEvent.click(thumbs[at] as HTMLElement);
    expect([...chosenRows.value]).toEqual([0, 3]);
    expect(settings.value.forget).toBe("ids");
    await begun();
    await waitFor(() => expect(screen.getByRole("button", { name: "Clear" })).toHaveProperty("disabled", false));
    fireEvent.click(screen.getByRole("button", { name: "Clear" }));
    expect(chosenRows.value).toHaveLength(0);
    expect(
      calls.some(({ name, args }) => name === "pixels" && String((args as { rows: unknown }).rows) === "0,2,3"),
    ).toBe(true);
  });
  it("begins nothing itself while the device is being opened", async () => {
    phase.value = "opening";
    render(<Choose />);
    click("choose-class-7");
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(session.begin).not.toHaveBeenCalled();
  });
  it("shows notices beside the choices, until they are dismissed", async () => {
    notices.value = [{ kind: "fault", text: "row 99999 is not there" }];
    render(<Choose />);
    fireEvent.click(screen.getByRole("button", { name: "Dismiss: row 99999 is not there" }));
    await waitFor(() => expect(screen.getByTestId("notice").textContent).toBe(""));
  });
});

describe("own images", () => {
  it("are listed, and can be taken back", () => {
    ownImages.value = [{ pixels: pixels(1), label: 7 }];
    HTMLCanvasElement.prototype.getContext = vi.fn(() => null);
    render(<Choose />);
    click("way-own");
    expect(settings.value.forget).toBe("own");
    expect(screen.getByTestId("draw-list").querySelectorAll("canvas")).toHaveLength(1);
    fireEvent.click(screen.getByRole("button", { name: "Take image 1, a 7, back" }));
    expect(session.removeOwn).toHaveBeenCalledWith(0);
  });
  it("are what the networks are asked about: an empty pad is not added", async () => {
    probe.value = null;
    render(<MakeOwn />);
    click("draw-add");
    await waitFor(() => expect(said.value).toEqual(["The pad is empty: draw something first."]));
    expect(session.addOwn).not.toHaveBeenCalled();
    probe.value = { pixels: pixels(1), label: null };
    click("draw-add");
    await waitFor(() => expect(session.addOwn).toHaveBeenCalledWith([{ pixels: pixels(1), label: 3 }]));
    expect(settings.value.forget).toBe("own");
  });
  it("can be dropped anywhere: the page says what it could not read", async () => {
    render(<Choose />);
    const drop = new Event("drop", { bubbles: true, cancelable: true });
    const files = [new File(["seven"], "notes.txt", { type: "text/plain" })];
    Object.assign(drop, { dataTransfer: { types: ["Files"], items: [], files } });
    fireEvent(document.body, drop);
    expect(drop.defaultPrevented).toBe(true);
    await waitFor(() => expect(screen.getByTestId("draw-said").textContent).toContain("can read: notes.txt"));
    expect(screen.getByTestId("way-own").getAttribute("aria-pressed")).toBe("true");
  });
});

describe("the method", () => {
  it("has the numbers that its defaults have", async () => {
    render(<Choose />);
    expect(input("balance").value).toBe("0.8");
    expect(screen.queryByTestId("alpha")).toBeTruthy();
    fireEvent.change(screen.getByTestId("method"), { target: { value: "neggrad-plus" } });
    await waitFor(() => expect(screen.queryByTestId("alpha")).toBeNull());
    expect(screen.queryByTestId("balance")).toBeTruthy();
    fireEvent.change(screen.getByTestId("method"), { target: { value: "ga" } });
    await waitFor(() => expect(screen.queryByTestId("balance")).toBeNull());
    expect(screen.getByTestId("method-line").textContent).toContain("Gradient ascent gets worse");
    await begun();
  });
  it("takes a rate, or leaves it to the method", async () => {
    render(<Choose />);
    fireEvent.input(input("alpha"), { target: { value: "-1.2" } });
    expect(settings.value.alpha).toBeCloseTo(-1.2);
    fireEvent.click(await screen.findByTestId("adaptive"));
    expect(settings.value.alpha).toBeNull();
  });
});

describe("the experiment", () => {
  it.each([
    ["seed", "3", 3],
    ["seed", "-4", 0],
    ["seed", "9e9", 1e9],
    ["size", "50", 200],
    ["size", "9000", 4000],
    ["network", "mlp", "mlp"],
  ] as const)("takes %s %s as %s", (name, typed, taken) => {
    render(<Choose />);
    fireEvent.change(input(name), { target: { value: typed } });
    expect(settings.value[name]).toBe(taken);
  });
  it("loads other images at once", () => {
    render(<Choose />);
    fireEvent.change(screen.getByTestId("data"), { target: { value: "fashion-mnist-subset" } });
    expect(settings.value.data).toBe("fashion-mnist-subset");
    expect(session.load).toHaveBeenCalledOnce();
  });
});

describe("a list of classes", () => {
  it("has the names of the data set", () => {
    settings.value = { ...settings.value, data: "fashion-mnist-subset" };
    const choose = vi.fn();
    render(<ClassSelect title="It is a" value={9} choose={choose} testId="class" />);
    expect(screen.getByRole("option", { name: "boot" })).toHaveProperty("value", "9");
    fireEvent.change(screen.getByTestId("class"), { target: { value: "8" } });
    expect(choose).toHaveBeenCalledWith(8);
  });
});

describe("an image", () => {
  it("is an image to screen readers only if it has a label", () => {
    const { container } = render(<Digit pixels={pixels(1)} />);
    expect(container.querySelector("canvas")?.getAttribute("aria-hidden")).toBe("true");
    render(<Digit pixels={pixels(1)} label="own 7" />);
    expect(screen.getByRole("img", { name: "own 7" })).toHaveProperty("width", 2);
  });
});
