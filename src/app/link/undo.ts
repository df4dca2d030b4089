// What a change of the page is to its history: nothing that is gone back over, a new look at the same, or a choice.
import type { Located } from '../state';
import { formatFragment } from './fragment';

/** What a step or a glance changes: it never makes a history entry. */
const PASSING = ['cursor', 'moment', 'row', 'thread', 'pinned', 'granularity', 'speed', 'pane'] as const satisfies (keyof Located)[];

/** Whether two moments differ in no more than that, told without writing either of them out: this runs at every step. */
export const onlyPassed = (a: Located, b: Located): boolean =>
  (Object.keys(a) as (keyof Located)[]).every((key) => a[key] === b[key] || (PASSING as readonly string[]).includes(key));

/** Fields whose change is a choice: one step of undo. The others (cursor, row, speed, ...) only update the newest entry. */
export const undoable = (at: Located): string =>
  formatFragment({
    ...at,
    cursor: undefined,
    moment: '',
    row: undefined,
    thread: 0,
    pinned: undefined,
    granularity: 'phase',
    speed: 1,
    pane: 'cross',
    compare: { ...at.compare, at: 0 },
  });

/** The same but for how the page looks: who changes that still sees what the link was about. */
export const subject = (at: Located): string => undoable({ ...at, theme: undefined, language: undefined, space: 'flat' });
