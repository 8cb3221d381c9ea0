/** The first screen: what to forget, the three networks, the pad, and below them time and verdict. */

import { kinds } from "../kinds";
import { Ask } from "./ask";
import { Bar } from "./bar";
import { Choose } from "./choose";
import { NetworkColumn } from "./column";
import { Race } from "./race";
import { Timeline } from "./timeline";
import { Verdict } from "./verdict";

export function Stage() {
  return (
    <div class="stage">
      <Bar />
      <main class="board">
        <Choose />
        <section class="trio" aria-label="The three networks" data-testid="trio" tabIndex={0}>
          {kinds.map((kind) => (
            <NetworkColumn key={kind} kind={kind} />
          ))}
        </section>
        <Ask />
        <Timeline />
        <Race />
        <Verdict />
      </main>
    </div>
  );
}
