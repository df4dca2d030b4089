// How an error's details become sentences: what is wrong, why, and what to do.
import { bytes } from '../views/format';

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

/** A number of bytes with its unit. */
export const size = (d: Details, key: string): string => (typeof d[key] === 'number' ? bytes(d[key]) : (d[key] ?? '?'));

/** What a limit counts: bytes where its name says Size. */
export const amount = (d: Details, key: string): string => (/Size/.test(String(d['limit'])) ? size(d, key) : String(d[key]));
