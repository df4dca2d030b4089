/** Insert-only edits of a text: nothing is removed, nothing moves to another line. */

export class Edits {
  readonly #list: { at: number; text: string; sequence: number; lines: boolean }[] = [];

  /**
   * Inserts before the character at `at`. Several inserts at one place keep the order in which they were asked for.
   * @param lines whether only the text that logs lines gets it
   */
  insert(at: number, text: string, lines = false): void {
    if (text === '') return;
    if (text.includes('\n')) throw new Error('an insert may not hold a line break');
    this.#list.push({ at, text, sequence: this.#list.length, lines });
  }

  /** Puts `open` before and `close` after a span, with whatever `inside` inserts between them. */
  wrap(span: { start: number; end: number }, open: string, close: string, inside: () => void = () => {}): void {
    this.insert(span.start, open);
    inside();
    this.insert(span.end, close);
  }

  /** The text with its inserts; `lines`: with those that log lines too. */
  apply(source: string, lines: boolean): string {
    const wanted = this.#list.filter((edit) => lines || !edit.lines);
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
