/** The class of an image, and the summary of a mixed set of files. */

import { describe, expect, it } from "vitest";

import { classOf, dropped, enumerate, sort, summary, type Incoming } from "./drop";

const digits = Array.from({ length: 10 }, (_, label) => String(label));
const clothes = ["T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot"];
const file = (path: string, type: string): Incoming => ({
  path,
  file: new File([], path.split("/").at(-1) ?? "", { type }),
});

describe("the class of an image", () => {
  it.each([
    ["7-foo.png", 7],
    ["7_foo.png", 7],
    ["7 foo.png", 7],
    ["mnist/training/4/1234.png", 4],
    // The folder counts more than the name: files in it may be numbered.
    ["4/7-foo.png", 4],
    ["4/sheet/one.png", 4],
    ["7.png", null],
    ["17-foo.png", null],
    ["foo-7.png", null],
    ["12/foo.png", null],
    ["", null],
  ])("%s is %s", (path, label) => expect(classOf(path, digits)).toBe(label));
  it("goes by names too, in any case", () => {
    expect(classOf("Boot/x.png", clothes)).toBe(9);
    expect(classOf("t-shirt_3.png", clothes)).toBe(0);
    expect(classOf("shirt-3.png", clothes)).toBe(6);
    expect(classOf("8_x.png", clothes)).toBe(8);
    expect(classOf("bagpipe.png", clothes)).toBeNull();
  });
});

describe("a set of files", () => {
  it("is sorted into images and others, without hidden files", () => {
    const { images, others } = sort([
      file("a/7.png", "image/png"),
      file("a/notes.txt", "text/plain"),
      file("a/.DS_Store", ""),
    ]);
    expect(images.map(({ path }) => path)).toEqual(["a/7.png"]);
    expect(others).toEqual(["a/notes.txt"]);
  });
  it("is summed up in words", () => {
    expect(summary([7, 3, 7], digits)).toBe("3 images joined: 1 as 3, 2 as 7.");
    expect(summary([9], clothes)).toBe("1 image joined: 1 as boot.");
    expect(enumerate(["a", "b"])).toBe("a, b");
    expect(enumerate(["a", "b", "c", "d", "e", "f"])).toBe("a, b, c, d and 2 more");
  });
});

describe("a dropped folder", () => {
  const entry = (path: string) => ({
    isFile: true,
    isDirectory: false,
    fullPath: path,
    file: (give: (file: File) => void) => give(new File([], path)),
  });
  const folder = (path: string, ...inside: unknown[]) => ({
    isFile: false,
    isDirectory: true,
    fullPath: path,
    createReader: () => {
      const left = [...inside];
      // One at a time, as a browser does with large folders.
      return { readEntries: (give: (entries: unknown[]) => void) => give(left.splice(0, 1)) };
    },
  });
  it("is read to its depths", async () => {
    const top = folder("/d", folder("/d/7", entry("/d/7/a.png"), entry("/d/7/b.png")), entry("/d/c.png"));
    const transfer = { items: [{ webkitGetAsEntry: () => top }, { webkitGetAsEntry: () => null }], files: [] };
    const found = await dropped(transfer as unknown as DataTransfer);
    expect(found.map(({ path }) => path)).toEqual(["d/7/a.png", "d/7/b.png", "d/c.png"]);
  });
  it("may be a picture without a path", async () => {
    const transfer = { items: [{ webkitGetAsEntry: () => null }], files: [new File([], "x.png")] };
    expect((await dropped(transfer as unknown as DataTransfer)).map(({ path }) => path)).toEqual(["x.png"]);
  });
});
