/** Traces as files: the recorded captures of the page, written again, damaged in every way, and invented at random. */
import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { attendRow } from '../ops/attention/oracle';
import type { Inputs } from '../ops/attention/shape';
import { kernelById } from '../kernels/kernels';
import { crc32, seal } from './checksum';
import { readTrace } from './file';
import { MAX_BYTES } from './file-format';
import { gzip, writeTrace } from './file-write';
import { violation } from './schema';
import schema from './trace.schema.json';
import type { CapturedWorkgroup, Trace } from './trace';
import { filledAt, TRACE_VERSION } from './trace';

const kernels = ['naive', 'flash2'] as const;
const stored = async (kernel: string) =>
  new Uint8Array(await readFile(new URL(`../../public/captures/${kernel}-zh.attn`, import.meta.url)));

/** The JSON of an unpacked file. */
function jsonOf(bytes: Uint8Array): unknown {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(12, true);
  return JSON.parse(new TextDecoder().decode(bytes.subarray(20, 20 + length)));
}

/** A file with its JSON changed. */
async function withJson(kernel: string, change: (json: any) => void): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = writeTrace(await readTrace(await stored(kernel)));
  const view = new DataView(bytes.buffer);
  const length = view.getUint32(12, true);
  const json = jsonOf(bytes);
  change(json);
  const text = new TextEncoder().encode(JSON.stringify(json));
  const start = Math.ceil((20 + text.length) / 8) * 8;
  const rest = bytes.subarray(Math.ceil((20 + length) / 8) * 8);
  const out = new Uint8Array(start + rest.length);
  out.set(bytes.subarray(0, 20));
  out.set(text, 20);
  out.set(rest, start);
  new DataView(out.buffer).setUint32(12, text.length, true);
  new DataView(out.buffer).setUint32(16, out.length, true);
  seal(out);
  return out;
}

describe.each(kernels)('the recorded capture of %s', (kernel) => {
  test('is small, says that it is recorded, and holds what its kernel asks for', async () => {
    const bytes = await stored(kernel);
    expect(bytes.length).toBeLessThan(400 * 1024);
    const { header, passes, tensors } = await readTrace(bytes);
    expect(header).toMatchObject({
      version: TRACE_VERSION,
      provenance: 'recorded',
      run: { kernel },
      maxPlainTapped: 0,
    });
    const sum = { loads: 0, stores: 0 };
    for (const { sites, totals } of passes) {
      for (const site of sites.filter(({ space }) => space === 'storage')) {
        for (let i = site.id * 3; i < totals.length; i += sites.length * 3)
          sum[site.mode === 'load' ? 'loads' : 'stores'] += totals[i]! * site.bytes;
      }
    }
    expect(sum).toEqual(kernelById(kernel).requested(header.run));
    const data = (id: string) => tensors.find((tensor) => tensor.id === id)!.data;
    const inputs: Inputs = { q: data('Q'), k: data('K'), v: data('V') };
    const { dim } = header.run.shape;
    for (const row of [0, 17, 63]) {
      attendRow(header.run.shape, inputs, 0, row).o.forEach((want, c) =>
        expect(Math.abs(data('O')[row * dim + c]! - want)).toBeLessThan(4e-6 * (1 + Math.abs(want))),
      );
    }
    for (const pass of passes) expect(pass.captured).toHaveLength(pass.grid[0] * pass.grid[1]);
  });

  test('export, import, export: the same bytes; its JSON is as the schema says', async () => {
    const bytes = writeTrace(await readTrace(await stored(kernel)));
    expect(isDeepStrictEqual(writeTrace(await readTrace(bytes)), bytes)).toBe(true);
    expect(isDeepStrictEqual(writeTrace(await readTrace(await gzip(bytes))), bytes)).toBe(true);
    expect(isDeepStrictEqual(writeTrace(await readTrace(bytes, true)), bytes), "one of the page's own").toBe(true);
    // A view that begins in the middle of a buffer is read as well.
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(isDeepStrictEqual(writeTrace(await readTrace(shifted.subarray(3))), bytes)).toBe(true);
    expect(violation(jsonOf(bytes), schema)).toBeUndefined();
  });
});

