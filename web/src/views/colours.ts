/** A colour for each class: Okabe and Ito's eight without black, and three more that differ from them in lightness. */

const colours = [
  "#e69f00",
  "#56b4e9",
  "#009e73",
  "#f0e442",
  "#0072b2",
  "#d55e00",
  "#cc79a7",
  "#999999",
  "#882255",
  "#44aa99",
];

export function classColour(label: number): string {
  return colours[label % colours.length] ?? "#999999";
}
