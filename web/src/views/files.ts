/** Files and texts that leave the page, and errors on the way, which become notices. */

import type { ReportForm } from "ugradsl";

import { notice } from "../reduce";
import { sentence } from "../sentence";
import { call } from "../session";

/** Has the browser save a file. */
export function save(name: string, parts: BlobPart[], type: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(parts, { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Does `work`; its error becomes a notice, and the experiment goes on. */
export async function orNotice(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    notice("fault", sentence(error));
  }
}

export const saveReport = (form: ReportForm, name: string, type: string): Promise<void> =>
  orNotice(async () => save(name, [await call("report", { form })], type));

export const saveModel = (name: string): Promise<void> =>
  orNotice(async () => save(name, [new Uint8Array(await call("model", { name }))], "application/octet-stream"));