describe('what is no whole trace of this version is refused, each with its own error', () => {
  const whole = async () => writeTrace(await readTrace(await stored('flash2')));
  const failing = async (bytes: Uint8Array<ArrayBuffer>) =>
    readTrace(bytes).then(
      () => 'read',
      ({ code, details }) => ({ code, ...details }),
    );

  test('truncated, anywhere', async () => {
    const bytes = await whole();
    for (const have of [1, 7, 8, 19, 20, 100, bytes.length - 1]) {
      expect(await failing(bytes.subarray(0, have))).toEqual({
        code: 'trace-truncated',
        have,
        need: have < 20 ? 20 : bytes.length,
      });
    }
    const packed = await stored('flash2');
    expect(await failing(packed.subarray(0, packed.length >> 1))).toMatchObject({ code: 'trace-truncated' });
  });

  test('foreign', async () => {
    const bytes = await whole();
    expect(await failing(new Uint8Array(0))).toEqual({ code: 'trace-foreign' });
    expect(await failing(new TextEncoder().encode('{"header": {}}, and some more'))).toEqual({ code: 'trace-foreign' });
    expect(await failing(await gzip(new TextEncoder().encode('not a trace at all, just packed')))).toEqual({
      code: 'trace-foreign',
    });
    expect(await failing(Uint8Array.from([...bytes, 0, 0]))).toEqual({ code: 'trace-foreign' });
    const damaged = bytes.slice();
    damaged[40] = 0xff;
    expect(await failing(damaged)).toEqual({ code: 'trace-damaged' });
    seal(damaged);
    expect(await failing(damaged)).toEqual({ code: 'trace-foreign' });
    for (const change of [
      (json: any) => delete json.header.run,
      (json: any) => (json.header.run.shape.mask = 'diagonal'),
      (json: any) => (json.tensors[0].rows += 1),
      (json: any) => (json.passes[0].grid = [1, 1]),
      (json: any) => json.passes[0].captured.pop(),
      (json: any) => (json.passes[0].captured[0].arrays[0] = []),
      (json: any) => (json.passes[0].captured[0].lines.entries += 1),
      (json: any) => (json.passes[0].captured[0].rounds = true),
      (json: any) => (json.passes[0].captured[0].stores = [{ buffer: 'O', entries: 1 }]),
      (json: any) => (json.passes[0].loops = [{ id: 0, line: 0, name: 'k0' }]),
      (json: any) => (json.sections[0].type = 'u32'),
      (json: any) => (json.sections.at(-1).length *= 1000),
    ]) {
      expect(await failing(await withJson('flash2', change))).toEqual({ code: 'trace-foreign' });
    }
  });

  test('newer, and oversized by its own word', async () => {
    const newer = await whole();
    new DataView(newer.buffer).setUint32(8, TRACE_VERSION + 1, true);
    expect(await failing(newer)).toEqual({ code: 'trace-newer', version: TRACE_VERSION + 1, supported: TRACE_VERSION });
    const oversized = await whole();
    new DataView(oversized.buffer).setUint32(16, MAX_BYTES + 1, true);
    expect(await failing(oversized)).toEqual({ code: 'trace-oversized', bytes: MAX_BYTES + 1, limit: MAX_BYTES });
  });
});

test('random changes of single bytes never do anything but read or refuse', async () => {
  const bytes = writeTrace(await readTrace(await stored('naive')));
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
      const changed = bytes.slice();
      changed[at] = (changed[at]! + by) % 256;
      await readTrace(changed).catch((thrown) =>
        expect(thrown).toMatchObject({ name: 'AttnError', code: expect.stringMatching(/^trace-/) }),
      );
    }),
    { numRuns: 60, seed: 1 },
  );
});

