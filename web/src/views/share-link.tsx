/** A link to what is seen: the choices, whether it forgot, and the step that is shown. */

import { useSignal } from "@preact/signals";

import { hash } from "../choices";
import { ROWS } from "../share";
import { chosenRows, current, settings } from "../state";

/** The address of the page as it is now. */
export const address = (): string => `${location.href.split("#")[0] ?? ""}#${hash()}`;

export function Share() {
  const said = useSignal("");
  const left = chosenRows.value.length - ROWS;
  const partial = settings.value.forget === "ids" && left > 0;
  const lacks =
    current.value.forget === "own"
      ? " without your images"
      : partial
        ? ` with the first ${ROWS} of ${chosenRows.value.length} picked images`
        : "";
  const copy = async () => {
    history.replaceState(null, "", address());
    said.value = await navigator.clipboard.writeText(address()).then(
      () => `link${lacks} copied`,
      () => `the link${lacks} is in the address bar`,
    );
    setTimeout(() => (said.value = ""), 4000);
  };
  return (
    <>
      <button class="button" data-testid="share-link" onClick={() => void copy()}>
        {said.value === "" ? "Share" : said.value}
      </button>
      <span class="visually-hidden" role="status">
        {said.value}
      </span>
    </>
  );
}
