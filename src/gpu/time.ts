// Stopwatches: a batch of runs on the device, by the wall (submit to done) and, where there are timestamps, on the GPU's own clock.
import type { Prepared } from './run';
import type { Session } from './session';

/** Milliseconds of k runs. `gpu` is the sum over the compute passes; absent without `timestamp-query`, negative where the clock ran back. */
export interface Reading {
  wall: number;
  gpu?: number;
}

export interface Stopwatch {
  run(k: number): Promise<Reading>;
  dispose(): void;
}

/** Times one or more compute passes a run, each in a submit of its own. */
export function stopwatch(session: Session, submits: number, encode: (pass: GPUComputePassEncoder, submit: number) => void): Stopwatch {
  const stamps = session.timestamps ? makeStamps(session.device, submits) : undefined;
  return {
    run: async (k) => {
      const began = performance.now();
      // One submit runs in one pass with its k repeats; several submits repeat as a whole, so that none grows long.
      const [rounds, repeats] = submits === 1 ? [1, k] : [k, 1];
      let gpu = 0;
      let waited = 0;
      for (let round = 0; round < rounds; round++) {
        for (let s = 0; s < submits; s++) submitPass(session.device, stamps, s, repeats, encode);
        if (!stamps) continue;
        await session.during(session.device.queue.onSubmittedWorkDone());
        const before = performance.now();
        gpu += await stamps.read(session);
        waited += performance.now() - before;
      }
      if (!stamps) await session.during(session.device.queue.onSubmittedWorkDone());
      const wall = performance.now() - began - waited;
      return stamps ? { wall, gpu } : { wall };
    },
    dispose: () => stamps?.dispose(),
  };
}

/** A stopwatch for a prepared kernel, in the submits that it is cut into. */
export const kernelWatch = (session: Session, prepared: Prepared): Stopwatch =>
  stopwatch(session, prepared.slices.length, (pass, slice) => prepared.encode(pass, slice));

function submitPass(
  device: GPUDevice,
  stamps: Stamps | undefined,
  submit: number,
  repeats: number,
  encode: (pass: GPUComputePassEncoder, submit: number) => void,
): void {
  const commands = device.createCommandEncoder();
  const pass = commands.beginComputePass(
    stamps ? { timestampWrites: { querySet: stamps.set, beginningOfPassWriteIndex: submit * 2, endOfPassWriteIndex: submit * 2 + 1 } } : {},
  );
  for (let i = 0; i < repeats; i++) encode(pass, submit);
  pass.end();
  device.queue.submit([commands.finish()]);
}

interface Stamps {
  set: GPUQuerySet;
  /** Sum of all passes' durations, ms. */
  read(session: Session): Promise<number>;
  dispose(): void;
}

function makeStamps(device: GPUDevice, passes: number): Stamps {
  const size = passes * 16;
  const set = device.createQuerySet({ type: 'timestamp', count: passes * 2 });
  const resolved = device.createBuffer({ size, usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC });
  const readable = device.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  return {
    set,
    read: async (session) => {
      const commands = device.createCommandEncoder();
      commands.resolveQuerySet(set, 0, passes * 2, resolved, 0);
      commands.copyBufferToBuffer(resolved, 0, readable, 0, size);
      device.queue.submit([commands.finish()]);
      await session.during(readable.mapAsync(GPUMapMode.READ));
      const ticks = new BigInt64Array(readable.getMappedRange().slice(0));
      readable.unmap();
      let nanoseconds = 0;
      for (let p = 0; p < passes; p++) nanoseconds += Number((ticks[p * 2 + 1] ?? 0n) - (ticks[p * 2] ?? 0n));
      return nanoseconds / 1e6;
    },
    dispose: () => {
      set.destroy();
      resolved.destroy();
      readable.destroy();
    },
  };
}
