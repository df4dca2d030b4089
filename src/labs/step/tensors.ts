// The visitor's own tensors in the input bar: a button that opens files, and for each of Q, K and V a box that says
// which tensor it is and lets another be chosen.
import { html, nothing, type TemplateResult } from 'lit';
import { value } from '../../ui/format';
import { guessLayout, hasLayout, misfit, sizesOf } from '../../tensors/layout';
import {
  complete,
  formatSource,
  INPUT_ROLES,
  parseSource,
  sameSources,
  shortHash,
  type InputRole,
  type Source,
  LAYOUTS,
  type Layout,
} from '../../tensors/sources';
import { speak } from '../../words';
import type { BarEnv } from './bar';
import type { ShelfFile } from './api';
import { menu } from './menu';
import { planeMenu } from './planes';
import { tensorWords } from './tensors.words';

/** What the picker offers. */
const ACCEPTED = '.npy,.safetensors';

const shapeText = (shape: readonly number[]): string => `[${shape.join(', ')}]`;

export function ownTensors(env: BarEnv, off: boolean): TemplateResult {
  const { state, actions, language } = env;
  const words = speak(tensorWords, language);
  const { tensors } = state.choice.value;
  const own = state.own.value;
  const shown = own && sameSources(own.sources, tensors) ? own : undefined;
  const onFiles = (event: Event): void => {
    const input = event.currentTarget as HTMLInputElement;
    if (input.files?.length) actions.openTensors([...input.files]);
    input.value = '';
  };
  return html`<div class="tensors">
    <label class="button open-tensors" title=${words.tensorsHint}
      ><span>${words.openTensors}</span><input type="file" name="tensors" multiple accept=${ACCEPTED} ?disabled=${off} @change=${onFiles}
    /></label>
    ${INPUT_ROLES.map((role) => slot(env, role, off))}
    ${shown && shown.shape.batch * shown.shape.heads > 1 ? planeMenu(env, shown.shape, off) : nothing}
    ${layoutMenu(env, off)} ${complete(tensors) ? nothing : html`<span class="muted hint">${words.tensorsHint}</span>`} ${files(env, shown !== undefined)}
  </div>`;
}

/** Which size is heads and which tokens, each way with what comes of it; where neither is likelier, it asks. */
function layoutMenu({ state, actions, language }: BarEnv, off: boolean): TemplateResult | typeof nothing {
  const words = speak(tensorWords, language);
  const { tensors, layout } = state.choice.value;
  if (!complete(tensors)) return nothing;
  const entryOf = ({ hash, tensor }: Source) =>
    state.shelf.value.find((one) => one.hash === hash)?.entries.find(({ name }) => name === tensor);
  const [q, k, v] = INPUT_ROLES.map((role) => entryOf(tensors[role])?.shape);
  if (!q || !k || !v || ![q, k, v].every(({ length }) => length >= 2 && length <= 4)) return nothing;
  const shapes = { q, k, v };
  if (!hasLayout(shapes)) return nothing;
  const guess = guessLayout(shapes);
  const chosen = layout ?? guess.layout;
  const batched = [q, k, v].some(({ length }) => length === 4);
  const outcome = (one: Layout): string => {
    if (misfit(shapes, one)) return words.layoutMisfit;
    const [a, b] = [sizesOf(q, one), sizesOf(k, one)];
    return words.layoutOutcome(a.heads, b.heads, a.rows, b.rows);
  };
  const name = (one: Layout): string => `[${batched ? 'B, ' : ''}${one === 'bhnd' ? 'H, N' : 'N, H'}, d]`;
  const choose = (event: Event): void => {
    const picked = LAYOUTS.find((one) => one === (event.currentTarget as HTMLSelectElement).value);
    if (picked) actions.choose({ layout: picked, plane: 0, tile: undefined });
  };
  const open = layout === undefined && !guess.sure;
  return html`<label class="field"
      ><span>${words.layout}</span
      ><select name="layout" title=${words.layoutNote} ?disabled=${off} @change=${choose}>
        ${LAYOUTS.map((one) => html`<option value=${one} .selected=${one === chosen}>${name(one)}${words.colon}${outcome(one)}</option>`)}
      </select></label
    >${open ? html`<span class="hint layout-open" role="status">${words.layoutOpen}</span>` : nothing}`;
}

/** The box of one role. Its options are all tensors at hand, and its own where the file is missing. */
function slot({ state, actions, language }: BarEnv, role: InputRole, off: boolean): TemplateResult {
  const words = speak(tensorWords, language);
  const { tensors } = state.choice.value;
  const shelf = state.shelf.value;
  const source = tensors[role];
  const here = shelf.some(({ hash, file }) => hash === source?.hash && file === source.file);
  const chosen = source ? formatSource(source) : '';
  const choose = (event: Event): void => {
    const picked = parseSource((event.currentTarget as HTMLSelectElement).value);
    if (picked)
      actions.choose({ tensors: { ...tensors, [role]: picked }, layout: undefined, plane: 0, tile: undefined });
  };
  const status = source === undefined ? 'empty' : here ? 'filled' : 'missing';
  const gone = source && !here && !state.progress.value;
  return html`<label class="slot ${status}"
    ><span>${role.toUpperCase()}</span
    ><select dir="auto" name=${`tensor-${role}`} title=${source ? [source.file, source.tensor].filter(Boolean).join(': ') : words.tensorEmpty} ?disabled=${off || (shelf.length === 0 && !source)} @change=${choose}>
      ${source ? nothing : html`<option value="" .selected=${true} disabled>${words.tensorEmpty}</option>`}
      ${source && !here ? html`<option value=${chosen} .selected=${true}>${gone ? words.tensorGone(source.file, shortHash(source.hash)) : source.tensor || source.file}</option>` : nothing}
      ${shelf.map((file) => options(file, chosen))}
    </select></label
  >`;
}

/** The tensors of a file; those of .safetensors under the file's name. */
function options({ hash, file, entries }: ShelfFile, chosen: string): TemplateResult {
  const list = entries.map(({ name, shape, dtype }) => {
    const is = formatSource({ hash, file, tensor: name });
    return html`<option value=${is} .selected=${is === chosen}>${name || file} ${shapeText(shape)} ${dtype}</option>`;
  });
  return entries[0]?.name === '' ? html`${list}` : html`<optgroup label=${file}>${list}</optgroup>`;
}

/** What became of the numbers, where the files are, and how to let go of them. */
function files({ state, actions, language }: BarEnv, read: boolean): TemplateResult | typeof nothing {
  const words = speak(tensorWords, language);
  const own = state.own.value;
  if (state.shelf.value.length === 0) return nothing;
  const note = (role: InputRole): TemplateResult | typeof nothing => {
    const { dtype, rounding } = own?.notes[role] ?? { dtype: 'f32', rounding: 0 };
    if (dtype === 'f32') return nothing;
    return html`<p class="num">${role.toUpperCase()}${words.colon}${rounding === 0 ? words.exact(dtype) : words.rounded(dtype, value(rounding))}</p>`;
  };
  return menu(
    '',
    words.tensorFiles,
    html`<div class="tensor-notes">
      ${read ? INPUT_ROLES.map(note) : nothing}
      <p>${words.tensorsKept}</p>
      <button class="plain" @click=${actions.forgetTensors}>${words.forgetTensors}</button>
    </div>`,
    'files-menu',
  );
}
