/**
 * What is recorded of one pass: totals of its whole grid, the workgroups of a plane, or one workgroup with the lines of
 * a thread.
 */
import { decodeCounts, needsOf, readingOf } from '../../tap/decode';
import type { Raw, Reading } from '../../tap/decode';
import { exceeds, largest, planBuffer } from '../../tap/layout';
import type { Caps, Extract } from '../../tap/layout';
import type { CapturedWorkgroup } from '../../trace/trace';
import { throwIfAborted } from '../machine';
import { coordinates, NO_THREAD } from './capture-pass';
import type { TappedPass } from '../../tap/describe';
import type { Piece, RecordOptions, TapPass } from './capture-pass';
import type { Decoder } from './decoder';
import type { Tensors } from './tensors';

/** What one workgroup gets at first; it is captured again with exactly what it needs when that was too little. */
const FIRST_CAPS: Caps = { phases: 128, state: 2 ** 18, lines: 2 ** 15, stores: 2 ** 17 };
const NO_CAPS: Caps = { phases: 0, state: 0, lines: 0, stores: 0 };

/**
 * Caps that the largest buffer of the device holds: lines give way first, then state and stores in proportion. What does
 * not fit is recorded as dropped.
 */
function fitting(tap: TapPass, wanted: Caps): Caps {
  const words = (caps: Caps) => planBuffer(tap.tapped, { grid: [1, 1, 1], totals: false, captured: 1, caps }).size;
  const over = (caps: Caps) => Math.max(0, words(caps) - tap.maxWords);
  const shorter = { ...wanted, lines: Math.max(0, wanted.lines - Math.ceil(over(wanted) / 2)) };
  const held = 2 * shorter.state + shorter.stores;
  const part = held === 0 ? 0 : Math.max(0, 1 - over(shorter) / held);
  return { ...shorter, state: Math.floor(shorter.state * part), stores: Math.floor(shorter.stores * part) };
}

export class PassCapture {
  readonly source: TappedPass;
  readonly tap: TapPass;
  readonly #decoder: Decoder;
  readonly #reading: Reading;
  /** The room that a workgroup captured by itself is given. */
  #caps = FIRST_CAPS;

  constructor(decoder: Decoder, source: TappedPass, tap: TapPass, tensors: Tensors) {
    this.source = source;
    this.tap = tap;
    this.#decoder = decoder;
    this.#reading = readingOf(source.tapped);
    tap.bind(tensors);
  }

  /** Counts of all workgroups: [workgroup][static phase][site][n, lo + 1, hi + 1]. */
  async totals(pieces: readonly Piece[], options: RecordOptions): Promise<Uint32Array> {
    const extract: Extract = {
      grid: this.source.spec.grid,
      totals: true,
      first: 0,
      captured: 0,
      caps: NO_CAPS,
      thread: NO_THREAD,
    };
    const plan = await this.tap.record(extract, pieces, options);
    const words = await this.tap.readAll(plan);
    return decodeCounts(this.source.tapped, words.subarray(plan.totals, plan.size));
  }

  /**
   * One workgroup by itself, with the lines of `thread` or without lines; a second time with more room when the first
   * try shows that it needs it.
   */
  async one(
    workgroup: number,
    thread: number | undefined,
    signal?: AbortSignal,
  ): Promise<{ captured: CapturedWorkgroup; needs: Caps }> {
    const { tap } = this;
    if (thread !== undefined) await tap.prepareLines();
    const { grid } = this.source.spec;
    const piece = { origin: coordinates(workgroup, grid), size: [1, 1, 1] };
    let extract: Extract = {
      grid,
      totals: false,
      first: workgroup,
      captured: 1,
      caps: this.#caps,
      thread: thread ?? NO_THREAD,
    };
    let plan = await tap.record(extract, [piece], { signal });
    let needs = await tap.readNeeds(plan);
    if (exceeds(needs, this.#caps)) {
      this.#caps = fitting(tap, largest(this.#caps, needs));
      extract = { ...extract, caps: this.#caps };
      plan = await tap.record(extract, [piece], { signal });
      needs = await tap.readNeeds(plan);
    }
    throwIfAborted(signal);
    const raw = await tap.readOne(plan, extract, needs);
    throwIfAborted(signal);
    const [captured] = await this.#decoder.decode(this.#reading, { ...raw, thread });
    return { captured: captured!, needs };
  }

  /**
   * All workgroups from `first` on that the pieces cover, or undefined when they need more than `room` bytes.
   * @param needs what one of them needs, as a first guess
   */
  async all(
    first: number,
    count: number,
    pieces: readonly Piece[],
    thread: number | undefined,
    needs: Caps,
    room: number,
    options: RecordOptions,
  ) {
    const { tap } = this;
    if (thread !== undefined) await tap.prepareLines();
    const { grid } = this.source.spec;
    const record = async (caps: Caps): Promise<Raw | undefined> => {
      const extract: Extract = { grid, totals: false, first, captured: count, caps, thread: thread ?? NO_THREAD };
      const words = planBuffer(tap.tapped, extract).size;
      if (words * 4 > room || words > tap.maxWords) return undefined;
      const plan = await tap.record(extract, pieces, options);
      return { words: await tap.readAll(plan), plan, caps, first, captured: count, thread };
    };
    let raw = await record(needs);
    const most = raw && Array.from({ length: count }, (_, i) => needsOf(raw!, i)).reduce(largest, needs);
    if (most && exceeds(most, needs)) raw = await record(most);
    if (!raw) return undefined;
    const bytes = raw.words.byteLength;
    return { captured: await this.#decoder.decode(this.#reading, raw), bytes };
  }

  dispose(): void {
    this.tap.dispose();
  }
}
