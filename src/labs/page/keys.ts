// The keys of the Page lab and the dialog that lists them. They are those of the other labs; up and down choose a
// request instead of a row.
import { html, type TemplateResult } from 'lit';
import type { PageSpeech } from './speech';

export const pageKeys = [
  { keys: ['Space'], action: 'keyPlay' },
  { keys: ['←', '→'], action: 'keyStep' },
  { keys: ['Shift ←', 'Shift →'], action: 'keyTurn' },
  { keys: ['Home', 'End'], action: 'keyEdge' },
  { keys: ['↑', '↓'], action: 'keyRequest' },
  { keys: ['Esc'], action: 'keyUnpin' },
  { keys: ['?'], action: 'keyHelp' },
] as const satisfies readonly { keys: readonly string[]; action: keyof PageSpeech }[];

/** It comes before the page's own key map in the document, so this one opens while the lab is shown. */
export const pageKeyMap = (words: PageSpeech): TemplateResult =>
  html`<dialog class="keymap" aria-labelledby="page-keymap-title">
    <form method="dialog">
      <h2 id="page-keymap-title">${words.keys}</h2>
      <dl>${pageKeys.map(({ keys, action }) => html`<dt>${keys.map((key) => html`<kbd>${key}</kbd>`)}</dt><dd>${words[action]}</dd>`)}</dl>
      <button class="plain" autofocus>${words.close}</button>
    </form>
  </dialog>`;
