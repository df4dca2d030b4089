// Which kernel and tile is this device's own choice for the shape that is compared: said where kernels are chosen,
// raced on demand, compared with at a click.
import { effect, type ReadonlySignal } from '@preact/signals-core';
import { html, render } from 'lit';
import { asAttnError } from '../../errors';
import type { Shape } from '../../ops/attention/shape';
import { swatch } from '../../ui/kernel-mark';
import { speak } from '../../words';
import type { LabEnv } from '../lab';
import { racingLine, raceLine, variantName } from '../shared/tuned-choice';
import type { TunedStore } from '../shared/tuned-store';
import { tunedWords } from '../shared/tuned.words';

/** Shows it in `host` until the returned function is called; nothing where no kernel can run. */
export function followTuned(
  host: HTMLElement,
  env: LabEnv,
  tuned: TunedStore,
  shape: ReadonlySignal<Shape | undefined>,
): () => void {
  const { state, actions, language } = env;
  const words = speak(tunedWords, language);
  const race = (asked: Shape, anew: boolean): void => {
    state.playing.value = false;
    tuned.measure([asked], { anew }).catch((thrown: unknown) => {
      // Stopping it is no error, and a loss is told where it is noticed first.
      const error = asAttnError(thrown);
      if (error.code !== 'cancelled' && error.code !== 'device-lost') actions.report(error);
    });
  };
  return effect(() => {
    const asked = shape.value;
    const racing = tuned.racing.value;
    host.hidden = !asked || !state.canRun.value;
    if (!asked || host.hidden) return;
    const choice = tuned.choiceFor(asked);
    const against = (): void => {
      if (choice) state.versus.value = { ...state.versus.peek(), ...choice.best };
    };
    render(
      html`<div class="tuned">
        <span>${words.hereFor}</span>
        ${
          choice
            ? html`<b class="num" data-chosen=${choice.best.kernel}>${swatch(choice.best.kernel)}${variantName(choice.best)}</b>
                <button class="against" @click=${against}>${words.against}</button>`
            : html`<span class="muted">${words.unknown}</span>`
        }
        ${
          racing
            ? html`<button class="stop" @click=${tuned.stop}>${words.stop}</button>`
            : html`<button class="race" @click=${() => race(asked, choice !== undefined)}>${choice ? words.anew : words.measure}</button>`
        }
        <span role="status" class="muted">${racing ? racingLine(racing, words) : choice ? raceLine(choice, words) : ''}</span>
      </div>`,
      host,
    );
  });
}
