/** The dedicated Worker in which everything is computed, so that the page never waits. */

import init, { Lab } from "../wasm/ugradsl_web.js";

import type { ToPage } from "./protocol.ts";
import { Runner } from "./runner.ts";

const post = (message: ToPage): void => postMessage(message);

/**
 * Reports when the browser takes the device away. The module keeps its device to itself and would wait for an answer
 * that never comes, so it is watched where it is asked for.
 */
function watchDevices(): void {
  if (typeof GPUAdapter === "undefined") return;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- applied to its adapter below
  const request = GPUAdapter.prototype.requestDevice;
  GPUAdapter.prototype.requestDevice = async function (this: GPUAdapter, ...args) {
    const device = await request.apply(this, args);
    void device.lost.then(({ reason }) => {
      if (reason !== "destroyed") post({ kind: "lost" });
    });
    return device;
  };
}
watchDevices();

const runner = new Runner(async (device, module) => {
  await (module === undefined ? init() : init({ module_or_path: module }));
  return Lab.open(device);
}, post);
self.addEventListener("message", ({ data }: MessageEvent<unknown>) => runner.receive(data));
post({ kind: "ready" });
