/** One image of the data set, drawn pixel by pixel. */

import { useEffect, useRef } from "preact/hooks";

import { paint } from "../image";

export interface DigitProps {
  /** Grey values, side * side of them. */
  pixels: Uint8Array;
  /** Width and height on the page. */
  size?: number;
  label?: string;
}

export function Digit({ pixels, size = 42, label }: DigitProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const side = Math.round(Math.sqrt(pixels.length));
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context || side === 0) return;
    paint(context, pixels, side);
  }, [pixels, side]);
  const shape = { class: "digit", width: side, height: side, style: { width: `${size}px`, height: `${size}px` } };
  // Without a label it stands beside a word that says the same.
  if (label === undefined) return <canvas ref={canvas} aria-hidden="true" {...shape} />;
  return <canvas ref={canvas} role="img" aria-label={label} {...shape} />;
}
