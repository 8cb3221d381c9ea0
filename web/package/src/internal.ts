/**
 * What the page uses beside the public names of `index.ts`. It imports this file as `ugradsl/internal`; the published
 * package has neither the file nor the name.
 */

export { Client } from "./client.ts";
export { toLoad } from "./data.ts";
export type * from "./protocol.ts";

/** Where the module lies, for a page that compiles it once for several workers. */
export const moduleAddress = new URL("../wasm/ugradsl_web_bg.wasm", import.meta.url);
