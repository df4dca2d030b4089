// A figure of the small model: what is typed, chosen and pulled is its settings, one text that a link carries.
import { effect, signal, type ReadonlySignal, type Signal } from '@preact/signals-core';
import { render } from 'lit';
import { asAttnError } from '../../errors';
import { PASSAGES } from '../../model/passage';
import { element } from '../../ui/dom/element';
import { setText } from '../../ui/dom/text';
import { MODEL_VIEWS } from '../../views/model';
import type { ModelChange, ModelFrame, ModelSettings, ModelView, MountedModelView } from '../../views/model/view';
import { boxIn } from '../box';
import type { AnyFigure, Surroundings } from '../env';
import { listenForKeys } from '../keys';
import { atRest } from '../rest';
import modelCss from './model.css?inline';
import { createModelRunner, GROW, type ModelSource } from './runner';
import { formatModel, parseModel } from './settings';
import { textBox } from './text-box';

export interface ModelSpec {
  kind: 'model';
  /** As a link writes them (key `model`): text, what the pass does otherwise, position, sampling; absent: the passage. */
  settings?: string;
  /** Ids of views, in the order in which they stand. */
  views: readonly string[];
  /** Ids of the controls that are shown; absent: all. */
  controls?: readonly string[];
  /** Its name for screen readers. */
  label?: string;
}

/** What only figures of the small model ask for. */
export interface ModelResources {
  model?: ModelSource;
}

export interface MountedModel extends AnyFigure {
  readonly state: {
    settings: Signal<ModelSettings>;
    frame: ReadonlySignal<ModelFrame>;
    /** Whether nothing is on its way. */
    settled: ReadonlySignal<boolean>;
  };
  /** Changes some settings. */
  set(change: ModelChange): void;
  /** The settings as a link writes them. */
  text(): string;
}

/** Ms after which descriptions follow a step. */
const REST_MS = 400;

/** Views that need a pass over the text; the others are counts and merges. */
const PASSES = new Set(['model-stack', 'model-next']);

export function modelFigure(host: HTMLElement, spec: ModelSpec, env: Surroundings & ModelResources): MountedModel {
  const { language, theme, model } = env;
  if (!model) throw new Error('a figure of the model needs the model');
  env.adopt(modelCss);
  const settings = signal(parseModel(spec.settings ?? '').settings);
  const passes = spec.views.some((id) => PASSES.has(id));
  const runner = createModelRunner(model, settings, PASSAGES[language], {
    pass: passes,
    parts: spec.views.includes('model-ledger'),
    cut: spec.views.includes('model-merge'),
  });
  const { root, place } = boxIn(host, 'model', spec.views, spec.label);
  const set = (change: ModelChange): void => {
    const next = Object.entries({ ...settings.peek(), ...change }).filter(([, value]) => value !== undefined);
    settings.value = Object.fromEntries(next) as unknown as ModelSettings;
  };
  const on = {
    set,
    grow: (go: boolean): void =>
      set({ more: go ? runner.frame.peek().grown.length + GROW : runner.frame.peek().grown.length }),
  };
  const headLink = ({ layer, head }: { layer: number; head: number }): string => {
    const typed = settings.peek().text;
    const text = typed === undefined ? { passage: language } : { text: typed };
    return `#${new URLSearchParams({ input: 'text', ...text, layer: String(layer), head: String(head) }).toString()}`;
  };
  const bar = element('div', 'model-text');
  root.prepend(bar);
  const ends: (() => void)[] = [];
  const mounted: { view: ModelView; at: MountedModelView; words: Element | undefined }[] = [];
  let gone = false;
  const describe = (): void => {
    for (const { view, words } of mounted) if (words) setText(words, view.describe(runner.frame.peek(), language));
  };
  const rest = atRest(REST_MS, describe);
  ends.push(rest.stop);
  const fail = (thrown: unknown): void => {
    root.dataset['failed'] = asAttnError(thrown).code;
  };
  for (const { id, load } of MODEL_VIEWS.filter((one) => spec.views.includes(one.id))) {
    const pane = place(id);
    if (!pane) continue;
    load()
      .then((view) => {
        if (gone) return;
        env.adopt(view.css);
        if (pane.title) setText(pane.title, view.title[language]);
        pane.host.classList.add(`view-${id}`);
        const at = view.mount(pane.host, {
          language,
          theme,
          motion: env.motion(),
          on,
          ...(spec.controls && { controls: spec.controls }),
          headLink,
        });
        mounted.push({ view, at, words: pane.words ?? undefined });
        at.draw(runner.frame.peek());
        rest.restart();
      })
      .catch(fail);
  }
  const shown =
    (spec.controls === undefined || spec.controls.includes('text')) && spec.views.some((id) => id !== 'model-ledger');
  ends.push(
    effect(() => {
      const frame = runner.frame.value;
      render(textBox(frame, language, set, { shown, passes }), bar);
      for (const { at } of mounted) at.draw(frame);
      rest.restart();
    }),
  );
  const step = (direction: 1 | -1): boolean => {
    const { at, labels } = runner.frame.peek();
    const to = at + direction;
    if (to < 0 || to >= labels.length) return false;
    set({ at: to });
    return true;
  };
  const toEdge = (direction: 1 | -1): void => set({ at: direction < 0 ? 0 : undefined });
  const play = (go: boolean): void => on.grow(go);
  ends.push(
    listenForKeys(env.keyboard, root, {
      ...(spec.views.includes('model-next') && { togglePlay: () => play(!runner.frame.peek().growing) }),
      go: (direction) => void step(direction),
      toEdge,
      ...(env.help && { help: env.help }),
    }),
  );
  return {
    root,
    state: { settings, frame: runner.frame, settled: runner.settled },
    set,
    text: () => formatModel(settings.peek()),
    step,
    toEdge,
    play,
    dispose() {
      gone = true;
      for (const end of ends) end();
      for (const { at } of mounted) at.dispose();
      runner.dispose();
      root.remove();
    },
  };
}
