// The key map: a native dialog that lists what the keys do.
import { html, type TemplateResult } from 'lit';
import { keyMap } from '../labs/step/keys';
import { speak, type Language } from '../words';
import { shellWords } from './shell.words';

const said = {
  play: 'keyPlay',
  step: 'keyStep',
  tile: 'keyTile',
  edge: 'keyEdge',
  row: 'keyRow',
  workgroup: 'keyWorkgroup',
  unpin: 'keyUnpin',
  help: 'keyHelp',
} as const satisfies Record<(typeof keyMap)[number]['action'], keyof typeof shellWords>;

export function keyMapDialog(language: Language): TemplateResult {
  const words = speak(shellWords, language);
  return html`<dialog class="keymap" aria-labelledby="keymap-title">
    <form method="dialog">
      <h2 id="keymap-title">${words.keyMap}</h2>
      <dl>
        ${keyMap.map(({ keys, action }) => html`<dt>${keys.map((key) => html`<kbd>${key}</kbd>`)}</dt><dd>${words[said[action]]}</dd>`)}
      </dl>
      <p class="muted">${words.keyNote}</p>
      <button class="plain" autofocus>${words.close}</button>
    </form>
  </dialog>`;
}
