/** Decodes captures: small ones here, big ones in a worker that starts with the first of them. */
import { lineTo } from '../../ask';
import { decodeWorkgroups } from '../../tap/decode';
import type { Raw, Reading } from '../../tap/decode';
import type { DecodeAnswers } from '../../tap/decode.worker';
import type { CapturedWorkgroup } from '../../trace/trace';

/** Bytes from which on decoding leaves the page's own thread. */
const BIG = 4 * 2 ** 20;

export interface Decoder {
  /**
   * Decodes a raw capture; its words may be handed to another thread and be gone afterwards.
   * @throws AttnError `cancelled` when disposed meanwhile
   */
  decode(reading: Reading, raw: Raw): Promise<CapturedWorkgroup[]>;
  dispose(): void;
}

export function createDecoder(): Decoder {
  const { ask, end } = lineTo<DecodeAnswers>(
    () => new Worker(new URL('../../tap/decode.worker.ts', import.meta.url), { type: 'module' }),
  );
  return {
    decode: async (reading, raw) =>
      raw.words.byteLength < BIG || typeof Worker === 'undefined'
        ? decodeWorkgroups(reading, raw)
        : ask('decode', { reading, raw }, { give: [raw.words.buffer as ArrayBuffer] }),
    dispose: end,
  };
}
