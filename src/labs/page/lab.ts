// The Page lab: a simulated paged KV cache. Lays the views out around one moment, and turns what the visitor does into
// state.
import { batch, computed, effect, untracked } from '@preact/signals-core';
import { html, render } from 'lit';
import type { PageViewEnv } from '../../views/paging/view';
import type { LabEnv, MountedLab } from '../lab';
import { controls } from './controls';
import { followPageDeck } from './deck';
import { pageKeyMap } from './keys';
import { wasRefused, ownRequests, type NewAction } from './own';
import css from './page.css?inline';
import { mountPaging, type PagingEnv } from '../../figure/paging/paging';
import { followNarrow } from '../shared/narrow';
import { cursorIn, parseCursor, TABS, type PageCursor } from '../shared/page-cursor';
import { atRest } from '../../figure/rest';
import { createRunner, nameFor, type Runner } from '../../figure/paging/runner';
import { createTokenSource } from '../../figure/paging/token-source';
import { formatPage, parsePage, type UserAction, type PageSettings } from '../../figure/paging/settings';
import { speakPage, type PageSpeech } from './speech';
import { createPageStage, type PageStage } from '../../figure/paging/stage';
import { createPageTokens, hueOf, textOfToken } from '../../figure/paging/tokens';
import { PAGE_PANES, PAGE_VIEWS } from '../../views/paging';

type LabStage = PageStage<PageCursor>;

export function mountPage(host: HTMLElement, env: LabEnv): MountedLab {
  const { state, language, theme } = env;
  const words = speakPage(language);
  env.adopt(css);
  const tokens = env.keep('page-tokens', () => createPageTokens(env.model));
  const kept = env.keep('page', () => ({
    runner: createRunner(createTokenSource(tokens, env.actions.report)),
    reported: undefined as string | undefined,
  }));
  const { runner } = kept;
  const stage = createPageStage(cursorIn(state.moment), runner);
  const root = document.createElement('div');
  root.className = 'page-lab';
  host.append(root);
  render(skeleton(words), root);
  const find = (selector: string): HTMLElement => root.querySelector<HTMLElement>(selector) ?? root;
  const tokenText = textOfToken(tokens);
  const view: PageViewEnv = {
    language,
    theme,
    motion: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    on: stage.on,
    tokenText,
    hueOf,
  };
  const ends = [
    followSettings(env, kept),
    followControls(find, env, stage, words),
    followPageDeck(find('.deck'), { state, stage, runner, words, language, tokenText }),
    followFigure(root, { ...env, ...state, stage, runner, view }),
    followTabs(root, find('.tabs'), stage, words),
  ];
  let over = false;
  void import('./proof/proof').then(({ mountProof }) => {
    if (!over) ends.push(mountProof(find('.proof-host'), { lab: env, frame: stage.frame, tokens, tokenText }));
  }, env.actions.report);
  return {
    dispose() {
      over = true;
      for (const end of ends) end();
      root.remove();
    },
  };
}

/** The figure: its views stand in the panes. */
function followFigure(
  root: HTMLElement,
  env: Omit<PagingEnv, 'views' | 'place' | 'shown'> & { stage: LabStage },
): () => void {
  const { narrow, stop } = followNarrow();
  const end = mountPaging(root, {
    ...env,
    views: PAGE_VIEWS,
    place: (id) => {
      const host = root.querySelector<HTMLElement>(`[data-view="${id}"]`);
      const words = root.querySelector(`[data-describes="${id}"]`);
      return host ? { host, title: root.querySelector(`#page-title-${id}`), words } : undefined;
    },
    shown: (id) => !narrow.value || env.stage.cursor.value.tab === id,
  });
  return () => {
    end();
    stop();
  };
}

function skeleton(words: PageSpeech) {
  return html`<section class="page-controls" data-pane="controls" aria-label=${words.controls}>
      <div class="settings"></div>
      <div class="own"></div>
    </section>
    <div class="tabs" role="group" aria-label=${words.panes}></div>
    ${PAGE_PANES.map(
      (id) =>
        html`<section class="pane page-${id}" data-pane=${id} aria-labelledby="page-title-${id}">
          <h2 id="page-title-${id}">${words[id]}</h2>
          <p class="sr-only" data-describes=${id}></p>
          <div class="host" data-view=${id}></div>
        </section>`,
    )}
    <section class="deck" aria-label=${words.transport}></section>
    <section class="pane page-proof" data-pane="proof" aria-labelledby="page-title-proof">
      <h2 id="page-title-proof">${words.proof}</h2>
      <div class="proof-host"></div>
    </section>
    ${pageKeyMap(words)}`;
}

/** The list of requests to choose from is updated once the moment has been on screen for so long (ms). */
const OWN_MS = 120;

/**
 * Starts a simulation when the settings in the link change. Parts of the link that cannot be read are reported once.
 */