test('any state survives: records, logs, stores, rounds, unwritten phases, no lines, tokens, NaN', async () => {
  const base = await readTrace(await stored('flash2'));
  const pass = base.passes[0]!;
  const random = fc.record({
    phases: fc.nat(5),
    lines: fc.boolean(),
    loops: fc.boolean(),
    logs: fc.nat(2),
    dropped: fc.nat(3),
    seed: fc.integer({ min: 1, max: 2 ** 31 }),
  });
  await fc.assert(
    fc.asyncProperty(random, async ({ phases, lines, loops, logs, dropped, seed }) => {
      let n = seed;
      const word = () => (n = (Math.imul(n, 1664525) + 1013904223) >>> 0);
      const captured: CapturedWorkgroup = {
        workgroup: 1,
        order: Uint16Array.from({ length: phases }, () => word() % pass.phases.length),
        counts: Uint32Array.from({ length: phases * pass.sites.length * 3 }, word),
        arrays: pass.arrays.map(({ length, scope }) => {
          const scalars = scope === 'invocation' ? length * pass.workgroupSize : length;
          const at = [...Array(phases).keys()].filter(() => word() % 2 === 0);
          return at.map((from) => ({
            from,
            bits: Uint32Array.from({ length: scalars }, word),
            writer: new Uint16Array(scalars),
            at: new Uint16Array(scalars),
          }));
        }),
        ...(lines && {
          lines: {
            invocation: 3,
            starts: new Uint32Array(phases + 1),
            variable: Uint16Array.of(1, 2),
            bits: Uint32Array.of(3, 4),
            dropped,
          },
        }),
        ...(logs > 0 && {
          stores: Array.from({ length: logs }, (_, i) => ({
            buffer: `b${i}`,
            starts: Uint32Array.from({ length: phases + 1 }, word),
            cells: Uint32Array.from({ length: i + 1 }, word),
            bits: Uint32Array.from({ length: i + 1 }, word),
            sites: Uint16Array.from({ length: i + 1 }, word),
          })),
        }),
        ...(loops && { rounds: Uint16Array.from({ length: 2 * phases }, word) }),
        phasesDropped: dropped,
      };
      const header = { ...base.header, maxOracle: Number.NaN, tokens: ['月', 'a "b"\n'] };
      const trace: Trace = {
        ...base,
        header,
        passes: [
          {
            ...pass,
            ...(loops && { loops: ['k0', ''].map((name, id) => ({ id, line: id + 1, name })) }),
            captured: [captured, captured],
          },
        ],
      };
      const bytes = writeTrace(trace);
      const read = await readTrace(bytes);
      // Much faster than the matcher on long arrays.
      expect(isDeepStrictEqual(read, trace)).toBe(true);
      expect(isDeepStrictEqual(writeTrace(read), bytes)).toBe(true);
    }),
    { numRuns: 10, seed: 2 },
  );
});

test('state at a phase is the last record at or before it', () => {
  const records = [2, 5, 9].map((from) => ({
    from,
    bits: new Uint32Array(0),
    writer: new Uint16Array(0),
    at: new Uint16Array(0),
  }));
  expect([0, 1, 2, 4, 5, 8, 9, 100].map((k) => filledAt(records, k)?.from)).toEqual([
    undefined,
    undefined,
    2,
    2,
    5,
    5,
    9,
    9,
  ]);
});

describe('the check at the end', () => {
  test('is CRC-32 as gzip and PNG have it', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
  });

  test('tells any one or two changed bits behind the prefix', async () => {
    const bytes = writeTrace(await readTrace(await stored('flash2')));
    const bit = fc.integer({ min: 20 * 8, max: bytes.length * 8 - 1 });
    await fc.assert(
      fc.asyncProperty(bit, bit, async (a, b) => {
        const changed = bytes.slice();
        for (const at of new Set([a, b])) changed[at >> 3]! ^= 1 << (at & 7);
        await expect(readTrace(changed)).rejects.toMatchObject({
          code: expect.stringMatching(/^trace-(damaged|foreign)$/),
        });
      }),
      { numRuns: 40 },
    );
    const captured = bytes.slice();
    captured[bytes.length - 3000]! ^= 1;
    captured[bytes.length - 2000]! ^= 1;
    await expect(readTrace(captured)).rejects.toMatchObject({ code: 'trace-damaged' });
  });

  test('is missing in older files, which open', async () => {
    const bytes = writeTrace(await readTrace(await stored('naive')));
    const old = bytes.slice(0, -8);
    new DataView(old.buffer).setUint32(16, old.length, true);
    expect(isDeepStrictEqual(writeTrace(await readTrace(old)), bytes)).toBe(true);
  });
});
