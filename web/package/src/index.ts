/** The package `ugradsl`. */

export type { Data, IdxData, PixelData, Source } from "./data.ts";
export type * from "./lab.ts";
export { DeviceLostError, Session, type SessionOptions } from "./session.ts";
export type { ExperimentOptions, ForgetRequest, Recipe, Setting } from "./settings.ts";
