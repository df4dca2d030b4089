// A stage for DOM tests of views: a shadow root with the theme, and an environment that writes down every event.
import theme from '../../ui/theme.css?inline';
import type { Trace } from '../../trace/trace';
import type { ViewEnv } from '../view';

export interface Stage {
  host: HTMLElement;
  root: ShadowRoot;
  env: ViewEnv;
  /** Events in the order they came: [name, argument]. */
  events: [string, unknown][];
}

/** Puts an empty host of this width on the page. */
export function stage(trace: Trace, css: string, width = 480, language: 'en' | 'zh' = 'en'): Stage {
  const outer = document.body.appendChild(document.createElement('div'));
  outer.dataset['theme'] = 'dark';
  const root = outer.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = [theme, css].map((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    return sheet;
  });
  const host = root.appendChild(document.createElement('div'));
  host.style.setProperty('width', `${width}px`);
  const events: [string, unknown][] = [];
  const note =
    (name: string) =>
    (x: unknown): void =>
      void events.push([name, x]);
  const on = Object.fromEntries(
    ['hover', 'pin', 'row', 'workgroup', 'phase', 'line', 'thread'].map((name) => [name, note(name)]),
  );
  return {
    host,
    root,
    events,
    env: { trace, language, theme: 'dark', motion: false, on: on as unknown as ViewEnv['on'] },
  };
}

/** What can be read in an element, spaces folded. */
export const shown = (element: Element | null | undefined): string =>
  (element?.textContent ?? '').replaceAll(/\s+/g, ' ').trim();

/** Sends a key to an element. */
export const press = (element: Element | null | undefined, key: string): boolean =>
  element?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })) ?? false;
