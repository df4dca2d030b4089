// The Model lab: the small model that every Q, K and V of the page comes from, opened: its layers, its next token, its
// parameters and its tokenizer. What is set is one text, and a link carries it.
import { effect, untracked } from '@preact/signals-core';
import { html, render } from 'lit';
import { modelFigure, type MountedModel } from '../../figure/model/model-figure';
import { formatModel, parseModel } from '../../figure/model/settings';
import { element } from '../../ui/dom/element';
import { MODEL_VIEWS } from '../../views/model';
import type { LabEnv, MountedLab } from '../lab';
import css from './model-lab.css?inline';
import { PICTURES } from './link';
import { modelLabWords } from './model-lab.words';

export function mountModel(host: HTMLElement, env: LabEnv): MountedLab {
  const { state, language, theme, keyboard, help, model } = env;
  env.adopt(css);
  const root = element('div', 'model-lab');
  const [bar, pane] = [element('div', 'pictures'), element('section', 'pane')];
  root.append(bar, pane);
  host.append(root);
  let figure: MountedModel | undefined;
  let stopWriting = (): void => undefined;

  for (const { key, value } of parseModel(state.model.peek() ?? '').unread) env.unread(key, value);

  const clear = (): void => {
    stopWriting();
    figure?.dispose();
    figure = undefined;
  };
  const mount = (view: string): void => {
    clear();
    const made = modelFigure(
      pane,
      { kind: 'model', settings: state.model.peek() ?? '', views: [view], label: modelLabWords.figure[language] },
      {
        keyboard,
        language,
        theme,
        help,
        model,
        motion: () => !matchMedia('(prefers-reduced-motion: reduce)').matches,
        adopt: (text) => env.adopt(text),
      },
    );
    figure = made;
    stopWriting = effect(() => {
      state.model.value = formatModel(made.state.settings.value) || undefined;
    });
  };
  const stopMounting = effect(() => {
    const picture = state.picture.value ?? PICTURES[0];
    render(
      html`<div class="segmented" role="group" aria-label=${modelLabWords.pictures[language]}>
          ${PICTURES.map(
            (id) =>
              html`<button aria-pressed=${id === picture} @click=${() => (state.picture.value = id === PICTURES[0] ? undefined : id)}>
                ${MODEL_VIEWS.find((view) => view.id === `model-${id}`)?.name[language]}
              </button>`,
          )}
        </div>
        <p class="lead">${modelLabWords.lead[language]}</p>`,
      bar,
    );
    // What the figure reads is its own affair: only another picture mounts it anew.
    untracked(() => mount(`model-${picture}`));
  });
  // Back, and a link that is opened here, change the text from outside.
  const stopReading = effect(() => {
    const text = state.model.value ?? '';
    if (figure && figure.text() !== text) figure.state.settings.value = parseModel(text).settings;
  });
  return {
    dispose() {
      stopReading();
      stopMounting();
      clear();
      root.remove();
    },
  };
}
