/**
 * An immutable list, stored in pages. A changed copy shares every page that was not written to, so copying ten thousand
 * blocks is cheap.
 */

const PAGE = 64;

export class Rows<T> implements Iterable<T> {
  readonly length: number;
  private readonly pages: readonly (readonly T[])[];

  private constructor(pages: readonly (readonly T[])[], length: number) {
    this.pages = pages;
    this.length = length;
  }

  static of<T>(items: readonly T[]): Rows<T> {
    const pages: T[][] = [];
    for (let i = 0; i < items.length; i += PAGE) pages.push(items.slice(i, i + PAGE));
    return new Rows(pages, items.length);
  }

  /** @throws RangeError outside 0 .. length - 1: ids come from the same state, so this is an error in the program */
  at(index: number): T {
    const page = this.pages[Math.floor(index / PAGE)];
    if (!page || index >= this.length) throw new RangeError(`no row ${index} of ${this.length}`);
    return page[index % PAGE] as T;
  }

  [Symbol.iterator](): Iterator<T> {
    return this.pages.flat()[Symbol.iterator]() as Iterator<T>;
  }

  /**
   * Calls `visit` with each index at which another list of the same length has another item. Pages shared by both are
   * skipped.
   */
  differing(other: Rows<T>, visit: (index: number) => void): void {
    for (let i = 0; i < this.pages.length; i++) {
      const [page, there] = [this.pages[i] as readonly T[], other.pages[i] as readonly T[]];
      if (page === there) continue;
      for (let j = 0; j < page.length; j++) if (page[j] !== there[j]) visit(i * PAGE + j);
    }
  }

  /** A writer for one operation. */
  edit(): RowsEdit<T> {
    return new RowsEdit([...this.pages], this.length, (pages, length) => new Rows(pages, length));
  }
}

/** A writer: copies a page before it is first written to. The list it came from is unchanged. */
export class RowsEdit<T> {
  private readonly pages: (readonly T[])[];
  private readonly own = new Set<number>();
  private readonly make: (pages: readonly (readonly T[])[], length: number) => Rows<T>;
  length: number;

  constructor(
    pages: (readonly T[])[],
    length: number,
    make: (pages: readonly (readonly T[])[], length: number) => Rows<T>,
  ) {
    this.pages = pages;
    this.length = length;
    this.make = make;
  }

  at(index: number): T {
    const page = this.pages[Math.floor(index / PAGE)];
    if (!page || index >= this.length) throw new RangeError(`no row ${index} of ${this.length}`);
    return page[index % PAGE] as T;
  }

  set(index: number, item: T): void {
    this.ownPage(Math.floor(index / PAGE))[index % PAGE] = item;
  }

  push(item: T): void {
    this.ownPage(Math.floor(this.length / PAGE))[this.length % PAGE] = item;
    this.length += 1;
  }

  /** The new list; the writer must not be used afterwards. */
  done(): Rows<T> {
    return this.make(this.pages, this.length);
  }

  private ownPage(page: number): T[] {
    if (!this.own.has(page)) {
      this.pages[page] = [...(this.pages[page] ?? [])];
      this.own.add(page);
    }
    return this.pages[page] as T[];
  }
}
