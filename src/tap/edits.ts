/** Insert-only edits of a text: nothing is removed, and no line moves. */

/** The two instrumented texts of a kernel: 'state' counts and mirrors, 'lines' logs what one invocation assigns. */
export type Variant = 'state' | 'lines';

export class Edits {
  readonly #list: { at: number; text: string; sequence: number; only: Variant | undefined }[] = [];

  /**
   * Inserts before the character at `at`. Several inserts at one position keep the order of the calls.
   * @param only the one text that gets it; both when absent
   */
  insert(at: number, text: string, only?: Variant): void {
    if (text === '') return;
    if (text.includes('\n')) throw new Error('an insert may not hold a line break');
    this.#list.push({ at, text, sequence: this.#list.length, only });
  }

  /** Inserts `open` before and `close` after a span of the counting text, around whatever `inside` inserts. */
  wrap(span: { start: number; end: number }, open: string, close: string, inside: () => void = () => {}): void {
    this.insert(span.start, open, 'state');
    inside();
    this.insert(span.end, close, 'state');
  }

  /** One of the two texts, with its own inserts and those for both. */
  apply(source: string, variant: Variant): string {
    const wanted = this.#list.filter(({ only }) => only === undefined || only === variant);
    const sorted = wanted.toSorted((a, b) => a.at - b.at || a.sequence - b.sequence);
    let from = 0;
    let out = '';
    for (const { at, text } of sorted) {
      out += source.slice(from, at) + text;
      from = at;
    }
    return out + source.slice(from);
  }
}
