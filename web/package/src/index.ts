/** The package `ugradsl`. */

export type { Data, IdxData, PictureData, PixelData, Source } from "./data.ts";
export type * from "./lab.ts";
export type { LoadingProgress } from "./loading.ts";
export type { Picture } from "./pictures.ts";
export { DeviceLostError, Session, type SessionOptions } from "./session.ts";
export type { ExperimentOptions, ForgetRequest, Recipe, Setting } from "./settings.ts";
