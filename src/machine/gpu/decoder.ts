/** Decodes captures: small ones here, big ones in a worker that starts with the first of them. */
import { AttnError } from '../../errors';
import { decodeWorkgroups } from '../../tap/decode';
import type { Raw, Reading } from '../../tap/decode';
import type { DecodeRequest } from '../../tap/decode.worker';
import type { CapturedWorkgroup } from '../../trace/trace';

/** Bytes from which on decoding leaves the page's own thread. */
const BIG = 4 * 2 ** 20;

export class Decoder {
  #worker: Worker | undefined;
  #next = 0;
  readonly #waiting = new Map<number, { resolve: (captured: CapturedWorkgroup[]) => void; reject: (error: AttnError) => void }>();

  /** Decodes a raw capture; its words may be handed to another thread and be gone afterwards. */
  async decode(reading: Reading, raw: Raw): Promise<CapturedWorkgroup[]> {
    if (raw.words.byteLength < BIG || typeof Worker === 'undefined') return decodeWorkgroups(reading, raw);
    const worker = this.#start();
    const request: DecodeRequest = { id: this.#next++, reading, raw };
    return new Promise((resolve, reject) => {
      this.#waiting.set(request.id, { resolve, reject });
      worker.postMessage(request, { transfer: [raw.words.buffer as ArrayBuffer] });
    });
  }

  dispose(): void {
    this.#worker?.terminate();
    this.#fail(new AttnError('cancelled'));
  }

  #start(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(new URL('../../tap/decode.worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data }: MessageEvent<{ id: number; captured: CapturedWorkgroup[] }>) => {
      this.#waiting.get(data.id)?.resolve(data.captured);
      this.#waiting.delete(data.id);
    });
    worker.addEventListener('error', ({ message }) =>
      this.#fail(new AttnError('unexpected', { message: message || 'the decoding worker failed' })),
    );
    this.#worker = worker;
    return worker;
  }

  #fail(error: AttnError): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
    this.#worker = undefined;
  }
}
