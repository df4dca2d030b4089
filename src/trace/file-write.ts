// A trace written as the bytes of a file. Loaded when something is exported.
import { AttnError } from '../errors';
import { seal } from './checksum';
import {
  aligned,
  arrays,
  CHECK_BYTES,
  MAGIC,
  MAX_BYTES,
  PREFIX,
  type Numbers,
  type NumberType,
  type Section,
  type Stored,
  type StoredCapture,
} from './file-format';
import type { CapturedWorkgroup, Trace } from './trace';
import { TRACE_VERSION } from './trace';

/** Collects the sections of a file in their order. */
class Writer {
  readonly sections: Section[] = [];
  readonly #parts: Numbers[][] = [];

  add(name: string, type: NumberType, parts: readonly Numbers[]): void {
    this.sections.push({ name, type, length: parts.reduce((sum, part) => sum + part.length, 0) });
    this.#parts.push([...parts]);
  }

  /** Puts everything behind the JSON. */
  finish(stored: Stored): Uint8Array<ArrayBuffer> {
    const json = new TextEncoder().encode(JSON.stringify(stored));
    const sizes = this.sections.map(({ type, length }) => aligned(length * arrays[type].BYTES_PER_ELEMENT));
    const start = aligned(PREFIX + json.length);
    const total = sizes.reduce((sum, size) => sum + size, start) + CHECK_BYTES;
    if (total > MAX_BYTES) throw new AttnError('trace-oversized', { bytes: total, limit: MAX_BYTES });
    const out = new Uint8Array(total);
    out.set(MAGIC);
    const view = new DataView(out.buffer);
    [TRACE_VERSION, json.length, total].forEach((value, i) => view.setUint32(8 + 4 * i, value, true));
    out.set(json, PREFIX);
    let at = start;
    this.#parts.forEach((parts, i) => {
      let to = at;
      for (const part of parts) {
        out.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), to);
        to += part.byteLength;
      }
      at += sizes[i] ?? 0;
    });
    seal(out);
    return out;
  }
}

/** JSON knows no NaN. */
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

function storeCapture(capture: CapturedWorkgroup): StoredCapture {
  const { workgroup, order, arrays: records, lines, stores, rounds, phasesDropped } = capture;
  const log = lines && { invocation: lines.invocation, entries: lines.variable.length, dropped: lines.dropped };
  return {
    workgroup,
    phases: order.length,
    arrays: records.map((list) => list.map(({ from }) => from)),
    ...(log && { lines: log }),
    ...(stores && { stores: stores.map(({ buffer, cells }) => ({ buffer, entries: cells.length })) }),
    ...(rounds && { rounds: true }),
    phasesDropped,
  };
}

/** What only some kernels have: the rounds of loops, and stores to cells that are rewritten. */
function addStores(writer: Writer, i: number, captured: readonly CapturedWorkgroup[]): void {
  const rounds = captured.flatMap((c) => c.rounds ?? []);
  const logs = captured.flatMap(({ stores }) => stores ?? []);
  if (rounds.length > 0) writer.add(`${i}.rounds`, 'u16', rounds);
  if (logs.length === 0) return;
  const each = { storeStarts: 'starts', cells: 'cells', stored: 'bits' } as const;
  for (const [name, key] of Object.entries(each))
    writer.add(
      `${i}.${name}`,
      'u32',
      logs.map((log) => log[key]),
    );
  writer.add(
    `${i}.sites`,
    'u16',
    logs.map(({ sites }) => sites),
  );
}

/**
 * A trace as the bytes of a file. Writing what was read gives the same bytes again.
 * @throws AttnError `trace-oversized` (bytes, limit)
 */
export function writeTrace(trace: Trace): Uint8Array<ArrayBuffer> {
  const writer = new Writer();
  for (const { id, data } of trace.tensors) writer.add(id, 'f32', [data]);
  const passes = trace.passes.map(({ totals, captured, ...pass }, i) => {
    const records = captured.flatMap((c) => c.arrays.flat());
    const logs = captured.flatMap(({ lines }) => (lines ? [lines] : []));
    writer.add(`${i}.totals`, 'u32', [totals]);
    writer.add(
      `${i}.order`,
      'u16',
      captured.map((c) => c.order),
    );
    writer.add(
      `${i}.counts`,
      'u32',
      captured.map((c) => c.counts),
    );
    writer.add(
      `${i}.bits`,
      'u32',
      records.map((r) => r.bits),
    );
    writer.add(
      `${i}.writer`,
      'u16',
      records.map((r) => r.writer),
    );
    writer.add(
      `${i}.at`,
      'u16',
      records.map((r) => r.at),
    );
    writer.add(
      `${i}.starts`,
      'u32',
      logs.map((log) => log.starts),
    );
    writer.add(
      `${i}.variable`,
      'u16',
      logs.map((log) => log.variable),
    );
    writer.add(
      `${i}.values`,
      'u32',
      logs.map((log) => log.bits),
    );
    addStores(writer, i, captured);
    return { ...pass, captured: captured.map(storeCapture) };
  });
  const { maxPlainTapped, maxOracle, maxF32 } = trace.header;
  const header = {
    ...trace.header,
    ...(maxPlainTapped !== undefined && { maxPlainTapped: finite(maxPlainTapped) }),
    maxOracle: finite(maxOracle),
    ...(maxF32 !== undefined && { maxF32: finite(maxF32) }),
  };
  const tensors = trace.tensors.map(({ id, planes, rows, cols, planesOf, axes }) => ({
    id,
    planes,
    rows,
    cols,
    planesOf,
    axes,
  }));
  return writer.finish({ header, tensors, passes, sections: writer.sections });
}

/** Bytes gzipped, for files that are stored with the page. */
export async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
