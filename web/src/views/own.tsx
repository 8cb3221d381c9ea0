/** Images that the person draws or brings: trained on with all others, and then forgotten. */

import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import { chosen, classOf, dropped, enumerate, MOST, sort, summary, type Incoming } from "../drop";
import { fromFile, fromPad, type OwnImage } from "../image";
import { change } from "../choices";
import { addOwn } from "../session";
import { about, ownImages, settings } from "../state";
import { ClassSelect } from "./class-select";
import { Digit } from "./digit";
import { className } from "./words";

/** Class of what says nothing itself: drawings, and files without a class in their name. */
const label = signal(3);
/** What became of the images that were brought last. */
const said = signal<string[]>([]);

const side = (): number => about.peek()?.data?.shape[1] ?? 28;
const classNames = (): string[] =>
  Array.from({ length: about.peek()?.data?.classes ?? 10 }, (_, one) => className(settings.peek().data, one));

async function take(images: OwnImage[]): Promise<boolean> {
  try {
    await addOwn(images);
    change({ forget: "own" });
    return true;
  } catch (error) {
    said.value = [error instanceof Error ? error.message : String(error)];
    return false;
  }
}

async function takeFiles(files: Incoming[] | Promise<Incoming[]>): Promise<void> {
  said.value = ["Reading the images…"];
  const { images, others } = sort(await files);
  const names = classNames();
  const [taken, assumed]: [OwnImage[], string[]] = [[], []];
  for (const { file, path } of images.slice(0, MOST)) {
    const known = classOf(path, names);
    try {
      taken.push({ pixels: await fromFile(file, side()), label: known ?? label.peek() });
      if (known === null) assumed.push(path);
    } catch {
      others.push(path);
    }
  }
  if (taken.length > 0 && !(await take(taken))) return;
  said.value = [
    taken.length > 0
      ? summary(
          taken.map((one) => one.label),
          names,
        )
      : "No image was found.",
    ...(assumed.length > 0
      ? [`No class in the name, so taken as ${names[label.peek()] ?? label.peek()}: ${enumerate(assumed)}.`]
      : []),
    ...(others.length > 0 ? [`No image that this browser can read: ${enumerate(others)}.`] : []),
    ...(images.length > MOST ? [`Only the first ${MOST} of ${images.length} images were taken.`] : []),
  ];
}

/** Takes files and folders that are dropped anywhere on the page, which would leave the page otherwise. */
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

export function Own() {
  const pad = useRef<HTMLCanvasElement>(null);
  const clear = () => pad.current?.getContext("2d")?.clearRect(0, 0, 280, 280);
  const draw = (event: PointerEvent) => {
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
  };
  const add = async () => {
    const pixels = pad.current && fromPad(pad.current, side());
    if (pixels === null) {
      said.value = ["The pad is empty: draw something first."];
      return;
    }
    const one = { pixels, label: label.peek() };
    if (!(await take([one]))) return;
    said.value = [summary([one.label], classNames())];
    clear();
  };
  return (
    <div class="own">
      <canvas
        ref={pad}
        class="pad"
        data-testid="draw-pad"
        width={280}
        height={280}
        role="img"
        aria-label="Drawing pad"
        onPointerDown={draw}
        onPointerMove={draw}
      />
      <div>
        <div class="row fields">
          <ClassSelect title="It is a" value={label.value} choose={(one) => (label.value = one)} testId="draw-label" />
          <button class="button" data-testid="draw-add" onClick={() => void add()}>
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
          Or drop images and folders on the page. A folder called 7, or a file called 7-something or 7_something, says
          that it is a 7; all others get the class chosen above. Own images join the training images: the original
          learns them too, the twin never sees them. They stay in this tab.
        </p>
        <div role="status" data-testid="draw-said">
          {said.value.map((line) => (
            <p key={line}>{line}</p>
          ))}
        </div>
        <div class="thumbs" data-testid="draw-list">
          {ownImages.value.map((image, at) => (
            <span key={at} class="captioned">
              <Digit pixels={image.pixels} label={`own ${className(settings.value.data, image.label)}`} />
              <small aria-hidden="true">{className(settings.value.data, image.label)}</small>
            </span>
          ))}
        </div>
      </div>
    </div>
  );
}
