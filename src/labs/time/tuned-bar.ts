// What "tiled-tuned" is on this device for the lengths that are set, by which race, and the button that races anew.
import { html, nothing, type TemplateResult } from 'lit';
import { shapesOf } from '../../bench/plan';
import { byChoice, choiceItems, racingLine } from '../shared/tuned-choice';
import { tunedWords } from '../shared/tuned.words';
import { speak } from '../../words';
import type { PlanEnv } from './plan-bar';
import { planOf } from './store';

export function tunedBar({ env, store }: PlanEnv): TemplateResult {
  const words = speak(tunedWords, env.language);
  const shapes = shapesOf(planOf(env.state.time.value));
  const groups = byChoice(shapes, store.tuned.choiceFor);
  const known = groups.every(({ choice }) => choice);
  const racing = store.tuned.racing.value;
  const sweeping = store.running.value !== undefined;
  const race = (): void => void store.measureTuned(shapes, known);
  return html`<section class="tuned" aria-label=${words.title}>
    <ul>
      ${choiceItems(groups, words, `${words.unknown}. ${words.first}`)}
    </ul>
    <div class="tuned-act">
      ${
        sweeping || !env.state.canRun.value
          ? nothing
          : racing
            ? html`<button class="stop" @click=${store.tuned.stop}>${words.stop}</button>`
            : html`<button class="plain race" @click=${race}>${known ? words.anew : words.measure}</button>`
      }
      <span role="status" class="stage">${racing && !sweeping ? racingLine(racing, words) : ''}</span>
    </div>
    <p class="muted">${words.what}</p>
  </section>`;
}
