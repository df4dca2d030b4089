// The Page lab: a KV cache in pages, simulated step by step. Lays the pictures out around one moment, and turns what a visitor does into state.
import { effect, untracked } from '@preact/signals-core';
import { html, render } from 'lit';
import type { PageViewEnv } from '../../views/page-view';
import type { LabEnv, MountedLab } from '../lab';
import css from './page.css?inline';
import { followPictures } from './pictures';
import { TABS } from './place';
import { createRunner, type Runner } from './runner';
import { formatPage, parsePage, type PageSettings } from './settings';
import { speakPage, type PageSpeech } from './speech';
import { createPageStage } from './stage';
import { createPageTokens } from './tokens';
import { PAGE_PANES } from './views';

export function mountPage(host: HTMLElement, env: LabEnv): MountedLab {
  const { state, language, theme } = env;
  const words = speakPage(language);
  env.adopt(css);
  const tokens = env.keep('page-tokens', () => createPageTokens());
  const runner = env.keep('page', () => createRunner(tokens));
  const stage = createPageStage(state.moment, runner);
  const root = document.createElement('div');
  root.className = 'page-lab';
  host.append(root);
  render(skeleton(words), root);
  const view: PageViewEnv = {
    language,
    theme,
    motion: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    on: stage.on,
    tokenText: (token) => tokens.label(token) ?? (token >= 32 && token < 127 ? String.fromCharCode(token) : '·'),
    hueOf: (request) => (25 + request * 137.508) % 360,
  };
  const ends = [
    followSettings(env, runner),
    followPictures(root, { stage, language, view, simulation: runner.run, adopt: env.adopt }),
    effect(() => {
      root.dataset['shown'] = stage.place.value.tab;
      for (const section of root.querySelectorAll<HTMLElement>('[data-pane]'))
        section.classList.toggle('shown', section.dataset['pane'] === stage.place.value.tab);
      render(
        TABS.map(
          (tab) => html`<button aria-pressed=${tab === stage.place.value.tab} @click=${() => stage.move({ tab })}>${words[tab]}</button>`,
        ),
        root.querySelector<HTMLElement>('.tabs') ?? root,
      );
    }),
  ];
  let over = false;
  void import('./proof').then(({ mountProof }) => {
    const place = root.querySelector<HTMLElement>('.proof-host');
    if (!over && place) ends.push(mountProof(place, { lab: env, frame: stage.frame, tokens, tokenText: view.tokenText }));
  }, env.actions.report);
  return {
    dispose() {
      over = true;
      for (const end of ends) end();
      root.remove();
    },
  };
}

function skeleton(words: PageSpeech) {
  return html`<section class="page-controls" data-pane="controls" aria-label=${words.controls}></section>
    <div class="tabs" role="group" aria-label=${words.panes}></div>
    ${PAGE_PANES.map(
      (id) =>
        html`<section class="pane page-${id}" data-pane=${id} aria-labelledby="page-title-${id}">
          <h2 id="page-title-${id}">${words[id]}</h2>
          <p class="sr-only" data-describes=${id}></p>
          <div class="host" data-view=${id}></div>
        </section>`,
    )}
    <section class="deck" aria-label=${words.transport}>
      <div class="strip"></div>
      <p class="story" tabindex="0"></p>
    </section>
    <section class="pane page-proof" data-pane="proof" aria-labelledby="page-title-proof">
      <h2 id="page-title-proof">${words.proof}</h2>
      <div class="proof-host"></div>
    </section>`;
}

const told = new WeakMap<Runner, string>();

/** Starts a simulation when what the link says of it changes; what cannot be read of it is told once. */
function followSettings({ state, unread }: LabEnv, runner: Runner): () => void {
  return effect(() => {
    const text = state.page.value;
    if (told.get(runner) === text) return;
    told.set(runner, text);
    untracked(() => {
      const parsed = parsePage(text);
      for (const { key, value } of parsed.unread) unread(key, value);
      if (!sameSettings(runner.run.peek()?.settings, parsed.settings)) runner.start(parsed.settings);
    });
  });
}

const sameSettings = (a: PageSettings | undefined, b: PageSettings): boolean => a !== undefined && formatPage(a) === formatPage(b);
