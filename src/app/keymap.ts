// The key map: a native dialog that lists what the keys do. Loaded when it is first asked for, or has something new to
// say.
import { html, nothing, type TemplateResult } from 'lit';
import { keyMap } from '../figure/keys';
import { speak, type Language } from '../words';
import { keyMapWords } from './keymap.words';

const said = {
  play: 'keyPlay',
  step: 'keyStep',
  tile: 'keyTile',
  edge: 'keyEdge',
  row: 'keyRow',
  workgroup: 'keyWorkgroup',
  unpin: 'keyUnpin',
  help: 'keyHelp',
} as const satisfies Record<(typeof keyMap)[number]['action'], keyof typeof keyMapWords>;

/** `offline`: whether the page works without a network from now on. */
export function keyMapDialog(language: Language, offline: boolean): TemplateResult {
  const words = speak(keyMapWords, language);
  return html`<dialog class="keymap" aria-labelledby="keymap-title">
    <form method="dialog">
      <h2 id="keymap-title">${words.keyMap}</h2>
      <dl>
        ${keyMap.map(({ keys, action }) => html`<dt>${keys.map((key) => html`<kbd>${key}</kbd>`)}</dt><dd>${words[said[action]]}</dd>`)}
      </dl>
      <p class="muted">${words.keyNote}</p>
      ${offline ? html`<p class="muted offline">${words.offline}</p>` : nothing}
      <button class="plain" autofocus>${words.close}</button>
    </form>
  </dialog>`;
}
