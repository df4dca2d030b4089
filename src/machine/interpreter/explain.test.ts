/**
 * What the page says of one cell, at random places of random small runs of every kernel: held against the trace's own
 * records and against every other step.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { generateInputs } from '../../ops/attention/inputs';
import { sees, type Shape } from '../../ops/attention/shape';
import { anyMask } from '../../ops/attention/testing/masks';
import type { CellRef } from '../../frame/cell';
import { frameOf } from '../../frame/frame';
import type { Cursor, Explanation } from '../../frame/frame-types';
import { sceneOf } from '../../frame/scene';
import type { Trace } from '../../trace/trace';
import { placeIn, type Role } from '../../ops/layout';
import type { Run } from '../../ops/run';
import { ATTENTION } from '../../kernels/testing/attention';
import { kernelById } from '../../kernels/kernels';
import { slopesOf } from '../../ops/sizes';
import { attendPlane } from '../../ops/attention/oracle';
import { value as written } from '../../ui/format';
import { inNumbers, symbols } from '../../views/explain/formula';
import { readTrace } from '../../trace/file';
import { writeTrace } from '../../trace/file-write';
import { Interpretation } from './capture';
import { INTERPRETER_LIMITS } from './limits';

const KINDS = ATTENTION.filter(({ interpreted }) => interpreted).map(({ id }) => id);
const ROLES: readonly Role[] = ['S', 'P', 'm', 'l', 'alpha', 'O', 'LSE', 'Q', 'K', 'V'];

const problems = fc.record({
  kernel: fc.constantFrom(...KINDS),
  queries: fc.integer({ min: 1, max: 21 }),
  keys: fc.integer({ min: 1, max: 37 }),
  dim: fc.constantFrom(3, 8),
  mask: anyMask,
  tile: fc.nat(),
  plane: fc.nat({ max: 1 }),
  seed: fc.nat({ max: 1000 }),
  looks: fc.array(
    fc.record({ role: fc.constantFrom(...ROLES), row: fc.nat(), col: fc.nat(), at: fc.nat(), selection: fc.nat() }),
    {
      minLength: 12,
      maxLength: 12,
    },
  ),
});

const made = new Map<string, Trace>();
function traceOf(kernel: Run['kernel'], shape: Shape, tile: number, plane: number, seed: number): Trace {
  const { tiles, limit } = kernelById(kernel);
  const fitting = tiles.filter((one) => !limit({ kernel, shape, tile: one }, INTERPRETER_LIMITS));
  const run: Run = { kernel, shape, tile: fitting[tile % fitting.length] ?? { br: 0, bc: 0 } };
  const key = JSON.stringify([run, plane, seed]);
  const trace =
    made.get(key) ?? new Interpretation(run, generateInputs(shape, seed), { input: 'test', plane }).capture();
  if (made.size > 20) made.clear();
  made.set(key, trace);
  return trace;
}

/** Every step of the replay, in its order. */
function cursorsOf(trace: Trace, plane: number): Cursor[] {
  return sceneOf(trace, plane).passes.flatMap(({ order, pass }, p) =>
    [...order].flatMap((workgroup) => {
      const phases = pass.captured.find((one) => one.workgroup === workgroup)?.order.length ?? 0;
      return Array.from({ length: phases }, (_, phase) => ({ pass: p, workgroup, phase }));
    }),
  );
}

const at = (trace: Trace, plane: number, cursor: Cursor, cell: CellRef, row = cell.row): Explanation =>
  frameOf(trace, cursor, { row, thread: 0, cell }, plane).explanation!;

/**
 * Lines of all writes, so far, of the words that stand for a cell of an on-chip array, newest first: read off the
 * records, by the role of each write's own phase.
 */
function writesOf(
  trace: Trace,
  cursor: Cursor,
  { role, row, col }: CellRef,
  block: { r0: number; col0: number },
): number[] {
  const { run } = trace.header;
  const pass = trace.passes[cursor.pass]!;
  const layouts = kernelById(run.kernel).passes(run)[cursor.pass]!.layouts;
  const captured = pass.captured.find((one) => one.workgroup === cursor.workgroup)!;
  const lines: number[] = [];
  for (const info of pass.arrays) {
    const named = layouts[info.name];
    if (!named) continue;
    const size = info.scope === 'invocation' ? info.length * pass.workgroupSize : info.length;
    for (const record of (captured.arrays[info.id] ?? []).toReversed()) {
      if (record.from > cursor.phase) continue;
      for (let i = 0; i < size; i++) {
        const [r, c] = placeIn(named, i % info.length, Math.floor(i / info.length)) ?? [];
        if (
          r === undefined ||
          r !== row - block.r0 ||
          c !== col - block.col0 ||
          record.at[i] !== record.from ||
          !record.writer[i]
        )
          continue;
        const writer = pass.writers[record.writer[i]! - 1]!;
        const said = typeof named.role === 'string' ? named.role : named.role[pass.phases[writer.phase]!.name];
        if (said === role) lines.push(writer.line);
      }
    }
  }
  return lines;
}

