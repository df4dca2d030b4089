/**
 * The arithmetic behind cells of every op, at random places of random small runs of every kernel: it comes to the
 * captured number, and the cells that it names are those that it takes.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CellRef } from '../../frame/cell';
import { axesOf } from '../../frame/axes';
import { placeOf } from '../../frame/chip';
import { frameOf } from '../../frame/frame';
import { homeOf } from '../../frame/home';
import { readerAt } from '../../frame/reader';
import { sceneOf } from '../../frame/scene';
import { KERNELS } from '../../kernels';
import type { Kernel } from '../../kernels/card';
import { kernelById } from '../../kernels/kernels';
import { inputsOfPeers } from '../../ops/attention/inputs';
import type { Shape } from '../../ops/attention/shape';
import { slopesOf } from '../../ops/sizes';
import type { Reader, Rule } from '../../ops/rule';
import { rulesOf } from '../../ops/rules';
import type { Trace } from '../../trace/trace';
import { Interpretation } from './capture';
import { INTERPRETER_LIMITS } from './limits';

const cards: readonly Kernel[] = KERNELS.flatMap(({ id, interpreted }) => (interpreted ? [kernelById(id)] : []));

const problems = fc.record({
  card: fc.nat({ max: cards.length - 1 }),
  queries: fc.integer({ min: 1, max: 19 }),
  keys: fc.integer({ min: 1, max: 21 }),
  dim: fc.constantFrom(3, 8),
  kvHeads: fc.constantFrom(1, 2),
  mask: fc.constantFrom('full' as const, 'causal' as const),
  scale: fc.constantFrom(undefined, 0.3),
  tile: fc.nat(),
  plane: fc.nat({ max: 3 }),
  seed: fc.nat({ max: 1000 }),
  looks: fc.array(fc.record({ role: fc.nat(), row: fc.nat(), col: fc.nat(), at: fc.nat() }), {
    minLength: 25,
    maxLength: 25,
  }),
});

/** Roles of a trace: its tensors, and what its arrays hold. */
const rolesOf = ({ tensors, passes }: Trace): string[] => [
  ...new Set([
    ...tensors.filter(({ planesOf }) => planesOf !== 'blocks').map(({ id }) => id),
    ...passes.flatMap(({ layouts }) =>
      Object.values(layouts).flatMap(({ role }) => (typeof role === 'string' ? [role] : Object.values(role))),
    ),
  ]),
];

/** Rows or columns of a role's matrix in a problem. */
function lengthOf(trace: Trace, role: string, side: 0 | 1): number {
  const tensor = trace.tensors.find(({ id }) => id === role);
  if (tensor) return side === 0 ? tensor.rows : tensor.cols;
  const { queries, keys, dim } = trace.header.run.shape;
  const axis = axesOf(trace, role)?.[side];
  return axis === 'query' ? queries : axis === 'key' ? keys : axis === 'dim' ? dim : 1;
}

interface Spot {
  role: string;
  row: number;
  col: number;
  plane: number;
}
const keyOf = ({ role, row, col, plane }: Spot): string => `${role} ${row},${col} of ${plane}`;

/**
 * A reader of made-up numbers, none of them 0: one that moves by 100 tells whether the rule takes it. `taken` hears of
 * each that is asked for. Where the run has no number there is none here.
 */
function madeUp(real: Reader, own: CellRef, plane: number, taken: Map<string, Spot>, moved?: string): Reader {
  const number = (found: number | undefined, role: string, row: number, col: number, of: number, by = 100) => {
    if (found === undefined) return undefined;
    const spot = { role, row, col, plane: of };
    const key = keyOf(spot);
    taken.set(key, spot);
    const base = 0.5 + ((role.charCodeAt(0) * 7 + role.length * 3 + row * 31 + col * 17 + of * 5) % 97) / 97;
    return base + (key === moved ? by : 0);
  };
  const of = (role: string): number => real.planeOf(role) ?? plane;
  // What stood in the cell itself is no other cell.
  const other =
    (ask: Reader['chip'], by?: number): Reader['chip'] =>
    (role, row, col) => {
      const found = ask(role, row, col);
      if (role === own.role && row === own.row && col === own.col) return found === undefined ? undefined : 0.7;
      return number(found, role, row, col, of(role), by);
    };
  return {
    ...real,
    value: (role, row, col, at) => number(real.value(role, row, col, at), role, row, col, at ?? of(role)),
    chip: other(real.chip),
    // By less than what stands there now: a difference of both moves, too.
    before: other(real.before, 30),
  };
}

/** The same reader, which looks each number up once. */
function kept(real: Reader): Reader {
  const found = new Map<string, number | undefined>();
  const once =
    <A extends readonly unknown[]>(name: string, ask: (...given: A) => number | undefined) =>
    (...given: A): number | undefined => {
      const key = `${name} ${given.join()}`;
      if (!found.has(key)) found.set(key, ask(...given));
      return found.get(key);
    };
  return { ...real, value: once('v', real.value), chip: once('c', real.chip), before: once('b', real.before) };
}

