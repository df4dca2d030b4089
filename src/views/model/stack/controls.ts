// What the pass may do otherwise, as menus.
import { html, nothing, type TemplateResult } from 'lit';
import type { PassOptions, Rounding } from '../../../model/options';
import { isPlain } from '../../../model/options';
import { speak } from '../../../words';
import { menu } from '../shared/pick';
import type { ModelFrame, ModelViewEnv } from '../view';
import { stackWords } from './stack.words';

type Change = { readonly [K in keyof PassOptions]?: PassOptions[K] | undefined };

const BITS = [8, 4, 3, 2];

/** `4 row` and back. */
const said = (rounding: Rounding<string> | undefined): string => (rounding ? `${rounding.bits} ${rounding.per}` : '');

export function controls({ settings, reading }: ModelFrame, env: ModelViewEnv): TemplateResult | typeof nothing {
  const words = speak(stackWords, env.language);
  const { options, cache } = settings;
  const { layers, heads } = reading?.config ?? { layers: 1, heads: 1 };
  const has = (id: string): boolean => env.controls === undefined || env.controls.includes(id);
  const set = (change: Change): void => {
    const all = Object.entries({ ...options, ...change }).filter(([, one]) => one !== undefined);
    env.on.set({ options: Object.fromEntries(all) });
  };
  const rounded = (
    id: 'weights' | 'activations' | 'kv',
    label: string,
    pers: readonly (readonly [string, string])[],
  ): TemplateResult | undefined => {
    if (!has(id)) return undefined;
    const choices = BITS.flatMap((bits) =>
      pers.map(([per, name]) => [`${bits} ${per}`, words.rounded(bits, name)] as const),
    );
    const now = said(options[id]);
    const all = now === '' || choices.some(([one]) => one === now) ? choices : [...choices, [now, now] as const];
    return menu(label, now, [['', words.exact], ...all], (text) => {
      const [bits, per] = text.split(' ');
      set({ [id]: per === undefined ? undefined : { bits: Number(bits), per } });
    });
  };
  const divisors = Array.from({ length: heads }, (_, i) => heads - i).filter((n) => heads % n === 0);
  const list = [
    has('mask') &&
      menu(
        words.mask,
        options.mask ?? '',
        [
          ['', words.causal],
          ['full', words.full],
        ],
        (text) => set({ mask: text === 'full' ? 'full' : undefined }),
      ),
    has('rope') &&
      menu(
        words.rope,
        String(options.rope ?? ''),
        [
          ['', words.ropeOn],
          ['off', words.ropeOff],
          ['100', words.offset(100)],
          ...(typeof options.rope === 'number' && options.rope !== 100
            ? [[String(options.rope), words.offset(options.rope)] as const]
            : []),
        ],
        (text) => set({ rope: text === '' ? undefined : text === 'off' ? 'off' : Number(text) }),
      ),
    has('scale') &&
      menu(
        words.scale,
        String(options.scale ?? ''),
        [
          ['', '1/√d'],
          ['1', '1'],
          ...(options.scale !== undefined && options.scale !== 1
            ? [[String(options.scale), String(options.scale)] as const]
            : []),
        ],
        (text) => set({ scale: text === '' ? undefined : Number(text) }),
      ),
    has('layers') &&
      menu(
        words.layers,
        String(options.layers ?? layers),
        Array.from({ length: layers }, (_, i) => [String(layers - i), String(layers - i)] as const),
        (text) => set({ layers: Number(text) === layers ? undefined : Number(text) }),
      ),
    has('groups') &&
      menu(
        words.groups,
        String(options.groups ?? heads),
        divisors.map((n) => [String(n), String(n)] as const),
        (text) => set({ groups: Number(text) === heads ? undefined : Number(text) }),
      ),
    rounded('weights', words.weights, [
      ['row', words.perRow],
      ['tensor', words.perTensor],
    ]),
    rounded('activations', words.activations, [
      ['token', words.perToken],
      ['tensor', words.perTensor],
    ]),
    rounded('kv', words.kv, [
      ['token', words.perToken],
      ['channel', words.perChannel],
      ['tensor', words.perTensor],
    ]),
    has('cache') &&
      html`<label class="labelled"
        ><input
          type="checkbox"
          .checked=${cache ?? false}
          @change=${(event: Event) => env.on.set({ cache: (event.currentTarget as HTMLInputElement).checked || undefined })}
        /><span>${words.cache}</span></label
      >`,
    !(isPlain(options) && !cache) &&
      (env.controls === undefined || env.controls.length > 0) &&
      html`<button type="button" @click=${() => env.on.set({ options: {}, cache: undefined })}>${words.plain}</button>`,
  ].filter((one) => one !== false && one !== undefined);
  return list.length > 0 ? html`<div class="model-controls">${list}</div>` : nothing;
}
