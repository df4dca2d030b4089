/**
 * The mean waste: sums over the scheduler's steps, stored for every moment, so that the mean up to any moment is one
 * look-up.
 */
import type { Waste } from './waste';

const PARTS = ['token', 'reserved', 'internal', 'external', 'free', 'cached'] as const satisfies (keyof Waste)[];

export class WasteSums {
  /** By moment, then by kind of memory, then by part. */
  private sums = new Float64Array(0);
  private steps = new Float64Array(256);
  private slots: readonly number[] = [];
  private length = 0;

  /**
   * Adds a moment.
   * @param wastes one for each kind of memory; undefined when the moment was no step, which adds nothing
   */
  add(wastes: readonly Waste[] | undefined): void {
    if (wastes && this.slots.length === 0) this.begin(wastes);
    this.grow();
    const [row, at] = [this.row, this.length];
    for (let i = 0; i < row; i++) this.sums[at * row + i] = at === 0 ? 0 : (this.sums[(at - 1) * row + i] as number);
    this.steps[at] = (at === 0 ? 0 : (this.steps[at - 1] as number)) + (wastes ? 1 : 0);
    for (const [kind, waste] of (wastes ?? []).entries())
      for (const [i, part] of PARTS.entries()) {
        const place = at * row + kind * PARTS.length + i;
        this.sums[place] = (this.sums[place] as number) + waste[part];
      }
    this.length += 1;
  }

  /** Removes all moments from an index on. */
  truncate(length: number): void {
    this.length = Math.min(this.length, length);
  }

  /** The mean over the steps up to a moment, in slots, one for each kind of memory; none before the first step. */
  mean(index: number): { steps: number; wastes: readonly Waste[] } | undefined {
    const steps = this.steps[index] ?? 0;
    if (index >= this.length || steps === 0) return undefined;
    const wastes = this.slots.map((slots, kind) => {
      const from = index * this.row + kind * PARTS.length;
      const parts = PARTS.map((part, i) => [part, (this.sums[from + i] as number) / steps]);
      return { slots, ...(Object.fromEntries(parts) as Record<(typeof PARTS)[number], number>) };
    });
    return { steps, wastes };
  }

  private get row(): number {
    return this.slots.length * PARTS.length;
  }

  /** The first step sets how many kinds of memory there are; before it all sums are 0. */
  private begin(wastes: readonly Waste[]): void {
    this.slots = wastes.map(({ slots }) => slots);
    this.sums = new Float64Array(this.steps.length * this.row);
  }

  private grow(): void {
    if (this.length < this.steps.length) return;
    const [steps, sums] = [this.steps, this.sums];
    this.steps = new Float64Array(2 * steps.length);
    this.steps.set(steps);
    this.sums = new Float64Array(2 * sums.length);
    this.sums.set(sums);
  }
}
