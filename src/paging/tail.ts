/** A list that only grows at its end. All copies share one buffer, so appending to a long sequence copies nothing. */

export class Tail<T> implements Iterable<T> {
  readonly length: number;
  /** Shared with longer and shorter copies; only its first `length` items belong to this one. */
  private readonly buffer: T[];

  private constructor(buffer: T[], length: number) {
    this.buffer = buffer;
    this.length = length;
  }

  static of<T>(items: readonly T[]): Tail<T> {
    return new Tail([...items], items.length);
  }

  /** Undefined outside 0 .. length - 1. */
  at(index: number): T | undefined {
    return index < this.length ? this.buffer[index] : undefined;
  }

  slice(from: number, to = this.length): T[] {
    return this.buffer.slice(from, Math.min(to, this.length));
  }

  /**
   * A longer list. The buffer is shared unless another copy has already grown differently from here (after a rewind or
   * a fork).
   */
  append(items: readonly T[]): Tail<T> {
    const shared = items.every(
      (item, i) => this.length + i >= this.buffer.length || this.buffer[this.length + i] === item,
    );
    const buffer = shared ? this.buffer : this.slice(0);
    for (let i = buffer.length - this.length; i < items.length; i++) buffer.push(items[i] as T);
    return new Tail(buffer, this.length + items.length);
  }

  [Symbol.iterator](): Iterator<T> {
    return this.slice(0)[Symbol.iterator]();
  }
}
