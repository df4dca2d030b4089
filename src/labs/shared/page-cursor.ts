// The cursor of the Page lab as a link carries it: moment, chosen request, pane of a small screen, and what is pinned.
import { computed, type Signal } from '@preact/signals-core';
import type { CursorState, PagingCursor } from '../../figure/paging/stage';
import { PAGE_PANES } from '../../views/paging';

/** Every pane of a small screen: the controls, the pictures, the proof. */
export const TABS = ['controls', ...PAGE_PANES, 'proof'] as const;
export type Tab = (typeof TABS)[number];

export interface PageCursor extends PagingCursor {
  readonly tab: Tab;
}

export const defaultCursor: PageCursor = { index: undefined, request: undefined, tab: 'pool', pinned: {} };

const numbered = (text: string): number | undefined => (/^\d{1,7}$/.test(text) ? Number(text) : undefined);

/** `37.2.tables.b5`; parts at their default are left empty. */
export function formatCursor({ index, request, tab, pinned }: PageCursor): string {
  const pin = [
    ['b', pinned.block],
    ['c', pinned.cpu],
    ['r', pinned.request],
    ['p', pinned.position],
  ]
    .map(([letter, n]) => (n === undefined ? '' : `${letter}${n}`))
    .join('');
  return [index ?? '', request ?? '', tab === defaultCursor.tab ? '' : tab, pin].join('.').replace(/\.+$/, '');
}

/** Reads what formatCursor writes; undefined where any of it is not valid. */
export function parseCursor(text: string): PageCursor | undefined {
  const [at = '', who = '', where = '', pin = '', more] = text.split('.');
  const index = numbered(at);
  const request = numbered(who);
  const tab = where === '' ? defaultCursor.tab : TABS.find((one) => one === where);
  const found = /^(?:b(\d{1,7}))?(?:c(\d{1,7}))?(?:r(\d{1,7}))?(?:p(\d{1,7}))?$/.exec(pin);
  if (
    !tab ||
    !found ||
    more !== undefined ||
    (at !== '' && index === undefined) ||
    (who !== '' && request === undefined)
  )
    return undefined;
  const [block, cpu, of, position] = [found[1], found[2], found[3], found[4]].map((n) =>
    n === undefined ? undefined : Number(n),
  );
  const pinned = {
    ...(block !== undefined && { block }),
    ...(cpu !== undefined && { cpu }),
    ...(of !== undefined && { request: of }),
    ...(position !== undefined && { position }),
  };
  return { index, request, tab, pinned };
}

/** The cursor as the link's text of it; one that cannot be read is the default. */
export function cursorIn(moment: Signal<string>): CursorState<PageCursor> {
  const cursor = computed(() => parseCursor(moment.value) ?? defaultCursor);
  return { cursor, move: (change) => void (moment.value = formatCursor({ ...cursor.peek(), ...change })) };
}