/** The store in the pass's text that may have put the cell into HBM. */
function storeLines(trace: Trace, pass: number, { role, row, col }: CellRef): number[] {
  const { text, bindings } = trace.passes[pass]!;
  const name = bindings.find(({ tensor, access }) => tensor === role && access === 'read_write')?.name;
  const lines = text
    .split('\n')
    .flatMap((line, i) => (new RegExp(`^\\s*${name}\\[.*\\] = `).test(line) ? [{ line, number: i + 1 }] : []));
  const hidden = (role === 'S' || role === 'P') && !sees(trace.header.run.shape, row, col);
  // Standard attention fills what is masked with zeros, on a line of its own.
  const fit = lines.length > 1 ? lines.filter(({ line }) => line.endsWith(' = 0.0;') === hidden) : lines;
  return fit.map(({ number }) => number);
}

/** What the line that writes a role must name. */
function namesOf(trace: Trace, pass: number, role: Role): RegExp {
  const { run } = trace.header;
  const spec = kernelById(run.kernel).passes(run)[pass]!;
  const arrays = Object.entries(spec.layouts).filter(([, { role: r }]) =>
    typeof r === 'string' ? r === role : Object.values(r).includes(role),
  );
  const tensors = spec.bindings.filter(({ tensor }) => tensor === role);
  return new RegExp(`\\b(${[...arrays.map(([name]) => name), ...tensors.map(({ name }) => name)].join('|')})\\b`);
}

const places = { later: 0, now: 0, gone: 0, skipped: 0, none: 0, line: 0, store: 0 };

/**
 * Known runs first, in which each kind of sentence is met: so nothing of it is an empty promise, and no luck is needed.
 * Then fresh ones.
 */
