// The rounds of the loops around each phase.
import type { LoopFrame } from './frame-types';
import type { CapturedWorkgroup, TracePass } from '../trace/trace';

const kept = new WeakMap<CapturedWorkgroup, readonly (readonly LoopFrame[])[]>();

/**
 * By executed phase: the loops that it begins in, outermost first. A round that begins in the last phase of a loop is
 * its last, so they are told from the end.
 */
export function loopsOf(pass: TracePass, captured: CapturedWorkgroup): readonly (readonly LoopFrame[])[] {
  const known = kept.get(captured);
  if (known) return known;
  const { loops = [] } = pass;
  const { order, rounds } = captured;
  const within = loops.map(() => '');
  const totals = loops.map(() => 0);
  const made: LoopFrame[][] = [];
  for (let k = order.length - 1; k >= 0; k--) {
    let outer = ' ';
    made[k] = (rounds ? (pass.phases[order[k] ?? 0]?.loops ?? []) : []).flatMap((id) => {
      const round = rounds?.[k * loops.length + id] ?? 0;
      if (within[id] !== outer) totals[id] = round + 1;
      within[id] = outer;
      outer += `${round} `;
      const loop = loops[id];
      return loop ? [{ line: loop.line, name: loop.name, round, rounds: totals[id] ?? 0 }] : [];
    });
  }
  kept.set(captured, made);
  return made;
}
