/** Images that the person draws or brings: trained on with all others, and then forgotten. */

import { useEffect } from "preact/hooks";

import { chosen, dropped, summary } from "../drop";
import { chooseLabel, classNames, label, said, say, take, takeFiles } from "../own-images";
import { probe } from "../probe";
import { removeOwn } from "../session";
import { ownImages, settings } from "../state";
import { className } from "../words";
import { ClassSelect } from "./class-select";
import { Digit } from "./digit";

/** Takes files and folders that are dropped anywhere on the page; otherwise the browser would open them. */
export function useDrop(arrived: () => void): void {
  useEffect(() => {
    const over = (event: DragEvent) => {
      if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
    };
    const drop = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      arrived();
      void takeFiles(dropped(event.dataTransfer));
    };
    document.addEventListener("dragover", over);
    document.addEventListener("drop", drop);
    return () => {
      document.removeEventListener("dragover", over);
      document.removeEventListener("drop", drop);
    };
  }, []);
}

function Files({ title, folder, testId }: { title: string; folder: boolean; testId: string }) {
  return (
    <label class="button small">
      {title}
      <input
        type="file"
        multiple
        class="visually-hidden"
        data-testid={testId}
        {...(folder ? { webkitdirectory: true } : { accept: "image/*" })}
        onChange={(event) => {
          const input = event.currentTarget;
          void takeFiles(chosen(input.files ?? []));
          // The same files may be chosen again.
          input.value = "";
        }}
      />
    </label>
  );
}

/** Adds the image that the networks are asked about to the training images, and has it forgotten. */
export function MakeOwn() {
  const add = async () => {
    const image = probe.peek();
    if (image === null) {
      say(["The pad is empty: draw something first."]);
      return;
    }
    const one = { pixels: image.pixels, label: label.peek() };
    if (!(await take([one]))) return;
    say([summary([one.label], classNames())]);
  };
  return (
    <span class="together">
      <ClassSelect title="It is a" value={label.value} choose={chooseLabel} testId="draw-label" />
      <button class="button small" data-testid="draw-add" onClick={() => void add()}>
        Forget it
      </button>
    </span>
  );
}

function Added() {
  const { data } = settings.value;
  return (
    <>
      <div role="status" data-testid="draw-said">
        {said.value.map((line) => (
          <p key={line}>{line}</p>
        ))}
      </div>
      <div class="thumbs" data-testid="draw-list">
        {ownImages.value.map((image, at) => (
          <button
            key={at}
            class="thumb captioned"
            title="Take this image back"
            aria-label={`Take image ${at + 1}, a ${className(data, image.label)}, back`}
            onClick={() => void removeOwn(at)}
          >
            <Digit pixels={image.pixels} size={30} />
            <small aria-hidden="true">{className(data, image.label)} ✕</small>
          </button>
        ))}
      </div>
    </>
  );
}

export function Own() {
  return (
    <div class="own">
      <div class="row">
        <Files title="Files…" folder={false} testId="draw-files" />
        <Files title="Folder…" folder={true} testId="draw-folder" />
      </div>
      <p class="muted">
        Or draw on the pad, or drop images and folders anywhere. An image is a 7 if its folder is called 7, or its file
        7-something. Own images join the training images: the original learns them, the twin never sees them. They stay
        on this computer.
      </p>
      <Added />
    </div>
  );
}