test.each([
  ['known runs', { seed: 1, numRuns: 20 }],
  ['a row of the second block of flash1', { seed: 11_033_616, numRuns: 15 }],
  ['fresh runs', { numRuns: 15 }],
])(
  '%s: each sentence about a cell agrees with the trace: its value, the line that wrote it, its sum, and why there is none',
  (_runs, options) => {
    fc.assert(
      fc.property(problems, ({ kernel, queries, keys, dim, mask, tile, plane, seed, looks }) => {
        const rows = kernelById(kernel).decoding ? Math.min(queries, 3) : queries;
        const shape: Shape = { batch: 1, heads: 2, kvHeads: 1, queries: rows, keys, dim, mask };
        const trace = traceOf(kernel, shape, tile, plane, seed);
        const cursors = cursorsOf(trace, plane);
        for (const look of looks) {
          const { role } = look;
          const wide = role === 'S' || role === 'P' ? keys : 'OQKV'.includes(role) ? dim : 1;
          const cell: CellRef = {
            role,
            row: look.row % (role === 'K' || role === 'V' ? keys : rows),
            col: look.col % wide,
          };
          const step = look.at % cursors.length;
          const cursor = cursors[step]!;
          const frame = frameOf(trace, cursor, { row: look.selection % rows, thread: 0, cell }, plane);
          const said = frame.explanation!;
          const where = JSON.stringify({
            kernel,
            shape,
            tile: trace.header.run.tile,
            cursor,
            cell,
            plane,
            said: { ...said, terms: 0, inputs: 0 },
          });
          expect(said.differs, where).toBe(false);
          if ('QKV'.includes(role)) {
            expect([said.value !== undefined, said.line], where).toEqual([true, undefined]);
            continue;
          }
          if (said.value !== undefined) {
            expect(said.absent, where).toBeUndefined();
            const pass = said.linePass ?? cursor.pass;
            const text = trace.passes[pass]!.text.split('\n')[said.line! - 1];
            const array = frame.arrays.find((one) => one.role === role);
            const tensor = trace.tensors.some(({ id }) => id === role);
            const stored = tensor && storeLines(trace, pass, cell).includes(said.line!);
            if (stored) places.store++;
            else {
              places.line++;
              const tiles =
                role === 'S' || role === 'P'
                  ? frameOf(trace, cursor, { row: cell.row, thread: 0 }, plane).softmax!.tiles
                  : [];
              const col0 = tiles.find(({ from, to }) => cell.col >= from && cell.col <= to)?.from ?? 0;
              // A kernel that goes along Q within a tile of keys has Br rows at a time of those that are its own.
              const { br } = trace.header.run.tile;
              const { r0, r1 } = frame.block;
              const block = { r0: br > 1 && r1 - r0 >= br ? cell.row - ((cell.row - r0) % br) : r0, col0 };
              const own = pass === cursor.pass && (array !== undefined || tiles.length > 0);
              // A row of standard attention has its m and l in the workgroup of the softmax pass that had it.
              if (own && kernel !== 'naive') {
                const from =
                  tiles.length > 0
                    ? lastStepOf(
                        frame.phases,
                        cursor,
                        tiles.find(({ from: f, to }) => cell.col >= f && cell.col <= to)?.index,
                      )
                    : cursor;
                expect(writesOf(trace, from, cell, block)[0], where).toBe(said.line);
              }
            }
            expect(text, where).toMatch(namesOf(trace, pass, role));
            continue;
          }
          const { absent } = said;
          expect([absent !== undefined, said.line, said.computed], where).toEqual([true, undefined, undefined]);
          if (!absent) continue;
          places[absent.why as keyof typeof places]++;
          const shown = cursors.map((one) => at(trace, plane, one, cell).value !== undefined);
          const later = cursors.filter((_, i) => i > step && shown[i]);
          const inThis = later.filter((one) => one.pass === cursor.pass && one.workgroup === cursor.workgroup);
          const named = cursors.some(
            (one, i) => shown[i] && one.pass === absent.pass && one.workgroup === absent.workgroup,
          );
          if (absent.why === 'now') expect(inThis.length, where).toBeGreaterThan(0);
          if (absent.why === 'later') expect([inThis.length, later.length > 0, named], where).toEqual([0, true, true]);
          if (absent.why === 'gone') expect([later.length, named], where).toEqual([0, true]);
          if (absent.why === 'skipped' || absent.why === 'none')
            expect([shown.some(Boolean), sees(shape, cell.row, cell.col) && absent.why === 'skipped'], where).toEqual([
              false,
              false,
            ]);
          expect(absent.why, where).not.toBe('capturing');
        }
      }),
      options,
    );
    expect(Object.entries(places).filter(([, n]) => n === 0)).toEqual([]);
  },
  // Five times what it takes beside other work.
  180_000,
);

/** The last step of the cursor's workgroup, at or before the cursor, that belongs to a tile. */
function lastStepOf(phases: readonly { k: number; tile: number }[], cursor: Cursor, tile: number | undefined): Cursor {
  const last = phases.filter(({ k, tile: t }) => k <= cursor.phase && (tile === undefined || t <= tile)).at(-1);
  return { ...cursor, phase: last?.k ?? cursor.phase };
}

test('a score of the second half of a tile is of the line that stores it, a finished O of the store to HBM', () => {
  const shape: Shape = { batch: 1, heads: 2, kvHeads: 2, queries: 64, keys: 64, dim: 32, mask: 'full' };
  const trace = new Interpretation({ kernel: 'flash2', shape, tile: { br: 32, bc: 16 } }, generateInputs(shape, 5), {
    input: 'test',
    row: 43,
  });
  const shown = trace.capture();
  const line = (phase: number, cell: CellRef): string | undefined => {
    const number = at(shown, 0, { pass: 0, workgroup: 1, phase }, cell).line;
    return `${number}: ${shown.passes[0]!.text.split('\n')[number! - 1]!.trim()}`;
  };
  expect(line(6, { role: 'S', row: 43, col: 28 })).toMatch(/^136: sS\[\(r \+ 3u\) \* BC \+ first \+ SIDE\] = /);
  expect(line(4, { role: 'O', row: 43, col: 3 })).toMatch(/: acc\[4u \* x \+ 3u\] = /);
  expect(line(17, { role: 'O', row: 43, col: 3 })).toMatch(/: O\[o\] = acc/);
});

