// A trace read back from the bytes of a file, or refused with what is wrong with them.
import { AttnError } from '../errors';
import { extentOf, type AttentionTensor } from '../ops/attention/shape';
import {
  ALIGN,
  CHECK_BYTES,
  aligned,
  arrays,
  MAGIC,
  MAX_BYTES,
  PREFIX,
  type Numbers,
  type Section,
  type Stored,
  type StoredCapture,
} from './file-format';
import type { CapturedWorkgroup, Filled, Tensor, Trace, TraceHeader, TracePass } from './trace';
import { TRACE_VERSION } from './trace';

const foreign = (): AttnError => new AttnError('trace-foreign');

/** Unpacks gzip, but not without end. */
async function unpack(packed: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const soFar = async () => new Uint8Array(await new Blob(parts).arrayBuffer());
  // A reader, because streams cannot be iterated everywhere (not in Safari 26).
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  for (let bytes = 0; ;) {
    // Only what the stream itself says is about the file.
    const next = await reader.read().catch(() => undefined);
    if (!next) {
      // It ends early or is damaged; what it should have held stands at its beginning, if that is there.
      const begin = await soFar();
      if (begin.length >= PREFIX) readPrefix(begin);
      throw new AttnError('trace-truncated', { have: packed.length, need: packed.length + 1 });
    }
    if (next.done) return soFar();
    bytes += next.value.length;
    if (bytes > MAX_BYTES) {
      void reader.cancel().catch(() => undefined);
      throw new AttnError('trace-oversized', { bytes, limit: MAX_BYTES });
    }
    parts.push(next.value);
  }
}

/** Checks the first bytes and returns the file's version and the bytes of the JSON. */
function readPrefix(bytes: Uint8Array): { version: number; length: number } {
  if (MAGIC.some((byte, i) => i < bytes.length && bytes[i] !== byte) || bytes.length === 0) throw foreign();
  if (bytes.length < PREFIX) throw new AttnError('trace-truncated', { have: bytes.length, need: PREFIX });
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const version = view.getUint32(8, true);
  if (version > TRACE_VERSION) throw new AttnError('trace-newer', { version, supported: TRACE_VERSION });
  const total = view.getUint32(16, true);
  if (total > MAX_BYTES) throw new AttnError('trace-oversized', { bytes: total, limit: MAX_BYTES });
  if (bytes.length < total) throw new AttnError('trace-truncated', { have: bytes.length, need: total });
  if (bytes.length > total) throw foreign();
  return { version, length: view.getUint32(12, true) };
}

function readStored(bytes: Uint8Array, length: number, fits: (stored: unknown) => boolean): Stored {
  try {
    const stored: unknown = JSON.parse(
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(PREFIX, PREFIX + length)),
    );
    // The schema says what `Stored` says.
    if (fits(stored)) return stored as Stored;
  } catch {
    // No JSON: no trace.
  }
  throw foreign();
}

/** The bytes without the check at their end. @throws AttnError `trace-damaged` */
async function uncorrupted(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const { checked } = await import('./checksum');
  const found = checked(bytes);
  if (found === 'damaged') throw new AttnError('trace-damaged');
  return found === 'whole' ? bytes.subarray(0, -CHECK_BYTES) : bytes;
}

/** Hands out the sections in their order, and parts of them in theirs. */
class Reader {
  readonly #sections = new Map<string, { data: Numbers; at: number }>();

  /** @param sealed whether the check may still stand at the end */
  constructor(bytes: Uint8Array<ArrayBuffer>, start: number, sections: readonly Section[], sealed: boolean) {
    let at = start;
    for (const { name, type, length } of sections) {
      const size = length * arrays[type].BYTES_PER_ELEMENT;
      if (at + size > bytes.length) throw foreign();
      this.#sections.set(name, { data: new arrays[type](bytes.buffer, bytes.byteOffset + at, length), at: 0 });
      at += aligned(size);
    }
    if (at !== bytes.length && !(sealed && at + CHECK_BYTES === bytes.length)) throw foreign();
  }

  take<T extends Numbers>(name: string, type: new (...args: never[]) => T, length: number): T {
    const section = this.#sections.get(name);
    if (!section || !(section.data instanceof type) || section.at + length > section.data.length) throw foreign();
    section.at += length;
    return section.data.subarray(section.at - length, section.at) as T;
  }

