// How an error's details become sentences: what is wrong, why, and what to do.
import { bytesApart } from '../../ui/format';

export interface ErrorWords {
  what: string;
  why: string;
  fix: string;
}

type Details = Readonly<Record<string, string | number>>;
export type Spoken = (d: Details) => ErrorWords;

export const say =
  (what: (d: Details) => string, why: (d: Details) => string, fix: (d: Details) => string): Spoken =>
  (d) => ({ what: what(d), why: why(d), fix: fix(d) });

/** The reason that somebody else gave, or another. */
export const reason = (d: Details, other: string): string => (d['reason'] ? String(d['reason']) : other);

/** A number of bytes with its unit; with digits enough to tell it from every other number of the same message. */
export function size(d: Details, key: string): string {
  const n = d[key];
  if (typeof n !== 'number') return n ?? '?';
  return bytesApart(
    n,
    Object.values(d).filter((other) => typeof other === 'number'),
  );
}

/** What a limit counts: bytes where its name says Size. */
export const amount = (d: Details, key: string): string => (/Size/.test(String(d['limit'])) ? size(d, key) : String(d[key]));
