/** The sliders of the method's two numbers, which the controls and the argument both have. */

import { slide } from "../act";

interface SliderProps {
  /** Null while the rate is self-adaptive. */
  value: number | null;
  testId: string;
  /** For screen readers, where the slider has no words of its own. */
  label?: string;
}

/** Where the slider stands while the rate is self-adaptive. */
const ADAPTIVE = -0.5;

export function RateSlider({ value, testId, label }: SliderProps) {
  return (
    <input
      type="range"
      min={-2}
      max={0.5}
      step={0.1}
      value={value ?? ADAPTIVE}
      aria-label={label}
      data-testid={testId}
      onInput={(event) => slide({ alpha: event.currentTarget.valueAsNumber })}
    />
  );
}

export function BalanceSlider({ value, testId, label }: SliderProps & { value: number }) {
  return (
    <input
      type="range"
      min={0.5}
      max={1}
      step={0.005}
      value={value}
      aria-label={label}
      data-testid={testId}
      onInput={(event) => slide({ p: event.currentTarget.valueAsNumber })}
    />
  );
}
