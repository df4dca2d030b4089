// What the tiles of a kernel take of workgroup memory, and which fit a device.
import type { Limits, TileVerdict } from '../ops/limits';
import type { Run } from '../ops/run';
import type { Kernel } from './card';

/** For each tile on offer: its workgroup memory, and whether `run` with it fits these limits. */
export const tileVerdicts = (card: Kernel, run: Run, limits: Limits): TileVerdict[] =>
  card.tiles.map((tile) => {
    const tiled = { ...run, tile };
    const refusal = card.limit(tiled, limits);
    return { tile, sramBytes: card.sramBytes(tiled), fits: refusal === undefined, refusal };
  });

/** Kernels name what lies in workgroup memory sQ, sK, ... (a test holds them to it). */
const SHARED = /^s[A-Z]/;

/**
 * The workgroup arrays of a run (of its hungriest pass), in the order of the source, with their bytes: f32, sizes from
 * the card's layouts.
 */
export function sramParts(card: Kernel, run: Run): { name: string; bytes: number }[] {
  const passes = card
    .passes(run)
    .map(({ layouts }) =>
      Object.entries(layouts).flatMap(([name, { rows, cols }]) =>
        SHARED.test(name) ? [{ name, bytes: rows * cols * 4 }] : [],
      ),
    );
  return passes.reduce((most, parts) => (totalOf(parts) > totalOf(most) ? parts : most), []);
}

const totalOf = (parts: readonly { bytes: number }[]): number => parts.reduce((n, part) => n + part.bytes, 0);