test('scores whose large products cancel differ by rounding alone, and are not called wrong', () => {
  const shape: Shape = { batch: 1, heads: 1, kvHeads: 1, queries: 2, keys: 2, dim: 8, mask: 'full' };
  const given = generateInputs(shape, 4);
  // Two products of 242,000 that leave little: f32 keeps two decimals of them.
  for (let i = 0; i < 2; i++)
    [given.q[8 * i], given.q[8 * i + 1], given.k[8 * i], given.k[8 * i + 1]] = [448.1, 448.2, -540.3, 540.1];
  const trace = new Interpretation({ kernel: 'naive', shape, tile: { br: 0, bc: 0 } }, given, {
    input: 'test',
  }).capture();
  const last = cursorsOf(trace, 0).at(-1)!;
  const cells = [0, 1].flatMap((row) => [0, 1].map((col) => at(trace, 0, last, { role: 'S', row, col })));
  expect(cells.some(({ value, computed }) => Math.abs(value! - computed!) > 2e-5 * (1 + Math.abs(value!)))).toBe(true);
  expect(cells.map(({ differs }) => differs)).toEqual([false, false, false, false]);
});

test.each(KINDS)('%s: a capped and biased score is told with both, and comes to what was captured', (kernel) => {
  const rows = kernelById(kernel).decoding ? 2 : 9;
  const scored = { softcap: 2, alibi: slopesOf(2) };
  const shape: Shape = {
    batch: 1,
    heads: 2,
    kvHeads: 1,
    queries: rows,
    keys: 13,
    dim: 8,
    mask: 'window-6-2',
    ...scored,
  };
  const trace = traceOf(kernel, shape, 0, 1, 3);
  const want = attendPlane(shape, generateInputs(shape, 3), 1).s;
  let told = 0;
  for (const cursor of cursorsOf(trace, 1)) {
    for (const [row, col] of [
      [0, 5],
      [rows - 1, 12],
      [rows - 1, 8],
    ] as const) {
      const said = at(trace, 1, cursor, { role: 'S', row, col });
      if (said.value === undefined || said.masked) continue;
      told++;
      expect(said.differs).toBe(false);
      expect(said.computed).toBeCloseTo(want[row * 13 + col]!, 6);
      const bias = `${written(2 ** -8)}·${Math.abs(row + 13 - rows - col)}`;
      expect(symbols(said)).toBe(`2·tanh((Σ q·k / √8) / 2) − ${bias}`);
      expect(inNumbers(said)).toMatch(/^2·tanh\(\(.+ \+ …\) \/ √8 \/ 2\) − /);
    }
  }
  expect(told).toBeGreaterThan(0);
});

test('softcap and slopes travel in a file of a trace; what they cannot be is refused', async () => {
  const scored = { softcap: 2, alibi: slopesOf(2) };
  const shape: Shape = { batch: 1, heads: 2, kvHeads: 1, queries: 9, keys: 13, dim: 8, mask: 'causal', ...scored };
  const trace = traceOf('flash2', shape, 0, 1, 3);
  expect((await readTrace(writeTrace(trace))).header.run.shape).toEqual(shape);
  const { header } = trace;
  for (const wrong of [{ softcap: 0 }, { softcap: '2' }, { alibi: [-1, 0] }, { alibi: true }]) {
    const run = { ...header.run, shape: { ...shape, ...wrong } as Shape };
    const file = writeTrace({ ...trace, header: { ...header, run } });
    await expect(readTrace(file), JSON.stringify(wrong)).rejects.toMatchObject({ code: 'trace-foreign' });
  }
});

test('a score that a block never computes is skipped, though its key was loaded ahead', () => {
  // The first of two blocks of 16 rows sees nothing: one key, which only the last row sees.
  const shape: Shape = { batch: 1, heads: 2, kvHeads: 1, queries: 17, keys: 1, dim: 8, mask: 'causal' };
  const run = { kernel: 'flash-fast-shared', shape, tile: { br: 16, bc: 16 } };
  const trace = new Interpretation(run, generateInputs(shape, 0), { input: 'test' }).capture();
  for (const role of ['S', 'P'] as const) {
    expect(at(trace, 0, { pass: 0, workgroup: 0, phase: 0 }, { role, row: 0, col: 0 }).absent).toEqual({
      why: 'skipped',
    });
    expect(at(trace, 0, { pass: 0, workgroup: 0, phase: 0 }, { role, row: 16, col: 0 }).absent).toMatchObject({
      why: 'later',
      workgroup: 1,
    });
  }
});
