// How far a reader has come, kept in this browser alone.
import { signal, type ReadonlySignal } from '@preact/signals-core';

export interface Mark {
  /** The furthest place that was open, from 1. */
  readonly step: number;
  /** Whether its last step was. */
  readonly done?: boolean;
  /** Id of the guess; '' = looked without one. */
  readonly guess?: string;
  readonly right?: boolean;
  /** What the run said, here. */
  readonly truth?: number;
  readonly exercise?: boolean;
  /** The answers were revealed. */
  readonly said?: boolean;
}

export type Marks = Readonly<Record<string, Mark>>;

/** A lesson as the map shows it. */
export type Standing = 'new' | 'begun' | 'done' | 'passed';

export const standingOf = (mark: Mark | undefined): Standing =>
  !mark ? 'new' : mark.exercise ? 'passed' : mark.done ? 'done' : 'begun';

export interface LessonProgress {
  readonly all: ReadonlySignal<Marks>;
  /** The lesson that was open last. */
  readonly last: ReadonlySignal<string | undefined>;
  mark(lesson: string, change: Partial<Mark>): void;
  clear(): void;
}

const NAME = 'attnscope.learn.1';

interface Kept {
  lessons: Record<string, Mark>;
  last?: string;
}

function read(text: string | null | undefined): Kept {
  const nothing = { lessons: {} };
  if (!text) return nothing;
  try {
    const found = JSON.parse(text) as Partial<Kept> | null;
    const entries = Object.entries(found?.lessons ?? {}).filter(([, mark]) => Number.isInteger(mark?.step));
    return { lessons: Object.fromEntries(entries), ...(typeof found?.last === 'string' && { last: found.last }) };
  } catch {
    return nothing;
  }
}

/** A storage that is blocked, full or missing keeps nothing beyond this visit. */
export function createProgress(
  storage: () => Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | undefined = () => globalThis.localStorage,
): LessonProgress {
  const attempt = <T>(act: () => T): T | undefined => {
    try {
      return act();
    } catch {
      return undefined;
    }
  };
  const kept = read(attempt(() => storage()?.getItem(NAME)));
  const all = signal<Marks>(kept.lessons);
  const last = signal(kept.last);
  return {
    all,
    last,
    mark(lesson, change) {
      const before = all.peek()[lesson];
      const step = Math.max(before?.step ?? 1, change.step ?? 1);
      const now: Mark = { ...before, ...change, step };
      last.value = lesson;
      if (JSON.stringify(now) === JSON.stringify(before)) return;
      all.value = { ...all.peek(), [lesson]: now };
      attempt(() => storage()?.setItem(NAME, JSON.stringify({ lessons: all.peek(), last: lesson } satisfies Kept)));
    },
    clear() {
      all.value = {};
      last.value = undefined;
      attempt(() => storage()?.removeItem(NAME));
    },
  };
}
