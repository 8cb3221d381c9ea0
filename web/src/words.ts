/** Names and numbers as text. */

export const measureKeys = ["ua", "ra", "ta", "mia"] as const;
export type MeasureName = (typeof measureKeys)[number];

const clothes = ["T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "boot"];

/** The name of a class. */
export function className(data: string, label: number): string {
  return data === "fashion-mnist-subset" ? (clothes[label] ?? String(label)) : String(label);
}

export function percent(value: number | null | undefined): string {
  return value === null || value === undefined || Number.isNaN(value) ? "–" : value.toFixed(1);
}

/** A distance with its sign, a real minus. */
export function signed(value: number, digits = 1): string {
  const text = Math.abs(value).toFixed(digits);
  return Number(text) === 0 ? `±${text}` : `${value > 0 ? "+" : "−"}${text}`;
}

/** What is forgotten, in words: "3s", "bags", "10 % of the images". */
export function forgottenName({ forget, data }: { forget: string; data: string }): string {
  if (forget.startsWith("class:")) {
    const name = className(data, Number(forget.slice(6)));
    return /[a-z]$/.test(name) && !name.endsWith("s") ? `${name}s` : /^\d$/.test(name) ? `${name}s` : name;
  }
  const share = /^random:(\d+%)$/.exec(forget)?.[1];
  if (share !== undefined) return `${share.replace("%", " %")} of the images`;
  return forget === "own" ? "your images" : "the picked images";
}
