// The GPU's own clock: when each compute pass began and ended, read back, and what that is in milliseconds.
import type { Session } from './session';

/**
 * Milliseconds in which the GPU was at work: the union of the passes' intervals. What overlaps counts once, and a pause
 * between two passes not at all. NaN where any pass did not run forwards: what the others took is no longer the time of
 * the whole.
 * @param ticks begin and end of each pass, ns
 */
export function passTime(ticks: ArrayLike<bigint>): number {
  const spans: [bigint, bigint][] = [];
  for (let i = 0; i + 1 < ticks.length; i += 2) {
    const [begin, end] = [ticks[i]!, ticks[i + 1]!];
    if (end <= begin) return NaN;
    spans.push([begin, end]);
  }
  let total = 0n;
  let covered = 0n;
  for (const [begin, end] of spans.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))) {
    if (end <= covered) continue;
    total += end - (begin > covered ? begin : covered);
    covered = end;
  }
  return Number(total) / 1e6;
}

/** Two timestamps for each of some passes. */
export interface Stamps {
  /** What pass `p` writes its times to. */
  writes(p: number): GPUComputePassTimestampWrites;
  /** Of the last run of all passes, see `passTime`. */
  read(session: Session): Promise<number>;
  dispose(): void;
}

export function makeStamps(device: GPUDevice, passes: number): Stamps {
  const size = passes * 16;
  const set = device.createQuerySet({ type: 'timestamp', count: passes * 2 });
  const resolved = device.createBuffer({ size, usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC });
  const readable = device.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  return {
    writes: (p) => ({ querySet: set, beginningOfPassWriteIndex: p * 2, endOfPassWriteIndex: p * 2 + 1 }),
    read: async (session) => {
      const commands = device.createCommandEncoder();
      commands.resolveQuerySet(set, 0, passes * 2, resolved, 0);
      commands.copyBufferToBuffer(resolved, 0, readable, 0, size);
      device.queue.submit([commands.finish()]);
      await session.during(readable.mapAsync(GPUMapMode.READ));
      const ticks = new BigUint64Array(readable.getMappedRange().slice(0));
      readable.unmap();
      return passTime(ticks);
    },
    dispose: () => {
      set.destroy();
      resolved.destroy();
      readable.destroy();
    },
  };
}
