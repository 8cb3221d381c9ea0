/** Images that the person draws or brings: trained on with all others, and then forgotten. */

import { useEffect, useRef } from "preact/hooks";

import { chosen, dropped, summary } from "../drop";
import { fromPad } from "../image";
import { classNames, label, said, side, take, takeFiles } from "../own-images";
import { ownImages, settings } from "../state";
import { ClassSelect } from "./class-select";
import { Digit } from "./digit";
import { className } from "./words";

/** Width and height of the drawing pad. */
const PAD = 280;

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
      void takeFiles(dropped(event.dataTransfer)).catch((error: unknown) => (said.value = [String(error)]));
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
    <label class="button">
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

/** Draws while a button is pressed. */
function draw(event: PointerEvent): void {
  const canvas = event.currentTarget as HTMLCanvasElement;
  const context = canvas.getContext("2d");
  if (!context || event.buttons === 0) return;
  const scale = canvas.width / canvas.clientWidth;
  context.lineWidth = 24;
  context.lineCap = "round";
  context.strokeStyle = "white";
  context.beginPath();
  context.moveTo((event.offsetX - event.movementX) * scale, (event.offsetY - event.movementY) * scale);
  context.lineTo(event.offsetX * scale, event.offsetY * scale);
  context.stroke();
}

/** Adds the drawing to the own images. Whether it succeeded. */
async function add(pad: HTMLCanvasElement): Promise<boolean> {
  const pixels = fromPad(pad, side());
  if (pixels === null) {
    said.value = ["The pad is empty: draw something first."];
    return false;
  }
  const one = { pixels, label: label.peek() };
  if (!(await take([one]))) return false;
  said.value = [summary([one.label], classNames())];
  return true;
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
          <span key={at} class="captioned">
            <Digit pixels={image.pixels} label={`own ${className(data, image.label)}`} />
            <small aria-hidden="true">{className(data, image.label)}</small>
          </span>
        ))}
      </div>
    </>
  );
}

export function Own() {
  const pad = useRef<HTMLCanvasElement>(null);
  const clear = () => pad.current?.getContext("2d")?.clearRect(0, 0, PAD, PAD);
  const addDrawing = async () => {
    if (pad.current && (await add(pad.current))) clear();
  };
  return (
    <div class="own">
      <canvas
        ref={pad}
        class="pad"
        data-testid="draw-pad"
        width={PAD}
        height={PAD}
        role="img"
        aria-label="Drawing pad"
        onPointerDown={draw}
        onPointerMove={draw}
      />
      <div>
        <div class="row fields">
          <ClassSelect title="It is a" value={label.value} choose={(one) => (label.value = one)} testId="draw-label" />
          <button class="button" data-testid="draw-add" onClick={() => void addDrawing()}>
            Add the drawing
          </button>
          <button class="button" onClick={clear}>
            Wipe
          </button>
        </div>
        <div class="row">
          <Files title="Add image files…" folder={false} testId="draw-files" />
          <Files title="Add a folder…" folder={true} testId="draw-folder" />
        </div>
        <p class="muted">
          Or drop images and folders on the page. An image is a 7 if its folder is called 7, or its file 7-something or
          7_something; all others get the class chosen above. Own images join the training images: the original learns
          them too, the twin never sees them. They stay in this tab.
        </p>
        <Added />
      </div>
    </div>
  );
}
