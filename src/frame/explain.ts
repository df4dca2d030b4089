// The arithmetic behind one cell, by the rules of the op, written out with captured numbers. The sum is the page's own
// (computed); the cell's value is the kernel's (captured).
import { sees } from '../ops/attention/shape';
import type { Sum } from '../ops/rule';
import { rulesOf } from '../ops/rules';
import type { Axis } from '../ops/layout';
import { absentAt } from './absent';
import { blockAxis } from './arrays';
import type { CellRef } from './cell';
import { holds, type Place } from './chip';
import type { Explanation } from './frame-types';
import type { Point } from './hbm';
import { givenOf, homeOf, type Home } from './home';
import { axesOf, isPairs } from './axes';
import { readerAt, type Moment } from './reader';
import type { Scene } from './scene';

const NOTHING: Sum = { symbols: '', terms: [], inputs: [] };

/** Explains the cell that is looked at, at the end of the phases done so far. `place`: the cursor's workgroup. */
export function explain(scene: Scene, point: Point, place: Place | undefined, cell: CellRef): Explanation {
  const home = homeOf(scene, point, place, cell);
  const axes = axesOf(scene.trace, cell.role);
  const { computed, ...sum } = home ? arithmetic(scene, cell, home) : toCome(scene, point, place, cell, axes);
  const masked = isPairs(axes) && !sees(scene.trace.header.run.shape, cell.row, cell.col);
  const told = { cell, masked, given: home?.where === 'given', ...(axes && { axes }), ...sum };
  if (!home) {
    const absent = absentAt(scene, point.pass, point.position, cell, place !== undefined);
    return { ...told, value: undefined, absent, differs: false };
  }
  const { value, written } = home;
  const differs = computed !== undefined && value > -1e29 && !(Math.abs(value - computed) <= rounding(value, sum));
  return {
    ...told,
    value,
    ...(computed === undefined ? {} : { computed }),
    ...(written ? { line: written.line } : {}),
    ...(written && written.pass !== point.pass ? { linePass: written.pass } : {}),
    differs,
  };
}

/**
 * What f32 may round away: in a sum of products that cancel, by the size of the products, not by that of what is left
 * of them.
 */
const rounding = (value: number, { size = 0 }: Sum): number => 1e-5 * (1 + Math.abs(value)) + 1e-6 * size;

function arithmetic(scene: Scene, { role, row, col }: CellRef, { where, at, phase }: Home): Sum {
  const rule = where === 'given' ? undefined : rulesOf(scene.trace.header.op)?.rules[role];
  const moment: Moment | undefined = at && phase !== undefined ? { at, phase } : undefined;
  return rule?.(readerAt(scene, where, moment), row, col) ?? NOTHING;
}

/** The rule of a cell without a value, and what will go in; in numbers only where all of that was given. */
function toCome(
  scene: Scene,
  { k }: Point,
  place: Place | undefined,
  { role, row, col }: CellRef,
  axes: readonly [Axis, Axis] | undefined,
): Sum {
  const rule = rulesOf(scene.trace.header.op)?.rules[role];
  if (!rule) return NOTHING;
  const mine = place && (axes?.[0] !== blockAxis(place.pass.pass) || (row >= place.block.r0 && row <= place.block.r1));
  const moment = mine && k >= 0 ? { at: place, phase: k } : undefined;
  const sum = rule(readerAt(scene, undefined, moment), row, col);
  const given = sum.inputs.length > 0 && sum.inputs.every(({ tensor }) => givenOf(scene).has(tensor));
  const kept = scene.tensors.has(role) || scene.passes.some((pass) => holds(pass, role));
  if (!kept) return { ...sum, terms: [], inputs: [] };
  return given ? sum : { ...sum, terms: [] };
}
