/** The page: header, the three networks, and the panels below them. */

import type { ComponentType } from "preact";

import { start } from "./session";
import { hidden, notices, phase, trusted, about } from "./state";
import { AboutSection } from "./views/about";
import { AttackView } from "./views/attack";
import { Choose } from "./views/choose";
import { Controls } from "./views/controls";
import { Curves } from "./views/curves";
import { EmbeddingView } from "./views/embedding";
import { Export } from "./views/export";
import { Honesty } from "./views/honesty";
import { InstanceView } from "./views/instances";
import { Networks } from "./views/networks";
import { RelearnView } from "./views/relearn";
import { SmoothedLabel } from "./views/smoothing";
import { StepStages } from "./views/stages";
import type { PanelName } from "./views/teacher";
import { theme, turn } from "./views/theme";
import { Tour } from "./views/tour";
import { TrialTable } from "./views/trials";

/** With the names by which a teacher's link leaves them out (`views/teacher.tsx` has their titles). */
const panels: [name: PanelName, view: ComponentType][] = [
  ["stages", StepStages],
  ["choose", Choose],
  ["curves", Curves],
  ["trials", TrialTable],
  ["smoothing", SmoothedLabel],
  ["attack", AttackView],
  ["relearn", RelearnView],
  ["instances", InstanceView],
  ["embedding", EmbeddingView],
  ["export", Export],
  ["honesty", Honesty],
  ["about", AboutSection],
];

export function App() {
  return (
    <>
      <header class="top">
        <div class="title">
          <h1>
            ugradsl <small>make a network forget, in this tab</small>
          </h1>
          <div class="row">
            <Tour />
            <button
              class="button"
              onClick={turn}
              aria-label={`Change to ${theme.value === "dark" ? "light" : "dark"} colours`}
            >
              {theme.value === "dark" ? "☀" : "☾"}
            </button>
          </div>
        </div>
        <Controls />
      </header>
      <main>
        <Networks />
        <Notices />
        {panels.map(([name, View]) => !hidden.value.includes(name) && <View key={name} />)}
      </main>
    </>
  );
}

function Notices() {
  const distrust = about.value !== null && !trusted.value;
  return (
    <div class="notices" aria-live="polite" data-testid="notice">
      {distrust && (
        <p class="alarm" data-testid="distrust">
          This device failed the self-test. No privacy figure (MIA, gap, attack) is shown.
        </p>
      )}
      {notices.value.map(({ kind, text }) => (
        <p key={text} class={kind === "info" ? "notice" : "alarm"}>
          {text}
        </p>
      ))}
      {phase.value === "failed" && (
        <button class="button primary" data-testid="restart" onClick={() => void start()}>
          Start again
        </button>
      )}
    </div>
  );
}