  /** Every number must belong to something. */
  finish(): void {
    for (const { data, at } of this.#sections.values()) if (at !== data.length) throw foreign();
  }
}

function readCapture(
  reader: Reader,
  i: number,
  pass: Pick<TracePass, 'arrays' | 'sites' | 'workgroupSize' | 'loops'>,
  stored: StoredCapture,
): CapturedWorkgroup {
  const { workgroup, phases, phasesDropped, lines, stores } = stored;
  if (stored.arrays.length !== pass.arrays.length) throw foreign();
  const records = pass.arrays.map(({ length, scope }, id): Filled[] => {
    const scalars = scope === 'invocation' ? length * pass.workgroupSize : length;
    return (stored.arrays[id] ?? []).map((from) => ({
      from,
      bits: reader.take(`${i}.bits`, Uint32Array, scalars),
      writer: reader.take(`${i}.writer`, Uint16Array, scalars),
      at: reader.take(`${i}.at`, Uint16Array, scalars),
    }));
  });
  const log = lines && {
    invocation: lines.invocation,
    starts: reader.take(`${i}.starts`, Uint32Array, phases + 1),
    variable: reader.take(`${i}.variable`, Uint16Array, lines.entries),
    bits: reader.take(`${i}.values`, Uint32Array, lines.entries),
    dropped: lines.dropped,
  };
  const logs = stores?.map(({ buffer, entries }) => ({
    buffer,
    starts: reader.take(`${i}.storeStarts`, Uint32Array, phases + 1),
    cells: reader.take(`${i}.cells`, Uint32Array, entries),
    bits: reader.take(`${i}.stored`, Uint32Array, entries),
    sites: reader.take(`${i}.sites`, Uint16Array, entries),
  }));
  return {
    workgroup,
    order: reader.take(`${i}.order`, Uint16Array, phases),
    counts: reader.take(`${i}.counts`, Uint32Array, phases * pass.sites.length * 3),
    arrays: records,
    ...(log && { lines: log }),
    ...(logs && { stores: logs }),
    ...(stored.rounds && { rounds: reader.take(`${i}.rounds`, Uint16Array, phases * (pass.loops?.length ?? 0)) }),
    phasesDropped,
  };
}

/**
 * A trace from the bytes of a file, plain or gzipped. Its arrays are views of those bytes. One of the page's `own`
 * files was held to the schema when it was made; every other is now.
 * @throws AttnError `kernel-unknown` for a file of version 1, `trace-truncated` (have, need), `trace-damaged`,
 * `trace-foreign`, `trace-newer` (version, supported), `trace-oversized` (bytes, limit)
 */
export async function readTrace(file: ArrayBuffer | Uint8Array<ArrayBuffer>, own = false): Promise<Trace> {
  const given = file instanceof Uint8Array ? file : new Uint8Array(file);
  if (given.length > MAX_BYTES) throw new AttnError('trace-oversized', { bytes: given.length, limit: MAX_BYTES });
  const unpacked = given[0] === 0x1f && given[1] === 0x8b ? await unpack(given) : given;
  // Views need their alignment.
  const all = unpacked.byteOffset % ALIGN === 0 ? unpacked : unpacked.slice();
  const { version, length } = readPrefix(all);
  const bytes = own ? all : await uncorrupted(all);
  const fits = own ? () => true : (await import('./stored-check')).fitsSchema;
  const stored = readStored(bytes, length, (json) => fits(json, version));
  const { run } = stored.header;
  const reader = new Reader(bytes, aligned(PREFIX + length), stored.sections, own);
  const tensors = stored.tensors.map((tensor): Tensor => {
    const { id, planes, rows, cols } = tensor;
    const extent =
      (stored.header.op ?? 'attention') === 'attention' ? extentOf(id as AttentionTensor, run.shape) : tensor;
    if (extent.planes !== planes || extent.rows !== rows || extent.cols !== cols) throw foreign();
    return { ...tensor, data: reader.take(id, Float32Array, planes * rows * cols) };
  });
  const passes = stored.passes.map(({ captured, ...pass }, i): TracePass => {
    const [gx, gy, gz] = pass.grid;
    const totals = reader.take(`${i}.totals`, Uint32Array, gx * gy * gz * pass.phases.length * pass.sites.length * 3);
    return { ...pass, totals, captured: captured.map((c) => readCapture(reader, i, pass, c)) };
  });
  reader.finish();
  const { maxPlainTapped, maxOracle, maxF32 } = stored.header;
  const header: TraceHeader = {
    ...(stored.header as TraceHeader),
    ...(maxPlainTapped !== undefined && { maxPlainTapped: maxPlainTapped ?? Number.NaN }),
    maxOracle: maxOracle ?? Number.NaN,
    ...(maxF32 !== undefined && { maxF32: maxF32 ?? Number.NaN }),
  };
  const trace: Trace = { header, tensors, passes };
  return version === TRACE_VERSION ? trace : (await import('./older')).upgraded(trace);
}
