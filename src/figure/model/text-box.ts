// The text that a figure of the model reads, and what is wrong with it.
import { html, nothing, type TemplateResult } from 'lit';
import { speak, type Language } from '../../words';
import type { ModelChange, ModelFrame } from '../../views/model/view';
import { TEXT_LIMIT } from '../../model/sentence';
import { modelWords } from './model.words';

/**
 * A line for the text, the model's progress, and its refusal in words.
 * @param passes the model runs over the text: its tokens are limited
 */
export function textBox(
  frame: ModelFrame,
  language: Language,
  set: (change: ModelChange) => void,
  { shown, passes }: { shown: boolean; passes: boolean },
): TemplateResult {
  const words = speak(modelWords, language);
  const type = (event: Event): void => {
    const { value } = event.currentTarget as HTMLTextAreaElement;
    set({ text: value, at: undefined, more: 0 });
  };
  const { error, labels, progress } = frame;
  const count = passes ? labels.length : [...frame.text].length;
  return html`${
    shown
      ? html`<label class="typed"
          ><span>${words.text}</span
          ><textarea
            rows="2"
            maxlength=${TEXT_LIMIT}
            spellcheck="false"
            aria-describedby="model-count"
            .value=${frame.settings.text ?? frame.text}
            @input=${type}
          ></textarea
        ></label>`
      : nothing
  }
    <p class="status" id="model-count" role="status" ?hidden=${!shown && !error && progress === undefined}>
      ${error ? html`<span class="bad">${words.error(error)}</span>` : count > 0 && shown ? (passes ? words.tokens(count) : words.characters(count)) : nothing}
      ${
        progress === undefined
          ? nothing
          : html`<progress max="1" .value=${progress} aria-label=${words.working}></progress>`
      }
    </p>`;
}
