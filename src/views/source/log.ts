// The log of one thread in one phase: a list of assignments of which only the rows in sight exist. Later entries show
// no value.
import type { Frame } from '../../frame/frame-types';
import type { speak } from '../../words';
import { element } from '../../ui/dom/element';
import { logged } from '../shared/logged';
import type { sourceWords } from './source.words';

/** Height of an entry in pixels; the style sheet says the same. */
const ENTRY = 24;

type Words = ReturnType<typeof speak<typeof sourceWords>>;

export interface LogPane {
  element: HTMLElement;
  draw(frame: Frame): void;
  dispose(): void;
}

/** Mounts the list. `go` is called with the entry that was clicked or reached by keys. */
export function logPane(words: Words, go: (index: number) => void): LogPane {
  const pane = element('div', 'log');
  const head = pane.appendChild(element('div', 'log-head'));
  const [title, count] = [head.appendChild(element('span', 'log-title')), head.appendChild(element('span', 'num'))];
  const scroller = pane.appendChild(element('div', 'entries'));
  scroller.tabIndex = 0;
  const sheet = scroller.appendChild(element('div', 'sheet'));
  sheet.role = 'presentation';
  const empty = element('p', 'empty');
  const pool: HTMLElement[] = [];
  let height = 0;
  let frame: Frame | undefined;

  const row = (i: number): HTMLElement => {
    const made = element('div', 'entry');
    made.role = 'option';
    made.id = `entry-${i}`;
    made.append(element('span', 'no'), element('span', 'name'), element('span', 'result'));
    made.addEventListener('click', () => go(Number(made.dataset['index'])));
    return made;
  };
  const fill = (made: HTMLElement, i: number): void => {
    const { entries, index } = (frame as Frame).line;
    const entry = entries[i];
    made.hidden = !entry;
    if (!entry) return;
    const known = i <= index;
    const result = known ? logged(entry.value) : '';
    made.dataset['index'] = String(i);
    made.style.setProperty('transform', `translateY(${i * ENTRY}px)`);
    made.classList.toggle('now', i === index);
    made.classList.toggle('later', !known);
    made.ariaSelected = String(i === index);
    made.ariaLabel = words.entryIs(entry.line, entry.name, known ? result : words.notYet);
    for (const [n, part] of [entry.line, entry.name, result].entries())
      (made.children[n] as HTMLElement).textContent = String(part);
    if (i === index) scroller.setAttribute('aria-activedescendant', made.id);
  };
  // Where the list is scrolled to; kept here, for asking the element would lay the page out in the middle of a step.
  let top = 0;
  let waiting = 0;
  const fillSight = (): void => {
    if (!frame) return;
    const first = Math.max(0, Math.floor(top / ENTRY) - 1);
    const rows = Math.ceil(Math.max(height, ENTRY) / ENTRY) + 3;
    while (pool.length < rows) pool.push(sheet.appendChild(row(pool.length)));
    pool.forEach((made, i) => fill(made, first + i));
  };
  const reveal = (): void => {
    const at = (frame?.line.index ?? 0) * ENTRY;
    if (height > 0 && (at < top || at + ENTRY > top + height)) {
      top = Math.max(0, Math.min(at - height / 2, (frame?.line.count ?? 0) * ENTRY - height));
      cancelAnimationFrame(waiting);
      waiting = requestAnimationFrame(() => (scroller.scrollTop = top));
    }
    fillSight();
  };
  const resized = new ResizeObserver(([entry]) => {
    height = entry?.contentRect.height ?? 0;
    reveal();
  });
  resized.observe(scroller);
  scroller.addEventListener(
    'scroll',
    () => {
      top = scroller.scrollTop;
      fillSight();
    },
    { passive: true },
  );
  scroller.addEventListener('keydown', (event) => {
    if (!frame || frame.line.count === 0) return;
    const { index, count: all } = frame.line;
    const page = Math.max(1, Math.floor(height / ENTRY) - 1);
    const goal = {
      ArrowUp: index - 1,
      ArrowDown: index + 1,
      PageUp: index - page,
      PageDown: index + page,
      Home: 0,
      End: all - 1,
    }[event.key];
    if (goal === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    go(Math.max(0, Math.min(all - 1, goal)));
  });

  let drawn: readonly unknown[] = [];
  return {
    element: pane,
    draw(next) {
      frame = next;
      const { entries, index, count: all } = next.line;
      const here = next.workgroup?.lines?.invocation === next.selection.thread;
      const key = [entries, index, all, next.selection.thread, here];
      if (key.every((x, i) => x === drawn[i])) return;
      drawn = key;
      title.textContent = words.log(next.selection.thread);
      count.textContent = all ? words.entry(index + 1, all) : '';
      scroller.role = all ? 'listbox' : 'group';
      scroller.ariaLabel = title.textContent;
      if (!all) scroller.removeAttribute('aria-activedescendant');
      empty.textContent = here ? words.nothing : words.capturing;
      if (all) empty.remove();
      else scroller.prepend(empty);
      sheet.style.setProperty('block-size', `${all * ENTRY}px`);
      reveal();
    },
    dispose() {
      resized.disconnect();
      cancelAnimationFrame(waiting);
    },
  };
}
