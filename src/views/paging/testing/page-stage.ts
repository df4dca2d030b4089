// A stage for tests of Page-lab views: a lived simulation gives frames, every event is written down.
import theme from '../../../ui/theme.css?inline';
import { configOf, type Config, type History, Simulation, WORKLOADS } from '../../../paging';
import type { Language } from '../../../words';
import type { MountedPageView, PageFrame, PageSelection, PageView } from '../view';

/** The history of a workload, run to its end or `most` operations. */
export function lived(id: string, changes: Partial<Config> = {}, most = 2000): History {
  const workload = WORKLOADS.find((one) => one.id === id);
  if (!workload) throw new Error(`no workload ${id}`);
  const simulation = new Simulation(workload, configOf(workload, changes));
  simulation.advance(most);
  return simulation.history;
}

export function pageFrame(history: History, index: number, selection: PageSelection = {}, chosen?: number): PageFrame {
  const moment = history.at(index);
  const before = history.at(Math.max(0, index - 1)).state;
  return {
    moment,
    before,
    series: history.series,
    end: history.last.state,
    length: history.length,
    selection,
    pinned: false,
    chosen,
    followed: chosen === undefined,
  };
}

export interface PageStage {
  host: HTMLElement;
  view: MountedPageView;
  /** Events in the order they came: [name, argument]. */
  events: [string, unknown][];
}

/** Mounts a view in a shadow root with the theme, so many pixels wide. */
export function pageStage(view: PageView, width = 700, language: Language = 'en'): PageStage {
  const outer = document.body.appendChild(document.createElement('div'));
  outer.dataset['theme'] = 'dark';
  const root = outer.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = [theme, view.css].map((text) => {
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
  const on = { hover: note('hover'), pin: note('pin'), request: note('request'), seek: note('seek') };
  const env = {
    language,
    theme: 'dark' as const,
    motion: false,
    on,
    tokenText: (token: number) => String.fromCharCode(token),
    hueOf: (request: number) => (request * 137) % 360,
  };
  return { host, view: view.mount(host, env), events };
}

/** Main-thread milliseconds of one call: the median of many, with the layout it asks for. */
export function costOf(count: number, act: (i: number) => void): number {
  const times = Array.from({ length: count }, (_, i) => {
    const start = performance.now();
    act(i);
    document.body.getBoundingClientRect();
    return performance.now() - start;
  });
  return times.toSorted((a, b) => a - b)[count >> 1] ?? NaN;
}
