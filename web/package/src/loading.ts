/** Files on their way: how many bytes of them have come, and how to stop them. */

/** What is loaded before a session is ready. */
export interface LoadingProgress {
  /** The module that computes, or a file of the data. */
  what: "module" | "data";
  /** Bytes that have come, unpacked. */
  loaded: number;
  /** Of how many, if the server says so and does not pack the file. */
  total: number | null;
}

export interface LoadingOptions {
  signal?: AbortSignal | undefined;
  progress?: ((progress: LoadingProgress) => void) | undefined;
}

/** Fetches a file, and tells of its progress. Rejects in a sentence, or with the reason of the signal. */
export async function load(
  source: URL | string,
  what: LoadingProgress["what"],
  { signal, progress }: LoadingOptions,
): Promise<Response> {
  const answer = await fetch(source, signal ? { signal } : undefined);
  if (!answer.ok) throw new Error(`${String(source)} could not be fetched: ${answer.status}`);
  if (progress === undefined || answer.body === null) return answer;
  const size = answer.headers.get("content-encoding") === null ? answer.headers.get("content-length") : null;
  let loaded = 0;
  const count = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      loaded += chunk.length;
      progress({ what, loaded, total: size === null ? null : Number(size) });
      controller.enqueue(chunk);
    },
  });
  const { status, headers } = answer;
  return new Response(answer.body.pipeThrough(count), { status, headers });
}
