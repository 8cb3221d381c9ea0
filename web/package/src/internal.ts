/**
 * What the page uses beside the public names of `index.ts`. It imports this file as `ugradsl/internal`; the published
 * package has neither the file nor the name.
 */

export { Client } from "./client.ts";
export { toLoad } from "./data.ts";
export { moduleAddress } from "./module-address.ts";
export { fromRgba } from "./pictures.ts";
export type * from "./protocol.ts";
