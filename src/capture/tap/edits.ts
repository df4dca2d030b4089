/** Insert-only edits of a text: nothing is removed, nothing moves to another line. */

export class Edits {
  readonly #list: { at: number; text: string; sequence: number }[] = [];

  /** Inserts before the character at `at`. Several inserts at one place keep the order in which they were asked for. */
  insert(at: number, text: string): void {
    if (text === '') return;
    if (text.includes('\n')) throw new Error('an insert may not hold a line break');
    this.#list.push({ at, text, sequence: this.#list.length });
  }

  /** Puts `open` before and `close` after a span, with whatever `inside` inserts between them. */
  wrap(span: { start: number; end: number }, open: string, close: string, inside: () => void = () => {}): void {
    this.insert(span.start, open);
    inside();
    this.insert(span.end, close);
  }

  apply(source: string): string {
    const sorted = this.#list.toSorted((a, b) => a.at - b.at || a.sequence - b.sequence);
    let from = 0;
    let out = '';
    for (const { at, text } of sorted) {
      out += source.slice(from, at) + text;
      from = at;
    }
    return out + source.slice(from);
  }
}