function followSettings({ state, unread }: LabEnv, kept: { runner: Runner; reported: string | undefined }): () => void {
  let started: string | undefined;
  return effect(() => {
    const text = state.page.value;
    untracked(() => {
      const cursorText = state.moment.peek();
      if (!parseCursor(cursorText)) unread('moment', cursorText.slice(0, 60));
    });
    untracked(() => {
      const parsed = parsePage(text);
      if (kept.reported !== text) for (const { key, value } of parsed.unread) unread(key, value);
      kept.reported = text;
      const wanted = formatPage(parsed.settings);
      const running = kept.runner.run.peek()?.settings;
      if (wanted === (started ?? (running && formatPage(running)))) return;
      started = wanted;
      kept.runner.start(parsed.settings);
    });
  });
}

/** The settings, and the visitor's own actions at the moment on screen. */
function followControls(
  find: (selector: string) => HTMLElement,
  { state, language }: LabEnv,
  stage: LabStage,
  words: PageSpeech,
): () => void {
  const settings = computed((): PageSettings => parsePage(state.page.value).settings);
  /**
   * The requests that can be chosen and the chosen one, as text: it changes when the bar of own requests must be drawn
   * anew.
   */
  const choosable = computed(() => {
    const frame = stage.frame.value;
    const ids = frame?.moment.state;
    return `${frame?.chosen} ${ids?.requests.length} ${ids?.running.join()} ${ids?.waiting.join()} ${ids?.swapped.join()}`;
  });
  const asked = computed(() => stage.cursor.value.request);
  const set = (to: PageSettings): void => {
    batch(() => {
      // Another workload starts at its first moment.
      if (to.workload !== settings.peek().workload) state.moment.value = '';
      state.page.value = formatPage(to);
    });
  };
  /**
   * An action that adds a request, until it is simulated: the new request's name, and the request that was chosen
   * before.
   */
  let pending: { name: string; chosen: number | undefined } | undefined;
  const act = (action: NewAction): void => {
    const frame = stage.frame.peek();
    if (!frame) return;
    const { index, state: pool } = frame.moment;
    pending = action.act === 'free' ? undefined : { name: nameFor(pool), chosen: frame.chosen };
    const { userActions, ...rest } = settings.peek();
    const userAction: UserAction = { at: index, ...action };
    batch(() => {
      // Later actions are dropped: they would happen to a different pool.
      set({ ...rest, userActions: [...userActions.filter(({ at }) => at < index), userAction] });
      stage.move({ index: index + 1, ...(action.act === 'free' ? {} : { request: pool.requests.length }) });
    });
  };
  const undo = (userAction: UserAction): void => {
    batch(() => {
      const { userActions, ...rest } = settings.peek();
      set({ ...rest, userActions: userActions.filter((other) => other !== userAction) });
      stage.move({ index: userAction.at, request: undefined });
    });
  };
  const own = find('.own');
  let shown = '';
  const showOwn = (): void => {
    const now = `${choosable.peek()} ${asked.peek()} ${state.page.peek()}`;
    if (now === shown) return;
    shown = now;
    const frame = stage.frame.peek();
    render(
      ownRequests({
        settings: settings.peek(),
        words,
        language,
        frame,
        act,
        undo,
        choose: (request) => stage.move({ request }),
      }),
      own,
    );
  };
  const rest = atRest(OWN_MS, showOwn);
  const ends = [
    effect(() => {
      render(controls({ settings: settings.value, words, set }), find('.settings'));
    }),
    effect(() => {
      void [settings.value, asked.value];
      untracked(showOwn);
    }),
    // When the action was refused, the request chosen before stays chosen: otherwise later actions would go to another
    // one.
    effect(() => {
      const moment = stage.frame.value?.moment;
      const operation = moment?.operation;
      if (!pending || !operation || !('name' in operation) || operation.name !== pending.name) return;
      const { chosen } = pending;
      pending = undefined;
      if (wasRefused(moment.events)) untracked(() => stage.move({ request: chosen }));
    }),
    // The bar is redrawn when the moment rests, or when the pointer or the focus enters it: a step renders no control.
    effect(() => {
      void choosable.value;
      rest.restart();
    }),
  ];
  for (const kind of ['pointerover', 'focusin']) own.addEventListener(kind, showOwn);
  return () => {
    rest.stop();
    for (const kind of ['pointerover', 'focusin']) own.removeEventListener(kind, showOwn);
    for (const end of ends) end();
  };
}

/** The tabs of small screens; style sheets decide whether they show. */
function followTabs(root: HTMLElement, tabs: HTMLElement, stage: LabStage, words: PageSpeech): () => void {
  const shown = computed(() => stage.cursor.value.tab);
  return effect(() => {
    root.dataset['shown'] = shown.value;
    for (const section of root.querySelectorAll<HTMLElement>('[data-pane]'))
      section.classList.toggle('shown', section.dataset['pane'] === shown.value);
    render(
      TABS.map(
        (tab) =>
          html`<button aria-pressed=${tab === shown.value} @click=${() => stage.move({ tab })}>${words[tab]}</button>`,
      ),
      tabs,
    );
    const pressed = tabs.querySelector<HTMLElement>('[aria-pressed=true]');
    if (pressed) tabs.scrollLeft = pressed.offsetLeft - tabs.offsetLeft - (tabs.clientWidth - pressed.offsetWidth) / 2;
  });
}
