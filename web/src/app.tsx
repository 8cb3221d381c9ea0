/** The page: the first screen, and below it everything that explains it, measures it or is taken home from it. */

import type { ComponentType } from "preact";

import { hidden } from "./state";
import { AboutSection } from "./views/about";
import { AttackView } from "./views/attack";
import { EmbeddingView } from "./views/embedding";
import { Export } from "./views/export";
import { Honesty } from "./views/honesty";
import { InstanceView } from "./views/instances";
import { Networks } from "./views/networks";
import { RelearnView } from "./views/relearn";
import { SmoothedLabel } from "./views/smoothing";
import { Stage } from "./views/stage";
import { StepStages } from "./views/stages";
import type { PanelName } from "./views/teacher";
import { TrialTable } from "./views/trials";

/** With the names by which a teacher's link leaves them out (`views/teacher.tsx` has their titles). */
const panels: [name: PanelName, view: ComponentType][] = [
  ["about", AboutSection],
  ["numbers", Networks],
  ["trials", TrialTable],
  ["stages", StepStages],
  ["smoothing", SmoothedLabel],
  ["attack", AttackView],
  ["relearn", RelearnView],
  ["instances", InstanceView],
  ["embedding", EmbeddingView],
  ["export", Export],
  ["honesty", Honesty],
];

export function App() {
  return (
    <>
      <Stage />
      <div class="below">{panels.map(([name, View]) => !hidden.value.includes(name) && <View key={name} />)}</div>
    </>
  );
}
