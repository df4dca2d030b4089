// The sentence for the model: its box, how many tokens it makes, and the head that is looked at. What is typed stays
// typed, even when it is refused.
import { html, nothing, type TemplateResult } from 'lit';
import { isError } from '../../errors';
import { PASSAGES } from '../../model/passage';
import { answer, answerId, refuse, refusedIn, type BarEnv } from './bar';
import { TEXT_LIMIT } from '../../figure/choice';
import { chosenThumbnail, headsMap, thumbnail } from './heads';
import { menu } from './menu';

/** Why a text cannot be run, as far as that is known before the model reads it. */
function refusalOf({ words }: BarEnv, text: string): string | undefined {
  const { length } = [...text];
  if (text.trim() === '') return words.textEmpty;
  return length > TEXT_LIMIT ? words.textLong(length, TEXT_LIMIT) : undefined;
}

export function sentence(env: BarEnv, off: boolean): TemplateResult {
  const { state, actions, words, theme, typed, typing } = env;
  const read = state.sentence.value;
  const tokens = typed.value && typed.value.instead === read ? typed.value.tokens : read?.run.labels.length;
  const { text, passage } = state.choice.value;
  const submit = (box: HTMLTextAreaElement): void => {
    const why = refusalOf(env, box.value);
    refuse(env, 'text', box.value, why);
    if (why !== undefined) return;
    // Open it covers the figure: what runs is to be seen, and keys are to step through it.
    box.blur();
    actions.choose({ text: box.value });
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') (event.currentTarget as HTMLTextAreaElement).blur();
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit(event.currentTarget as HTMLTextAreaElement);
  };
  const onInput = (event: Event): void => {
    const { value } = event.currentTarget as HTMLTextAreaElement;
    if (refusedIn(env, 'text')) refuse(env, 'text', value, undefined);
    typing(value);
  };
  const { value: refused } = state.refused;
  const long = isError(refused, 'tokens-too-many')
    ? words.tokensMost(refused.details.count, refused.details.limit)
    : undefined;
  const why = refusedIn(env, 'text')?.why ?? long;
  return html`<form
      class="sentence"
      @submit=${(event: SubmitEvent) => {
        event.preventDefault();
        const box = (event.currentTarget as HTMLFormElement).querySelector('textarea');
        if (box) submit(box);
      }}
    >
      <textarea
        rows="1"
        name="sentence"
        dir="auto"
        spellcheck="false"
        autocomplete="off"
        aria-label=${words.textHint}
        aria-invalid=${why === undefined ? 'false' : 'true'}
        aria-describedby=${why === undefined ? nothing : answerId('text')}
        title=${words.textHint}
        placeholder=${words.textHint}
        data-limit=${TEXT_LIMIT}
        ?disabled=${off}
        .value=${text ?? PASSAGES[passage ?? 'en']}
        @keydown=${onKey}
        @input=${onInput}
      ></textarea>
      <button class="plain" ?disabled=${off}>${words.apply}</button>
      ${
        text === undefined
          ? nothing
          : html`<button type="button" class="plain" ?disabled=${off} @click=${() => actions.choose({ text: undefined })}>${words.reset}</button>`
      }
    </form>
    ${answer('text', why)}
    <span class="count num" role="status">${tokens === undefined || why !== undefined ? nothing : words.tokens(tokens)}</span>
    ${
      read
        ? menu(
            '',
            html`${thumbnail(chosenThumbnail(read), theme)} ${words.head(read.layer, read.head)}`,
            headsMap(read, theme, words, (layer, head) => actions.choose({ layer, head })),
            'heads-menu',
          )
        : nothing
    }`;
}
