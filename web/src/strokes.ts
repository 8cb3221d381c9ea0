/** Strokes of the ten digits, for a pad that draws by itself: points in a square of side 1. */

export type Stroke = readonly (readonly [x: number, y: number])[];

/** Points of a curve through an ellipse's angles in degrees, clockwise from the right. */
function arc(x: number, y: number, rx: number, ry: number, from: number, to: number): Stroke {
  const count = Math.max(2, Math.round(Math.abs(to - from) / 12));
  return Array.from({ length: count + 1 }, (_, at) => {
    const angle = ((from + ((to - from) * at) / count) * Math.PI) / 180;
    return [x + rx * Math.cos(angle), y + ry * Math.sin(angle)] as const;
  });
}

export const strokes: readonly (readonly Stroke[])[] = [
  [arc(0.5, 0.5, 0.22, 0.32, -90, -450)],
  [
    [
      [0.44, 0.3],
      [0.54, 0.18],
      [0.5, 0.82],
    ],
  ],
  [[...arc(0.48, 0.35, 0.19, 0.17, -170, 40), [0.3, 0.8], [0.72, 0.8]]],
  [[...arc(0.47, 0.335, 0.2, 0.155, -160, 90), ...arc(0.47, 0.65, 0.23, 0.165, -90, 155)]],
  [
    [
      [0.34, 0.2],
      [0.29, 0.53],
      [0.7, 0.53],
    ],
    [
      [0.64, 0.22],
      [0.58, 0.84],
    ],
  ],
  [[[0.68, 0.2], [0.38, 0.2], [0.34, 0.47], ...arc(0.47, 0.62, 0.21, 0.19, -110, 150)]],
  [[[0.62, 0.17], [0.42, 0.38], ...arc(0.49, 0.64, 0.18, 0.18, -170, -530)]],
  [
    [
      [0.29, 0.22],
      [0.7, 0.22],
      [0.45, 0.83],
    ],
  ],
  [
    [
      ...arc(0.5, 0.35, 0.16, 0.16, 90, -180),
      ...arc(0.5, 0.35, 0.16, 0.16, 180, 90),
      ...arc(0.5, 0.67, 0.19, 0.17, -90, 270),
    ],
  ],
  [[...arc(0.48, 0.37, 0.17, 0.17, 0, -360), [0.64, 0.4], [0.58, 0.83]]],
];
