/** Images that the person draws or brings: trained on with all others, and then forgotten. */

import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";

import { fromFile, fromPad } from "../image";
import { notice } from "../reduce";
import { call } from "../session";
import { about, ownImages, settings } from "../state";
import { ClassSelect } from "./class-select";
import { Digit } from "./digit";
import { className } from "./words";

export function Own() {
  const pad = useRef<HTMLCanvasElement>(null);
  const label = useSignal(3);
  const side = about.value?.data?.shape[1] ?? 28;

  const take = async (pixels: Uint8Array[]) => {
    const all = new Uint8Array(pixels.flatMap((one) => [...one]));
    try {
      const values = new Uint32Array(pixels.map(() => label.value));
      await call("addImages", { pixels: all, labels: values });
      ownImages.value = [...ownImages.value, ...pixels.map((one) => ({ pixels: one, label: label.value }))];
      settings.value = { ...settings.value, forget: "own" };
    } catch (error) {
      notice("fault", error instanceof Error ? error.message : String(error));
    }
  };
  const takeFiles = async (files: Iterable<File>) => {
    const read = await Promise.allSettled([...files].map((file) => fromFile(file, side)));
    for (const one of read) if (one.status === "rejected") notice("warning", String(one.reason));
    const good = read.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    if (good.length > 0) await take(good);
  };
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
  return (
    <div
      class="own"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        void takeFiles(event.dataTransfer?.files ?? []);
      }}
    >
      <canvas ref={pad} class="pad" data-testid="draw-pad" width={280} height={280} aria-label="Drawing pad" onPointerDown={draw} onPointerMove={draw} />
      <div class="row fields">
        <ClassSelect title="It is a" value={label.value} choose={(one) => (label.value = one)} testId="draw-label" />
        <button
          class="button"
          data-testid="draw-add"
          onClick={() => {
            const pixels = pad.current && fromPad(pad.current, side);
            if (pixels) void take([pixels]).then(clear);
          }}
        >
          Add the drawing
        </button>
        <button class="button" onClick={clear}>
          Wipe
        </button>
        <label class="button">
          Add image files…
          <input type="file" accept="image/*" multiple class="visually-hidden" data-testid="draw-files" onChange={(event) => void takeFiles(event.currentTarget.files ?? [])} />
        </label>
      </div>
      <p class="muted">
        Several drawings, or image files dropped here, join the training images: the original learns them too, the twin never
        sees them. They stay in this tab.
      </p>
      <div class="thumbs" data-testid="draw-list">
        {ownImages.value.map((image, at) => (
          <Digit key={at} pixels={image.pixels} label={`own ${className(settings.value.data, image.label)}`} />
        ))}
      </div>
    </div>
  );
}
