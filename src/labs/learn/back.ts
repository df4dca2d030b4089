// The way back from a lab to the step of a lesson that opened it.
import { html, nothing, type TemplateResult } from 'lit';
import { LESSONS } from '../../lessons';
import { speak, type Language } from '../../words';
import { learnWords } from './learn.words';

/** `from` as a link says it: `flash.3`. */
export function backChip(
  from: string | undefined,
  language: Language,
  back: () => void,
): TemplateResult | typeof nothing {
  const [id = '', step = ''] = from?.split('.') ?? [];
  const card = LESSONS.find((lesson) => lesson.id === id);
  if (!card) return nothing;
  const words = speak(learnWords, language);
  const go = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    back();
  };
  return html`<p class="back-to-lesson"><a href="#lesson=${id}&step=${step}" @click=${go}>${Number(step) > card.steps ? words.backToExercise(card.number) : words.back(card.number, step)}</a></p>`;
}
