// Text to token ids and back: traditional script folded to simplified, one token a Chinese character, byte-pair merges
// for everything else, single bytes as the fallback, so that no input is unknown.

import { AttnError } from '../errors';

/** What `public/model/tokenizer.json` holds; written by `train/prepare.mjs`. */
export interface TokenizerData {
  readonly format: 'attnscope-tokenizer-1';
  /** Byte-pair merges in rank order; each joins two ids that exist before it. Merge k has id `FIRST_MERGE + k`. */
  readonly merges: readonly (readonly [number, number])[];
  /** Characters that are one token each; their ids follow the merges. */
  readonly characters: string;
  /** Traditional characters, and at the same index (in code points) what each becomes. */
  readonly foldFrom: string;
  readonly foldTo: string;
  /** Phrases whose characters fold differently together; the longest match wins over `foldFrom` (乾坤 stays 乾坤). */
  readonly foldPhrases: readonly (readonly [string, string])[];
}

/** Ids 0-255 are the bytes; 256 marks the start of a document in training. */
export const DOCUMENT_TOKEN = 256;
export const FIRST_MERGE = 257;

/** One encoded text. `labels[i]` is what an axis shows for token i. */
export interface Encoding {
  readonly ids: Uint16Array;
  readonly labels: readonly string[];
}

// As GPT-2's: a word keeps the space before it, so that merges never cross a word. Han characters stand alone.
export const PIECES =
  / ?(?:(?!\p{Script=Han})[\p{L}\p{M}])+| ?\p{N}{1,3}| ?[^\s\p{L}\p{M}\p{N}]+|\p{Script=Han}|\s|[^]/gu;

/** Encodes and decodes with one vocabulary. Construct once; both directions are pure. */
export class Tokenizer {
  readonly size: number;
  readonly #bytes: Uint8Array[] = [];
  readonly #rank = new Map<number, number>();
  readonly #characters = new Map<string, number>();
  readonly #fold = new Map<string, string>();
  readonly #phrases = new Map<string, string>();
  readonly #longestPhrase: number;
  readonly #cache = new Map<string, readonly number[]>();

