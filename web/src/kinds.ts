/** The three networks that the page compares. */

export const kinds = ["original", "unlearned", "retrained"] as const;
export type Kind = (typeof kinds)[number];
export const kindNames: Record<Kind, string> = { original: "Original", unlearned: "Unlearned", retrained: "Retrained" };
