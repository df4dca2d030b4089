// One block of the pool through all layers of a model, as boxes: each layer has its own K and V for the block's slots,
// one bar for each KV head. No three.js here.
import type { CacheShape } from '../../../paging';

/** A bar: as long as its slots, as wide as a head; a head of dimension 128 has width 1. */
export interface StackBar {
  readonly layer: number;
  readonly part: 'key' | 'value';
  readonly head: number;
  /** Its centre. */
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly width: number;
  readonly length: number;
  /** Whether its slots hold tokens. */
  readonly filled: boolean;
}

/** Every block has the same depth, so that few slots can be told apart, too. */
const DEPTH = 26;
const LAYER = 2.6;
const APART = 4;
/** The gap beside a bar, as a share of its width. */
const GAP = 0.2;

/** The size of the whole block for this many KV heads. */
export function stackSize({ layers, kvHeads, dim }: CacheShape): { width: number; height: number; depth: number } {
  return { width: (2 * kvHeads * dim) / 128 + APART, height: layers * LAYER, depth: DEPTH };
}

/**
 * Two bars for each layer, part (K or V) and head: the slots that hold tokens, and the empty ones.
 * @param filled slots that hold tokens, 0 .. blockSize
 */
export function stackBars(shape: CacheShape, blockSize: number, filled: number): StackBar[] {
  const { layers, kvHeads, dim } = shape;
  const { height, depth } = stackSize(shape);
  const slot = depth / blockSize;
  const head = dim / 128;
  const bars: StackBar[] = [];
  for (let layer = 0; layer < layers; layer++)
    for (const part of ['key', 'value'] as const)
      for (let k = 0; k < kvHeads; k++) {
        const x = (part === 'key' ? -1 : 1) * (APART / 2 + (kvHeads * head) / 2) + (k + 0.5 - kvHeads / 2) * head;
        const y = (layer + 0.5) * LAYER - height / 2;
        for (const [from, to] of [
          [0, filled],
          [filled, blockSize],
        ] as const) {
          if (from === to) continue;
          // The first slot is in front.
          const z = depth / 2 - ((from + to) / 2) * slot;
          bars.push({
            layer,
            part,
            head: k,
            x,
            y,
            z,
            width: head * (1 - GAP),
            length: (to - from) * slot,
            filled: from === 0 && filled > 0,
          });
        }
      }
  return bars;
}
