// How an error's details become sentences: what is wrong, why, and what to do.
import type { ErrorCode, ErrorDetails } from '../../errors';
import { bytesApart } from '../../ui/format';
import type { Language } from '../../words';

export interface ErrorWords {
  what: string;
  why: string;
  fix: string;
}

/** How each of some codes is said, from what is known of it, in both languages. */
export type Spoken<C extends ErrorCode> = {
  readonly [Code in C]: Record<Language, (d: Readonly<ErrorDetails[Code]>) => ErrorWords>;
};

export const say =
  <D>(what: (d: D) => string, why: (d: D) => string, fix: (d: D) => string): ((d: D) => ErrorWords) =>
  (d) => ({ what: what(d), why: why(d), fix: fix(d) });

/** A number of bytes with its unit; with digits enough to tell it from every other number of the same message. */
export const size = (n: number, d: object): string =>
  bytesApart(
    n,
    Object.values(d).filter((other) => typeof other === 'number'),
  );

/** What a limit counts: bytes where its name says Size. */
export const amount = (n: number, d: ErrorDetails['over-limit']): string =>
  /Size/.test(d.limit) ? size(n, d) : String(n);
