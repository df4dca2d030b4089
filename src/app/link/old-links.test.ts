/**
 * Links that are out in the world: from the history of this project, its tests and notes, and one for every key, lab
 * and fault. Each still opens to the state that stands beside it, and is told of in the same way. The states were
 * written down once and read through; a link is never changed here so that a test passes.
 */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { defaultCursor, parseCursor } from '../../labs/shared/page-cursor';
import { parsePage } from '../../figure/paging/settings';
import { formatFragment, parseFragment } from './fragment';

interface Fault {
  kind: string;
  key?: string;
  value?: string;
}

interface Known {
  about: string;
  link: string;
  /** Where the state differs from the one that a plain address opens. */
  opens: Record<string, unknown>;
  /** What is said of the link, in any order. */
  told?: Fault[];
  /** What the state is written as, by the code of its time. */
  writes: string;
}

const { opening, links } = JSON.parse(readFileSync(new URL('fixtures/old-links.json', import.meta.url), 'utf8')) as {
  opening: Record<string, unknown>;
  links: Known[];
};

/**
 * A link to the state as plain data, with what its labs read of it later. The only place here that knows how the code
 * keeps it.
 */
function opened(link: string): { state: Record<string, unknown>; told: Fault[] } {
  const { located, problems } = parseFragment(link);
  const { page: text, moment, compare, stop, ...rest } = located;
  const { settings, unread } = parsePage(text);
  const place = parseCursor(moment);
  const later = [...(place ? [] : [{ key: 'moment', value: moment }]), ...unread];
  const page = { text, workload: settings.workload.id, changes: settings.changes, deeds: settings.userActions };
  const state = {
    ...rest,
    compare: { ...compare, at: stop },
    page,
    moment: { text: moment, ...(place ?? defaultCursor) },
  };
  const told = [...problems, ...(located.lab === 'page' ? later.map((part) => ({ kind: 'unread', ...part })) : [])];
  return JSON.parse(JSON.stringify({ state, told })) as ReturnType<typeof opened>;
}

/** The link that writes what another one opens. */
const rewritten = (link: string): string => formatFragment(parseFragment(link).located);

/** Fields that hold fields of their own, of which a link may say some. */
const NESTED = ['choice', 'time', 'compare', 'page', 'moment'];

/** What a plain address opens, and what is different beside it. */
const expected = (differs: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries({ ...opening, ...differs }).map(([key, value]) => [
      key,
      NESTED.includes(key) ? { ...(opening[key] as object), ...(value as object) } : value,
    ]),
  );

const inOrder = (told: readonly Fault[]): string[] =>
  told.map(({ kind, key, value }) => `${kind} ${key} ${value}`).toSorted();

/** What a link says, its check left out: that is over the order, too. */
const said = (link: string): string[] =>
  [...new URLSearchParams(link)]
    .filter(([key]) => key !== 'ok')
    .map(String)
    .toSorted();

it('there are at least sixty, each of its own', () => {
  expect(new Set(links.map(({ link }) => link)).size).toBe(links.length);
  expect(links.length).toBeGreaterThanOrEqual(60);
});

it.each(links)('$about', ({ link, opens, told = [], writes }) => {
  const now = opened(link);
  expect(now.state).toEqual(expected(opens));
  expect(inOrder(now.told)).toEqual(inOrder(told));
  expect(said(rewritten(link))).toEqual(said(writes));
});

it.each(links)('what was written for it then opens to the same as what is written now: $about', ({ link, writes }) => {
  const [then, now] = [opened(writes), opened(rewritten(link))];
  expect(then).toEqual(now);
  // What only a lab can read of a link is told by that lab, each time.
  expect(then.told.filter(({ kind }) => kind !== 'unread')).toEqual([]);
});