  /** @throws AttnError `model-unavailable` (reason `foreign`; details: file, why) for data of another kind */
  constructor(data: TokenizerData) {
    if (data?.format !== 'attnscope-tokenizer-1') throw foreign('it is not an attnscope-tokenizer-1');
    for (let byte = 0; byte < 256; byte++) this.#bytes.push(Uint8Array.of(byte));
    this.#bytes.push(new Uint8Array(0));
    for (const [left, right] of data.merges) {
      const a = this.#bytes[left];
      const b = this.#bytes[right];
      if (!a || !b) throw foreign(`merge ${left} + ${right} uses an id that does not exist yet`);
      this.#rank.set(pairKey(left, right), this.#bytes.length);
      this.#bytes.push(Uint8Array.of(...a, ...b));
    }
    const utf8 = new TextEncoder();
    for (const character of data.characters) {
      this.#characters.set(character, this.#bytes.length);
      this.#bytes.push(utf8.encode(character));
    }
    const to = [...data.foldTo];
    [...data.foldFrom].forEach((from, i) => this.#fold.set(from, to[i] ?? from));
    let longest = 0;
    for (const [from, into] of data.foldPhrases) {
      this.#phrases.set(from, into);
      longest = Math.max(longest, [...from].length);
    }
    this.#longestPhrase = longest;
    this.size = this.#bytes.length;
  }

  /** Folds traditional script to simplified (longest phrase first, then single characters); other text is unchanged. */
  fold(text: string): string {
    const points = [...text];
    let folded = '';
    for (let i = 0; i < points.length;) {
      const point = points[i] as string;
      let length = point.codePointAt(0)! < 0x2e80 ? 1 : Math.min(this.#longestPhrase, points.length - i);
      for (; length > 1; length--) {
        const into = this.#phrases.get(points.slice(i, i + length).join(''));
        if (into !== undefined) {
          folded += into;
          break;
        }
      }
      if (length <= 1) {
        folded += this.#fold.get(point) ?? point;
        length = 1;
      }
      i += length;
    }
    return folded;
  }

  /** Whether this one character has its own token (after folding). */
  hasCharacter(character: string): boolean {
    return this.#characters.has(this.fold(character));
  }

  /** Any text to ids, folded first. A lone surrogate becomes U+FFFD, as everywhere on the web platform. */
  encode(text: string): Encoding {
    const ids: number[] = [];
    for (const [piece] of this.fold(text).matchAll(PIECES)) this.#encodePiece(piece, ids);
    return { ids: Uint16Array.from(ids), labels: ids.map((id) => this.label(id)) };
  }

  /**
   * How a text's pieces become tokens: the rank of the merge that made each token, from 0; undefined for a byte and for
   * a character that has a token of its own. Beside `encode`, token for token.
   */
  ranks(ids: ArrayLike<number>): (number | undefined)[] {
    const characters = this.size - this.#characters.size;
    return Array.from(ids, (id) => (id >= FIRST_MERGE && id < characters ? id - FIRST_MERGE : undefined));
  }

  /**
   * Ids to text: the inverse of encode up to folding (and lone surrogates). Bytes that are no UTF-8 become U+FFFD.
   * @throws AttnError `unexpected` for an id outside the vocabulary.
   */
  decode(ids: ArrayLike<number>): string {
    const parts = Array.from(ids, (id) => this.bytes(id));
    const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      joined.set(part, at);
      at += part.length;
    }
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(joined);
  }

  /** The bytes a token stands for (none for the document mark). @throws AttnError `unexpected` for an unknown id. */
  bytes(id: number): Uint8Array {
    const bytes = this.#bytes[id];
    if (!bytes) throw new AttnError('unexpected', { message: `token id ${id} is outside 0-${this.size - 1}` });
    return bytes;
  }

  /** A short visible name for an axis: spaces as ·, a new line as ⏎, part of a character as its bytes in hex (‹e4›). */
  label(id: number): string {
    if (id === DOCUMENT_TOKEN) return '‹doc›';
    const bytes = this.bytes(id);
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
    if (text.includes('\ufffd') && id < this.size - this.#characters.size) {
      return `‹${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ')}›`;
    }
    return text
      .replaceAll(' ', '·')
      .replaceAll('\n', '⏎')
      .replaceAll('\t', '⇥')
      .replaceAll(/\p{Cc}/gu, '␀');
  }

  #encodePiece(piece: string, into: number[]): void {
    const whole = this.#characters.get(piece);
    if (whole !== undefined) {
      into.push(whole);
      return;
    }
    // Runs of punctuation may hold full-width marks, which are tokens of their own.
    let start = 0;
    let i = 0;
    for (const character of piece) {
      const id = this.#characters.get(character);
      if (id !== undefined) {
        if (i > start) into.push(...this.#merge(piece.slice(start, i)));
        into.push(id);
        start = i + character.length;
      }
      i += character.length;
    }
    if (start < piece.length) into.push(...this.#merge(piece.slice(start)));
  }

  /** Byte-pair encoding of one piece: the lowest-ranked adjacent pair is joined until none is left. */
  #merge(piece: string): readonly number[] {
    const known = this.#cache.get(piece);
    if (known) return known;
    const ids: number[] = Array.from(new TextEncoder().encode(piece));
    for (;;) {
      let best = Infinity;
      let at = -1;
      for (let i = 0; i + 1 < ids.length; i++) {
        const rank = this.#rank.get(pairKey(ids[i]!, ids[i + 1]!));
        if (rank !== undefined && rank < best) {
          best = rank;
          at = i;
        }
      }
      if (at < 0) break;
      ids.splice(at, 2, best);
    }
    if (this.#cache.size < 50_000) this.#cache.set(piece, ids);
    return ids;
  }
}

function pairKey(left: number, right: number): number {
  return left * 65536 + right;
}

function foreign(why: string): AttnError {
  return new AttnError('model-unavailable', { reason: 'foreign', file: 'tokenizer.json', why });
}
