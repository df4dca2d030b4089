// The only reader and writer of the location. Choices become history entries, so that Back is undo; the cursor replaces
// the newest entry, a few times a second at most, because browsers limit how often a page may write. One that refuses
// is asked again later, for the last state.
import { effect } from '@preact/signals-core';
import {
  formatFragment,
  onlyPassed,
  parseFragment,
  subject,
  undoable,
  type LinkProblem,
  type Located,
} from './fragment';
import { withoutMissing } from '../engine/imports';
import { languageOf, located, relocate, type State } from '../state';

/** Ms between two; Safari takes about a hundred in 30 s. */
const REPLACE_EVERY = 400;
/** Ms until a browser that has had enough is asked again. */
const AGAIN = 3_000;

/** What the address bar says now. A page without a word of the passage reads that of its language. */
export function readLocation(): { located: Located; problems: LinkProblem[] } {
  const { located: to, problems } = withoutMissing(parseFragment(location.hash));
  const passage = to.choice.passage ?? languageOf(to.language);
  return { located: { ...to, choice: { ...to.choice, passage } }, problems };
}

/** The link to this moment, in full. */
export const linkTo = (state: State): string =>
  `${location.href.replace(/#.*$/, '')}#${formatFragment(located(state))}`;

/** What happens to a link: its state is left for another, and what cannot be read of one that is opened later. */
interface OnLink {
  left(): void;
  report(problems: LinkProblem[]): void;
}

/**
 * Keeps state and location together until the returned function is called. A plain address stays plain until something
 * is chosen or stepped: reloaded, it is the same visit.
 */
export function followLocation(state: State, { left, report }: OnLink): () => void {
  let written = location.hash.replace(/^#/, '');
  let before = located(state);
  let choice = undoable(before);
  let about = subject(before);
  let last = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** A choice whose entry the browser refused. */
  let owed = false;

  /** Writes what the state is now, or comes back later. */
  const write = (fragment: string): void => {
    try {
      if (owed) history.pushState(null, '', `#${fragment}`);
      else history.replaceState(null, '', `#${fragment}`);
      written = fragment;
      owed = false;
    } catch {
      timer = setTimeout(replace, AGAIN);
    }
  };

  const replace = (): void => {
    clearTimeout(timer);
    timer = undefined;
    last = performance.now();
    const fragment = formatFragment(located(state));
    if (fragment !== written || owed) write(fragment);
  };

  /** What is left for another choice: its entry says where the visitor stood, so that Back leads there. */
  const leave = (fragment: string): void => {
    if (timer === undefined || owed) return;
    try {
      history.replaceState(null, '', `#${fragment}`);
    } catch {
      // A browser that has had enough keeps the entry as it was written last.
    }
  };

  const soon = (): void => {
    timer ??= setTimeout(replace, Math.max(0, REPLACE_EVERY - (performance.now() - last)));
  };

  const stop = effect(() => {
    const now = located(state);
    const was = before;
    const passed = onlyPassed(now, was);
    const idle = written === '' && (Object.keys(now) as (keyof Located)[]).every((key) => now[key] === before[key]);
    before = now;
    if (idle) return undefined;
    if (passed) return soon();
    const chosen = undoable(now);
    if (chosen !== choice) {
      choice = chosen;
      leave(formatFragment(was));
      clearTimeout(timer);
      timer = undefined;
      owed = true;
      write(formatFragment(now));
      const other = subject(now);
      if (other !== about) left();
      about = other;
    } else if (formatFragment(now) !== written) {
      soon();
    }
  });

  const arrive = (): void => {
    const fragment = location.hash.replace(/^#/, '');
    if (fragment === written) return;
    clearTimeout(timer);
    timer = undefined;
    owed = false;
    const { located: to, problems } = readLocation();
    written = fragment;
    choice = undoable(to);
    about = subject(to);
    left();
    relocate(state, to);
    report(problems);
  };
  addEventListener('popstate', arrive);
  return () => {
    stop();
    clearTimeout(timer);
    removeEventListener('popstate', arrive);
  };
}
