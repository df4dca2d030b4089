// Bytes of one captured workgroup, step by step: its sums so far, and its largest step, which sets the width of the
// arrows.
import type { Traffic } from '../../frame/frame-types';
import { touchedAt, type CapturedWorkgroup, type TracePass } from '../../trace/trace';

export interface Levels {
  storage: Traffic;
  workgroup: Traffic;
}

export interface WorkgroupSteps {
  /** Sums up to and including executed phase k. */
  sums: readonly Levels[];
  /** Most bytes of one step in one direction at one level. */
  largest: number;
}

const known = new WeakMap<CapturedWorkgroup, WorkgroupSteps>();

/** Counted bytes of every executed phase of a workgroup; worked out once. */
export function stepsOf(pass: TracePass, captured: CapturedWorkgroup): WorkgroupSteps {
  const made = known.get(captured) ?? count(pass, captured);
  known.set(captured, made);
  return made;
}

function count(pass: TracePass, captured: CapturedWorkgroup): WorkgroupSteps {
  const sums: Levels[] = [];
  const sum: Levels = { storage: { read: 0, written: 0 }, workgroup: { read: 0, written: 0 } };
  let largest = 0;
  for (let k = 0; k < captured.order.length; k++) {
    const before = structuredClone(sum);
    for (const site of pass.sites) {
      const bytes = (touchedAt(captured.counts, pass.sites.length, k, site.id)?.n ?? 0) * site.bytes;
      if (site.mode !== 'store') sum[site.space].read += bytes;
      if (site.mode !== 'load') sum[site.space].written += bytes;
    }
    for (const space of ['storage', 'workgroup'] as const) {
      largest = Math.max(largest, sum[space].read - before[space].read, sum[space].written - before[space].written);
    }
    sums.push(structuredClone(sum));
  }
  return { sums, largest };
}
