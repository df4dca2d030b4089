// How often what came from HBM is read in workgroup memory: loads of the tiles of Q, K and V there, for query rows and
// keys that exist.
import type { ArrayLayout, TileLoads } from '../ops/layout';
import { loadsOf } from '../ops/loads';
import type { TensorId } from '../ops/op';
import { blockOf } from './arrays';
import { touchesOf } from './places';
import { liveAt, type PassScene, type Scene, type WorkgroupScene } from './scene';
import type { CapturedWorkgroup } from '../trace/trace';

const BYTES = 4;

interface Held {
  name: string;
  /** The tensor whose keys are those of the tile. */
  tensor: TensorId;
  loads: TileLoads;
  /** Ids of the sites that load it. */
  sites: readonly number[];
}

const isOfKeys = ({ axes }: ArrayLayout): boolean => axes[0] === 'key';

/** The array of keys that a tile of rows goes with: the first. */
const firstOfKeys = (layouts: PassScene['layouts']): ArrayLayout | undefined =>
  Object.values(layouts).find((layout) => layout.loads && isOfKeys(layout));

const tensorIn = (layout: ArrayLayout | undefined): TensorId =>
  typeof layout?.role === 'string' ? layout.role : 'other';

/** Tensors whose tiles the pass reads in workgroup memory. */
export const tensorsHeld = ({ layouts }: PassScene): ReadonlySet<TensorId> =>
  new Set(Object.values(layouts).flatMap((layout) => (layout.loads ? [tensorIn(layout)] : [])));

/** Arrays of the pass that hold tiles of Q, K or V; Q's go with the keys of K. */
function heldBy({ pass, layouts }: PassScene): Held[] {
  return Object.entries(layouts).flatMap(([name, layout]) =>
    layout.loads
      ? [
          {
            name,
            loads: layout.loads,
            tensor: tensorIn(isOfKeys(layout) ? layout : firstOfKeys(layouts)),
            sites: pass.sites.filter((s) => s.buffer === name && s.mode !== 'store').map(({ id }) => id),
          },
        ]
      : [],
  );
}

/** Query rows that the workgroup at a position has. */
function rowsOf(scene: PassScene, position: number): number {
  const { r0, r1 } = blockOf(scene, position, undefined);
  return r1 - r0 + 1;
}

const whole = new WeakMap<PassScene, Float64Array>();

/** Bytes used by all workgroups before a position. */
function before(scene: PassScene, held: readonly Held[], { trace }: Scene): Float64Array {
  const known = whole.get(scene);
  if (known) return known;
  const { pass, order, layouts } = scene;
  const sums = new Float64Array(order.length + 1);
  const counted = (workgroup: number, site: number): boolean =>
    pass.phases.some(
      ({ id }) => (pass.totals[((workgroup * pass.phases.length + id) * pass.sites.length + site) * 3] ?? 0) > 0,
    );
  order.forEach((workgroup, p) => {
    let sum = 0;
    for (const { name, tensor, loads, sites } of held) {
      if (!sites.some((site) => counted(workgroup, site))) continue;
      // Keys are read from the first on, tile by tile.
      const ends = pass.phases.map(
        ({ id }) =>
          touchesOf(pass, pass.totals, workgroup * pass.phases.length + id, trace.header.run.shape).reads[tensor],
      );
      const keys = Math.max(0, ...ends.map((rect) => (rect ? rect.r1 + 1 : 0)));
      const bc = tileKeys(layouts, name);
      for (let k0 = 0; k0 < keys; k0 += bc) sum += loadsOf(loads, rowsOf(scene, p), Math.min(bc, keys - k0));
    }
    sums[p + 1] = (sums[p] ?? 0) + BYTES * sum;
  });
  whole.set(scene, sums);
  return sums;
}

/** Keys of a tile: rows of the array that holds K or V, of Q's those of K's. */
function tileKeys(layouts: PassScene['layouts'], name: string): number {
  const own = layouts[name];
  return (own && isOfKeys(own) ? own : firstOfKeys(layouts))?.rows ?? 1;
}

const steps = new WeakMap<WorkgroupScene, Float64Array>();

/** Bytes used by a workgroup in phases 0 .. k-1. */
function within(
  scene: PassScene,
  held: readonly Held[],
  position: number,
  captured: CapturedWorkgroup,
  index: WorkgroupScene,
): Float64Array {
  const known = steps.get(index);
  if (known) return known;
  const { pass } = scene;
  const sums = new Float64Array(captured.order.length + 1);
  for (let k = 0; k < captured.order.length; k++) {
    let sum = 0;
    for (const { tensor, loads, sites } of held) {
      if (!sites.some((site) => (captured.counts[(k * pass.sites.length + site) * 3] ?? 0) > 0)) continue;
      const live = liveAt(index, tensor, k);
      if (live) sum += loadsOf(loads, rowsOf(scene, position), live.r1 - live.r0 + 1);
    }
    sums[k + 1] = (sums[k] ?? 0) + BYTES * sum;
  }
  steps.set(index, sums);
  return sums;
}

/**
 * How far the replay is: phase k of the workgroup at a position of a pass. What the workgroup did is known once its
 * capture is there.
 */
export interface Reached {
  readonly scene: Scene;
  readonly passIndex: number;
  readonly position: number;
  readonly k: number;
  readonly captured: CapturedWorkgroup | undefined;
  readonly index: WorkgroupScene | undefined;
}

/**
 * Bytes of Q, K and V tiles loaded in workgroup memory up to and including phase k, for rows and keys that exist;
 * undefined where the kernel holds none. Which of a tile's loads are for rows that exist is worked out from the card;
 * that they were made, and for which keys, is counted.
 */
export function usedAt({ scene, passIndex, position, k, captured, index }: Reached): number | undefined {
  const pass = scene.passes[passIndex];
  const held = pass && heldOf(pass);
  if (!pass || !held || held.length === 0) return undefined;
  const own = captured && index ? (within(pass, held, position, captured, index)[k + 1] ?? 0) : 0;
  return (before(pass, held, scene)[position] ?? 0) + own;
}

const holding = new WeakMap<PassScene, readonly Held[]>();

function heldOf(scene: PassScene): readonly Held[] {
  const made = holding.get(scene) ?? heldBy(scene);
  holding.set(scene, made);
  return made;
}
