// The Time lab: lays settings, sweep and results out, and turns what a visitor does into state. Owns nothing else.
import { effect, signal } from '@preact/signals-core';
import { html, nothing, render, type TemplateResult } from 'lit';
import type { Report } from '../../bench/report';
import { chartCss } from '../../views/charts/chart';
import type { LabEnv, MountedLab } from '../lab';
import { openFile, planBar, startBar } from './plan-bar';
import { protocolDialog, protocolPane } from '../shared/protocol';
import { results, type ResultsEnv } from './results';
import { createTunedStore } from '../shared/tuned-store';
import { speakTime } from './speech';
import { createTimeStore, isStale, type Running, type TimeStore } from './store';
import timeCss from './time.css?inline';

/** Two figures side by side from this width on. */
const TWO = 900;
/** Question and settings side by side, and the protocol below them, from this width on; time.css says the same. */
const WIDE = 1100;
/** What a figure's border, padding and the gap between two take. */
const FRAME = { pad: 26, gap: 12 };

export function mountTime(host: HTMLElement, env: LabEnv): MountedLab {
  const { language, state } = env;
  env.adopt(chartCss);
  env.adopt(timeCss);
  const words = speakTime(language);
  const tuned = env.keep('tuned', () => createTunedStore(env.session));
  const store = env.keep('time', () =>
    createTimeStore({
      session: env.session,
      ready: env.ready,
      idle: () => idle(env),
      onError: env.actions.report,
      tuned,
    }),
  );
  const root = document.createElement('div');
  root.className = 'time-lab';
  host.append(root);
  const width = signal(0);
  const copyState = signal<'yes' | 'no' | undefined>(undefined);
  const size = new ResizeObserver(() => (width.value = root.clientWidth));
  size.observe(root);
  render(
    html`<section class="pane plan" aria-label=${words.settings}></section>
      <div class="body"></div>
      <div class="wide-host"></div>
      <div class="protocol-host"></div>
      <div class="card-host"></div>`,
    root,
  );
  const part = (selector: string): HTMLElement => root.querySelector<HTMLElement>(selector) ?? root;
  const protocol = (): void => root.querySelector<HTMLDialogElement>('dialog.protocol')?.showModal();
  const card = async (): Promise<void> => {
    const report = store.report.peek();
    if (!report) return;
    const { showCard } = await import('./card');
    await showCard(part('.card-host'), {
      report,
      recorded: store.recorded.peek(),
      mask: store.view.peek().mask,
      language,
    });
  };
  const shown = (report: Report): TemplateResult =>
    results({
      store,
      report,
      recorded: store.recorded.value,
      language,
      words,
      width: figureWidth(width.value),
      protocol,
      settings: () => part('.plan').scrollIntoView({ block: 'start' }),
      link: env.link,
      card: () => void card(),
      past: pastOf(store.running.value, !store.recorded.value && isStale(report, state.time.value)),
      copyState: copyState.value,
      copied: (done) => {
        copyState.value = done ? 'yes' : 'no';
        setTimeout(() => (copyState.value = undefined), 3000);
      },
    });
  const narrow = matchMedia('(max-width: 799px)');
  let before = store.running.peek() !== undefined;
  const ends = [
    effect(() => {
      const decoding = store.report.value?.decoding ?? state.time.value.decoding;
      render(protocolDialog(language, words.close, decoding ? words.hereOne : words.hereAll), part('.protocol-host'));
    }),
    effect(() => {
      render(planBar({ env, store, words }), part('.plan'));
    }),
    effect(() => {
      const report = store.report.value;
      const fresh = !report && store.running.value === undefined;
      root.classList.toggle('fresh', fresh);
      root.classList.toggle('has', report !== undefined);
      const busy = store.running.value !== undefined;
      root.classList.toggle('busy', busy);
      // On a phone what was set gives way, and the page would stand anywhere.
      if (busy && !before && narrow.matches) root.scrollIntoView({ block: 'start' });
      before = busy;
      // On a wide screen there is room to say at once how it is measured.
      render(fresh && width.value >= WIDE ? protocolPane(language) : nothing, part('.wide-host'));
      if (width.value === 0) return;
      render(report ? shown(report) : empty(env, store, width.value >= WIDE ? undefined : protocol), part('.body'));
    }),
  ];
  store.away(false);
  return {
    drop: (file) => void store.open(file),
    dispose() {
      store.away(true);
      for (const end of ends) end();
      size.disconnect();
      root.remove();
    },
  };
}

/** Whether the figures on screen are of something else than what is set, or is being measured. */
const pastOf = (running: Running | undefined, stale: boolean): ResultsEnv['past'] =>
  running ? (running.own ? undefined : 'measuring') : stale ? 'stale' : undefined;

/** Resolves when the page itself runs nothing: after a loss it first starts over. */
const idle = ({ state }: LabEnv): Promise<void> =>
  new Promise((resolve) => {
    const end = effect(() => {
      if (state.progress.value !== undefined) return;
      resolve();
      queueMicrotask(() => end());
    });
  });

/** The chart's width in a figure of this lab's width. */
const figureWidth = (lab: number): number => {
  const columns = lab >= TWO ? 2 : 1;
  return Math.max(240, Math.floor((lab - 2 * FRAME.gap - (columns - 1) * FRAME.gap) / columns - FRAME.pad));
};

/**
 * Before any run: what this lab does, or why it cannot here. @param protocol opens it, where it does not stand on the
 * page
 */
function empty(env: LabEnv, store: TimeStore, protocol: (() => void) | undefined): TemplateResult {
  const words = speakTime(env.language);
  const how = protocol ? html`<button class="plain how" @click=${protocol}>${words.howBefore}</button>` : nothing;
  if (!env.state.canRun.value) {
    return html`<section class="pane empty">
      <h2>${words.emptyTitle}</h2>
      <p class="no-device"><b>${words.noDevice}</b> ${words.noDeviceThen}</p>
      <div class="start-bar">${openFile(store, words)} ${how}</div>
    </section>`;
  }
  return html`<section class="pane empty">
    <h2>${words.emptyTitle}</h2>
    <p>${words.empty}</p>
    ${store.running.value ? '' : startBar({ env, store, words })} ${how}
  </section>`;
}
