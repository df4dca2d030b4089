/** Decodes big captures away from the page's own thread. */
import { buffersOf } from '../trace/buffers';
import { decodeWorkgroups } from './decode';
import type { Raw, Reading } from './decode';

export interface DecodeRequest {
  id: number;
  reading: Reading;
  raw: Raw;
}

addEventListener('message', ({ data }: MessageEvent<DecodeRequest>) => {
  const captured = decodeWorkgroups(data.reading, data.raw);
  postMessage({ id: data.id, captured }, { transfer: buffersOf(captured) });
});
