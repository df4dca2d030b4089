// Stopwatches: a batch of runs on the device, by the wall (submit to done) and, where there are timestamps, on the
// GPU's own clock.
import type { Prepared } from './run';
import type { Session } from './session';
import { makeStamps, type Stamps } from './stamps';

/**
 * Milliseconds of k runs. `gpu`: in which the GPU was at work; absent without `timestamp-query`, NaN where any pass's
 * clock did not run forwards.
 */
export interface Reading {
  wall: number;
  gpu?: number;
}

export interface Stopwatch {
  run(k: number): Promise<Reading>;
  dispose(): void;
}

/** A submit of repeated runs stays about this short, ms: longer ones freeze the screen and meet the watchdog. */
const SUBMIT_MS = 250;

/** How many of k runs go into each submit when one takes at most `each` ms. */
export function chunks(k: number, each: number): number[] {
  const most = Math.max(1, Math.floor(SUBMIT_MS / Math.max(each, 1e-6)));
  return Array.from({ length: Math.ceil(k / most) }, (_, i) => Math.min(most, k - i * most));
}

/** Times one or more compute passes a run, each in a submit of its own. */
export function stopwatch(
  session: Session,
  submits: number,
  encode: (pass: GPUComputePassEncoder, submit: number) => void,
): Stopwatch {
  const stamps = session.timestamps ? makeStamps(session.device, submits) : undefined;
  /** No run takes longer than this, as far as is known: the first one tells. */
  let each = Infinity;
  return {
    run: async (k) => {
      const began = performance.now();
      // One submit has several repeats in one pass; several submits repeat as a whole, so that none grows long.
      const rounds = submits === 1 ? chunks(k, each) : Array.from({ length: k }, () => 1);
      let gpu = 0;
      let waited = 0;
      for (const repeats of rounds) {
        for (let s = 0; s < submits; s++) submitPass(session.device, stamps, s, repeats, encode);
        if (!stamps) continue;
        await session.during(session.device.queue.onSubmittedWorkDone());
        const before = performance.now();
        gpu += await stamps.read(session);
        waited += performance.now() - before;
      }
      if (!stamps) await session.during(session.device.queue.onSubmittedWorkDone());
      const wall = performance.now() - began - waited;
      each = Math.min(each, wall / k);
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
  const pass = commands.beginComputePass(stamps ? { timestampWrites: stamps.writes(submit) } : {});
  for (let i = 0; i < repeats; i++) encode(pass, submit);
  pass.end();
  device.queue.submit([commands.finish()]);
}

/**
 * Submits next to nothing (4 KiB are cleared): what every wall time holds, and where "done" is told in steps, a whole
 * step.
 */
export function tinyWatch(session: Session): { run(): Promise<number>; dispose(): void } {
  const { device } = session;
  const buffer = device.createBuffer({ size: 4096, usage: GPUBufferUsage.COPY_DST });
  return {
    run: async () => {
      const commands = device.createCommandEncoder();
      commands.clearBuffer(buffer);
      const began = performance.now();
      device.queue.submit([commands.finish()]);
      await session.during(device.queue.onSubmittedWorkDone());
      return performance.now() - began;
    },
    dispose: () => buffer.destroy(),
  };
}
