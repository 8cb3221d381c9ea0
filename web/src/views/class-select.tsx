/** A class to choose from a list, by the name that the data set gives it. */

import { classCount, settings } from "../state";
import { className } from "../words";

export interface ClassSelectProps {
  title: string;
  value: number;
  choose: (label: number) => void;
  testId: string;
}

export function ClassSelect({ title, value, choose, testId }: ClassSelectProps) {
  const classes = classCount.value;
  return (
    <label>
      {title}
      <select value={value} data-testid={testId} onChange={(event) => choose(Number(event.currentTarget.value))}>
        {Array.from({ length: classes }, (_, label) => (
          <option key={label} value={label}>
            {className(settings.value.data, label)}
          </option>
        ))}
      </select>
    </label>
  );
}
