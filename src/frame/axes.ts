// What the rows and columns of a role count, as its trace says: a tensor's axes, or those of the array that holds it.
import type { Axis, Role } from '../ops/layout';
import { OPS } from '../ops';
import { roleInfo } from '../ops/rules';
import type { Trace } from '../trace/trace';

export type Axes = readonly [Axis, Axis];

const kept = new WeakMap<Trace, ReadonlyMap<Role, Axes>>();

function allOf({ tensors, passes }: Trace): ReadonlyMap<Role, Axes> {
  const found = new Map<Role, Axes>();
  for (const { layouts } of passes)
    for (const { role, axes } of Object.values(layouts))
      for (const one of typeof role === 'string' ? [role] : Object.values(role)) found.set(one, axes);
  for (const { id, axes } of tensors) found.set(id, axes);
  return found;
}

/** What the rows and the columns of a role count; undefined where neither the trace nor an op has such a role. */
export function axesOf(trace: Trace, role: Role): Axes | undefined {
  const known = kept.get(trace) ?? allOf(trace);
  kept.set(trace, known);
  const spec = OPS.find(({ tensors }) => Object.hasOwn(tensors, role))?.tensors[role];
  return known.get(role) ?? spec?.axes ?? roleInfo(role)?.axes;
}

/** Rows are queries and columns keys, as of S and P. */
export const PAIRS: Axes = ['query', 'key'];

/** Whether rows are queries and columns keys: there the mask hides some. */
export const isPairs = (axes: Axes | undefined): boolean => axes?.[0] === 'query' && axes[1] === 'key';