/** Cells that the rule names, each by itself. */
function namedBy(trace: Trace, real: Reader, rule: Rule, { row, col }: CellRef, plane: number): Map<string, Spot> {
  const named = new Map<string, Spot>();
  for (const { tensor, rect, plane: of } of rule(real, row, col).inputs) {
    const shared = trace.tensors.find(({ id }) => id === tensor)?.planesOf === 'heads' || of !== undefined;
    for (let r = rect.r0; r <= rect.r1; r++)
      for (let c = rect.c0; c <= rect.c1; c++) {
        const spot = { role: tensor, row: r, col: c, plane: shared ? (of ?? plane) : plane };
        named.set(keyOf(spot), spot);
      }
  }
  return named;
}

const told = new Map<string, number>();

/** Known runs first, in which every rule is met; then fresh ones. */
test.each([
  ['known runs', { seed: 3, numRuns: 50 }],
  ['fresh runs', { numRuns: 15 }],
])(
  '%s: the sum is the captured number, and the cells that went in are those that are named',
  (_runs, options) => {
    fc.assert(
      // A failure names run, cursor and cell; to find a smaller one would take minutes.
      fc.property(
        fc.noShrink(problems),
        ({ card: c, queries, keys, dim, kvHeads, mask, scale, tile, plane: p, seed, looks }) => {
          const card = cards[c]!;
          const heads = card.op === 'layernorm' ? 1 : 2;
          const rows = card.decoding ? Math.min(queries, 3) : queries;
          const bare: Shape = { batch: 2, heads, kvHeads: Math.min(kvHeads, heads), queries: rows, keys, dim, mask };
          // Every second one with softcap and ALiBi, where there are scores.
          const scored = card.op !== 'layernorm' && seed % 2 === 1;
          const shape = scored ? { ...bare, softcap: 2, alibi: slopesOf(heads) } : bare;
          const plane = p % (2 * heads);
          const fitting = card.tiles.filter(
            (one) => !card.limit({ kernel: card.id, shape, tile: one }, INTERPRETER_LIMITS),
          );
          const run = {
            kernel: card.id,
            shape,
            tile: fitting[tile % fitting.length] ?? { br: 0, bc: 0 },
            ...(scale !== undefined && { scale }),
          };
          const trace = new Interpretation(run, inputsOfPeers(shape, seed), { input: 'test', plane }).capture();
          const scene = sceneOf(trace, plane);
          const roles = rolesOf(trace);
          const points = scene.passes.flatMap(({ order, pass }, i) =>
            [...order].flatMap((workgroup, position) =>
              Array.from(pass.captured.find((one) => one.workgroup === workgroup)?.order ?? [], (_, k) => ({
                pass: i,
                position,
                k,
                workgroup,
              })),
            ),
          );
          for (const look of looks) {
            const role = roles[look.role % roles.length]!;
            const cell: CellRef = {
              role,
              row: look.row % lengthOf(trace, role, 0),
              col: look.col % lengthOf(trace, role, 1),
            };
            const point = points[look.at % points.length]!;
            const cursor = { pass: point.pass, workgroup: point.workgroup, phase: point.k };
            const { explanation } = frameOf(trace, cursor, { row: 0, thread: 0, cell }, plane);
            const { value, computed, terms, differs } = explanation!;
            const where = JSON.stringify({ run, plane, cursor, cell, value, computed });
            expect(differs, where).toBe(false);
            const rule = rulesOf(card.op)!.rules[role];
            if (value === undefined || !rule || explanation!.given || explanation!.masked) continue;
            if (terms.length > 0) {
              told.set(`${card.id} ${role}`, (told.get(`${card.id} ${role}`) ?? 0) + 1);
              if (value > -1e29) {
                const size = terms.reduce((sum, { product }) => sum + Math.abs(product), 1);
                expect(Math.abs(value - computed!), where).toBeLessThan(2e-5 * (1 + Math.abs(value)) + 1e-6 * size);
              }
            }
            const home = homeOf(scene, point, placeOf(scene, point.pass, point.position), cell)!;
            const moment = home.at && { at: home.at, phase: home.phase! };
            const real = kept(readerAt(scene, home.where, moment));
            const named = namedBy(trace, real, rule, cell, plane);
            const asked = new Map<string, Spot>();
            const sum = rule(madeUp(real, cell, plane, asked), cell.row, cell.col);
            if (sum.terms.length === 0 || sum.computed === undefined) continue;
            const isStored = sum.inNumbers === '#' || (sum.inNumbers === '# / #' && role === 'O');
            for (const key of asked.keys()) {
              const moves =
                rule(madeUp(real, cell, plane, new Map(), key), cell.row, cell.col).computed !== sum.computed;
              expect([key, moves && !named.has(key)], where).toEqual([key, false]);
            }
            // What was summed up in registers before is of cells that are no longer there.
            if (isStored) continue;
            for (const [key, spot] of named) {
              const pair = axesOf(trace, spot.role);
              const hidden = pair?.[0] === 'query' && pair[1] === 'key' && !real.sees(spot.row, spot.col);
              expect([key, asked.has(key) || hidden], where).toEqual([key, true]);
            }
          }
        },
      ),
      options,
    );
  },
  180_000,
);

test('every rule of every op was met', () => {
  const met = (op: string, role: string): boolean =>
    cards.some((card) => card.op === op && told.has(`${card.id} ${role}`));
  for (const op of ['attention', 'attention-backward', 'layernorm'])
    for (const role of Object.keys(rulesOf(op)!.rules)) expect([op, role, met(op, role)]).toEqual([op, role, true]);
});
