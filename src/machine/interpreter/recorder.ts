/**
 * One instrumented pass, interpreted: workgroup by workgroup into the tap's buffer, which is decoded as one from a GPU
 * is.
 */
import { decodeCounts, decodeWorkgroups, needsOf, readingOf } from '../../tap/decode';
import type { Reading } from '../../tap/decode';
import type { TappedPass } from '../../tap/describe';
import { exceeds, largest, planBuffer, setupWords } from '../../tap/layout';
import type { Caps, Extract, Plan } from '../../tap/layout';
import { TAP_GROUP } from '../../tap/prelude';
import type { CapturedWorkgroup } from '../../trace/trace';
import { bindingKey, Lockstep } from './lockstep';
import type { Buffers } from './lockstep';

/** What a workgroup gets at first; it runs again with what it needs when that was too little. */
const FIRST_CAPS: Caps = { phases: 64, state: 2 ** 17, lines: 2 ** 15, stores: 2 ** 16 };
const NO_CAPS: Caps = { phases: 0, state: 0, lines: 0, stores: 0 };
/** No invocation has this index. */
const NO_THREAD = 2 ** 32 - 1;

/** Where a workgroup stands in its grid. */
const coordinates = (workgroup: number, [x, y]: readonly [number, number, number]): [number, number, number] => [
  workgroup % x,
  Math.floor(workgroup / x) % y,
  Math.floor(workgroup / (x * y)),
];

/** A buffer of the tap with the texts that write to it. */
interface Room {
  extract: Extract;
  plan: Plan;
  words: Uint32Array<ArrayBuffer>;
  setup: Uint32Array<ArrayBuffer>;
  lean: Lockstep;
  /** The text that logs lines, once a thread is asked for. */
  lined?: Lockstep;
  buffers: Buffers;
}

export class Recorder {
  readonly source: TappedPass;
  readonly #tensors: Buffers;
  readonly #reading: Reading;
  #room: Room | undefined;
  #counting: Room | undefined;

  /** @param tensors the buffers of @group(0), by `bindingKey` */
  constructor(source: TappedPass, tensors: Buffers) {
    this.source = source;
    this.#tensors = tensors;
    this.#reading = readingOf(source.tapped);
  }

  get workgroups(): number {
    const [x, y, z] = this.source.spec.grid;
    return x * y * z;
  }

  #open(extract: Extract): Room {
    const { tapped } = this.source;
    const plan = planBuffer(tapped, extract);
    const words = new Uint32Array(plan.size);
    const setup = setupWords(tapped, extract, plan, [0, 0, 0]);
    const buffers = new Map([
      ...this.#tensors,
      [bindingKey(1, 0), new ArrayBuffer(16)],
      [bindingKey(TAP_GROUP, 0), words.buffer],
      [bindingKey(TAP_GROUP, 1), setup.buffer],
    ]);
    return { extract, plan, words, setup, buffers, lean: new Lockstep(tapped.code, buffers) };
  }

  /** Counts a workgroup into the totals. */
  count(workgroup: number): void {
    const extract: Extract = {
      grid: this.source.spec.grid,
      totals: true,
      first: 0,
      captured: 0,
      caps: NO_CAPS,
      thread: NO_THREAD,
    };
    this.#counting ??= this.#open(extract);
    for (const _barrier of this.#counting.lean.workgroup(coordinates(workgroup, extract.grid)));
  }

  /** One workgroup in full, with the lines of `thread` or without lines, and the words that it took. */
  capture(workgroup: number, thread?: number): { captured: CapturedWorkgroup; words: number } {
    for (const _barrier of this.record(workgroup, thread));
    const room = this.#room!;
    const needs = needsOf(room, 0);
    const { caps } = room.extract;
    if (exceeds(needs, caps)) {
      this.#room = this.#open({ ...room.extract, caps: largest(caps, needs) });
      return this.capture(workgroup, thread);
    }
    const { words, plan } = room;
    const [captured] = decodeWorkgroups(this.#reading, { words, plan, caps, first: workgroup, captured: 1, thread });
    return { captured: captured!, words: planBuffer(this.source.tapped, { ...room.extract, caps: needs }).size };
  }

  /** Has everything ready, so that what `record` takes is the run alone. */
  prepare(): void {
    const { grid } = this.source.spec;
    this.#room ??= this.#open({ grid, totals: false, first: 0, captured: 1, caps: FIRST_CAPS, thread: NO_THREAD });
  }

  /** The same, to be stopped at a barrier; `bytes` then tells what it has asked of HBM so far. */
  *record(workgroup: number, thread?: number): Generator<void, void, void> {
    const { grid } = this.source.spec;
    this.prepare();
    const room = this.#room!;
    const extract: Extract = { ...room.extract, first: workgroup, thread: thread ?? NO_THREAD };
    room.extract = extract;
    room.setup.set(setupWords(this.source.tapped, extract, room.plan, [0, 0, 0]));
    room.words.fill(0);
    yield* room.lean.workgroup(coordinates(workgroup, grid));
    if (thread === undefined) return;
    room.lined ??= new Lockstep(this.source.tapped.lined, room.buffers);
    yield* room.lined.workgroup(coordinates(workgroup, grid));
  }

  /** Bytes that the workgroup in the buffer has requested from HBM. */
  bytes(): number {
    const { sites } = this.source.tapped;
    const { plan, words } = this.#room!;
    let sum = 0;
    for (let at = plan.counts; at < plan.log; at += 3 * sites.length) {
      for (const { id, space, bytes, mode } of sites) {
        if (space === 'storage') sum += (words[at + 3 * id] ?? 0) * bytes * (mode === 'both' ? 2 : 1);
      }
    }
    return sum;
  }

  /**
   * Counts of all workgroups, [workgroup][static phase][site][n, lo + 1, hi + 1]: those that were only counted, and
   * those that were captured.
   */
  totals(captured: readonly CapturedWorkgroup[]): Uint32Array {
    const { phases, sites } = this.source.tapped;
    const row = 3 * sites.length;
    const room = this.#counting;
    const all = room
      ? decodeCounts(this.source.tapped, room.words.subarray(room.plan.totals, room.plan.size))
      : new Uint32Array(this.workgroups * phases.length * row);
    for (const { workgroup, order, counts } of captured) {
      order.forEach((phase, k) => {
        const from = counts.subarray(k * row, (k + 1) * row);
        add(all, (workgroup * phases.length + phase) * row, from);
      });
    }
    return all;
  }
}

/** Adds executions; widens the range of what they touched. */
function add(to: Uint32Array, at: number, from: Uint32Array): void {
  for (let i = 0; i < from.length; i += 3) {
    const [n = 0, lo = 0, hi = 0] = from.subarray(i, i + 3);
    if (n === 0) continue;
    const known = to[at + i]!;
    to[at + i] = known + n;
    to[at + i + 1] = known === 0 ? lo : Math.min(to[at + i + 1]!, lo);
    to[at + i + 2] = Math.max(to[at + i + 2]!, hi);
  }
}
