// Older traces keep their meaning: texts that folded log2(e) into Q, or scaled scores after the product, are read as
// they were written.
import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { frameOf } from '../frame/frame';
import { requestedByTensor } from '../frame/traffic';
import { kernelById } from '../kernels/kernels';
import { costsOf } from '../kernels/costs';
import { attendRow } from '../ops/attention/oracle';
import { sumOf } from '../ops/costs';
import { readTrace } from './file';
import { writeTrace } from './file-write';
import { TRACE_VERSION } from './trace';
import { flash2 } from '../kernels/flash2';
import { flashFast } from '../kernels/flash-fast';
import { layoutsOfText } from './older';

const shape = { batch: 1, heads: 1, kvHeads: 1, queries: 64, keys: 64, dim: 64, mask: 'full' } as const;
const layoutsOf = (card: typeof flash2) => card.passes({ kernel: card.id, shape, tile: card.tiles[0]! })[0]!.layouts;

test('texts of today are read as the card says: Q is divided by its scale', () => {
  const layouts = layoutsOf(flash2);
  expect(layoutsOfText('s += inner(q[c], K[k + c]);', layouts)).toBe(layouts);
  expect(layoutsOf(flash2)['sQ']!.factors).toEqual({ Q: 8 });
  expect(layoutsOf(flashFast)['s']!.factors).toBeUndefined();
});

test('texts that folded log2(e) into Q', () => {
  const layouts = layoutsOfText('const SCALE_LOG2E: f32 = 0.18033688f;', layoutsOf(flashFast));
  expect(layouts['q']!.factors!.Q! * 0.18033688).toBeCloseTo(1, 6);
  expect([layouts['s']!.factors!.S, layouts['m']!.factors!.m]).toEqual([Math.LN2, Math.LN2]);
});

test('texts that scaled scores after the product have Q as it is', () => {
  expect(layoutsOfText('return select(MASKED, s * SCALE, j < keysSeen(i));', layoutsOf(flash2))['sQ']!.factors).toEqual(
    {},
  );
});

describe.each(['naive', 'flash2'])('a file of version 1 of %s', (kernel) => {
  const file = async () => new Uint8Array(await readFile(new URL(`fixtures/${kernel}-v1.attn`, import.meta.url)));

  test('opens, with what its version left to the card', async () => {
    const trace = await readTrace(await file());
    const { header, passes } = trace;
    expect(header.version).toBe(TRACE_VERSION);
    expect(header.costs).toEqual(costsOf(header.run));
    expect(passes.map(({ layouts }) => layouts)).toEqual(
      kernelById(kernel)
        .passes(header.run)
        .map((pass) => pass.layouts),
    );
    // Counted bytes are those of the closed form that was added.
    expect(sumOf(requestedByTensor(trace))).toEqual(header.costs.requested);
  });

  test('is written as one of today, which opens as the same trace', async () => {
    const trace = await readTrace(await file());
    const written = writeTrace(trace);
    expect(new DataView(written.buffer).getUint32(8, true)).toBe(TRACE_VERSION);
    expect(isDeepStrictEqual(await readTrace(written), trace)).toBe(true);
  });

  test('shows the numbers of the f64 oracle at its end', async () => {
    const trace = await readTrace(await file());
    const { run } = trace.header;
    const data = (id: string) => trace.tensors.find((tensor) => tensor.id === id)!.data;
    const pass = trace.passes.length - 1;
    const workgroup = trace.passes[pass]!.captured.at(-1)!;
    const row = run.shape.queries - 1;
    const frame = frameOf(
      trace,
      { pass, workgroup: workgroup.workgroup, phase: workgroup.order.length - 1 },
      { row, thread: 0 },
    );
    const want = attendRow(run.shape, { q: data('Q'), k: data('K'), v: data('V') }, 0, row);
    expect(frame.softmax!.tiles.at(-1)!.m).toBeCloseTo(want.m, 4);
    expect(frame.softmax!.tiles.at(-1)!.l).toBeCloseTo(want.l, 3);
    want.o.forEach((o, c) => expect(frame.softmax!.o![c]).toBeCloseTo(o, 4));
  });
});

test('a file of today without layouts or costs, or with more cells than scalars, is none', async () => {
  const good = await readTrace(new Uint8Array(await readFile(new URL('fixtures/flash2-v1.attn', import.meta.url))));
  const [pass] = good.passes;
  const { costs, ...header } = good.header;
  const { layouts, ...bare } = pass!;
  const huge = { ...layouts, sQ: { ...layouts['sQ']!, rows: 1e8 } };
  const none = { ...layouts, sQ: { ...layouts['sQ']!, terms: [{ of: 'index', row: -1 }] } };
  for (const bad of [
    { ...good, header },
    { ...good, passes: [bare] },
    { ...good, passes: [{ ...bare, layouts: huge }] },
    { ...good, passes: [{ ...bare, layouts: none }] },
  ])
    await expect(readTrace(writeTrace(bad as typeof good))).rejects.toMatchObject({ code: 'trace-foreign' });
  expect(costs.groups).toBe(1);
});
