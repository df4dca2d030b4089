// The bar on top: name, labs, kernel, what the picture comes from, and the page's own switches.
import { html, nothing, type TemplateResult } from 'lit';
import { kernelOptions } from '../labs/shared/kernel-options';
import { isOwn, type Trace, type TraceHeader } from '../trace/trace';
import { LABS } from '../labs';
import type { LabId } from '../labs/lab';
import type { Progress } from '../labs/step/api';
import { markText } from '../ui/dom/mark';
import { deviceInSentence, namesOf, unnamed } from '../ui/device-name';
import { value } from '../ui/format';
import type { Theme } from '../ui/palette';
import { speak, type Language } from '../words';
import { progressBar } from './progress';
import { shellWords } from './shell.words';
import type { Device } from './state';

export interface HeaderState {
  /** The words of a first visit stand below: they have the heading. */
  welcome: boolean;
  lab: LabId;
  language: Language;
  theme: Theme;
  kernel: string;
  trace: Trace | undefined;
  device: Device;
  copied: 'no' | 'yes' | 'failed';
  progress: Progress | undefined;
}

export interface HeaderActions {
  /** To the words of a first visit. */
  home(): void;
  lab(lab: LabId): void;
  kernel(kernel: string): void;
  theme(): void;
  language(): void;
  help(): void;
  share(): void;
  cancel(): void;
  exportTrace(): void;
  importTrace(file: File): void;
}

/** The product's name, the same in every language; its second half is set off. */
const NAME = ['Attn', 'scope'] as const;

type Words = ReturnType<typeof speak<typeof shellWords>>;

export function header(state: HeaderState, on: HeaderActions): TemplateResult {
  const words = speak(shellWords, state.language);
  return html`<header class="top">
    ${state.welcome ? html`<p class="logo">${logo(on, words)}</p>` : html`<h1 class="logo">${logo(on, words)}</h1>`}
    <nav aria-label=${words.labs}>${LABS.map(({ id, name }) => labLink(id, name[state.language], id === state.lab, on))}</nav>
    ${state.lab !== 'step' ? nothing : kernelChoice(state, on, words)}
    <div class="chips">${chips(state, words)}</div>
    ${progressBar(state.progress, state.language, on.cancel)} ${tools(state, on, words)}
  </header>`;
}

const logo = (on: HeaderActions, words: Words): TemplateResult =>
  html`<button title=${words.tagline} @click=${on.home}>${NAME[0]}<span>${NAME[1]}</span></button>`;

const kernelChoice = (state: HeaderState, on: HeaderActions, words: Words): TemplateResult =>
  html`<label class="labelled"
      ><span>${words.kernel}</span
      ><select name="kernel" @change=${(event: Event) => on.kernel((event.currentTarget as HTMLSelectElement).value)}>
        ${kernelOptions(state.kernel, state.language)}
      </select></label
    >`;

/** A lab's link: here it is a step of undo, in a new tab it opens that lab. */
function labLink(id: LabId, name: string, current: boolean, on: HeaderActions): TemplateResult {
  const open = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    on.lab(id);
  };
  return html`<a href="#lab=${id}" aria-current=${current ? 'page' : 'false'} @click=${open}>${name}</a>`;
}

/** Labs whose picture is a captured run. */
export const showsTrace = (lab: LabId): boolean => lab === 'step' || lab === 'compare';

/** The adapter in a word or two. */
const nameOf = ({ vendor, architecture, description }: TraceHeader['adapter']): string =>
  architecture || description || vendor;

/** Where the picture comes from, and how far it can be trusted. */
function chips({ lab, trace, device, language }: HeaderState, words: Words): TemplateResult[] {
  const shown: TemplateResult[] = [];
  const chip = (text: TemplateResult | string, className: string, note?: string): void => {
    shown.push(
      note === undefined
        ? html`<span class="chip ${className}">${text}</span>`
        : html`<span class="chip ${className}" tabindex="0" role="group" data-mark=${note} aria-description=${note}>${text}</span>`,
    );
  };
  if (device.kind === 'starting') chip(words.starting, 'busy');
  if (device.kind === 'none') chip(words.noDevice, 'warn', words.noDeviceNote);
  if (!showsTrace(lab) && device.kind === 'ready') {
    chip(words.labelled(words.device, device.name || unnamed(language)), 'own');
    if (device.software) chip(words.softwareChip, 'warn', words.software);
  }
  if (!trace || !showsTrace(lab)) return shown;
  const { adapter, provenance, maxPlainTapped, maxOracle, maxF32 } = trace.header;
  const name = nameOf(adapter);
  const elsewhere = name || deviceInSentence(adapter, language);
  const origin = {
    'this-device': words.labelled(words.thisDevice, name || unnamed(language)),
    recorded: words.recordedOn(elsewhere),
    imported: words.importedFrom(elsewhere),
    interpreter: words.interpreted,
  };
  chip(
    origin[provenance],
    isOwn(provenance) ? 'own' : 'other',
    provenance === 'interpreter' ? words.interpretedNote : namesOf(adapter, ' · ') || origin[provenance],
  );
  if (adapter.software && provenance !== 'interpreter') chip(words.softwareChip, 'warn', words.software);
  const computed = (note: string): string => markText({ kind: 'computed', provenance, note }, language);
  chip(
    html`${words.plainTapped} <b class="num">${maxPlainTapped === undefined ? '…' : value(maxPlainTapped)}</b>`,
    maxPlainTapped === 0 ? 'ok trust' : maxPlainTapped === undefined ? 'busy trust' : 'trust',
    computed(words.plainTappedNote),
  );
  // There is no room for both errors in the bar; where f32 is the limit a line under it has both in words.
  const both = maxF32 === undefined ? '' : words.bothErrors(value(maxOracle), value(maxF32));
  chip(html`${words.error} <b class="num">${value(maxOracle)}</b>`, 'trust', computed(both + words.errorNote));
  return shown;
}

const icons = {
  keys: 'M2 4h12v8H2zM4 6.5h1M7 6.5h2M11 6.5h1M5 9.5h6',
  share:
    'M6.5 9.5l3-3M7 5l1.5-1.5a2.5 2.5 0 013.5 3.500L10.500 8.500M9 11l-1.500 1.500a2.500 2.500 0 01-3.500-3.500L5.500 7.500',
  download: 'M8 2v8M4.500 7L8 10.500 11.500 7M3 13.500h10',
  upload: 'M8 10.500V2.500M4.500 6L8 2.500 11.500 6M3 13.500h10',
  sun: 'M8 5a3 3 0 100 6 3 3 0 000-6M8 1v1.500M8 13.500V15M1 8h1.500M13.500 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1',
  moon: 'M13 9.500A5.500 5.500 0 016.500 3a5.500 5.500 0 106.500 6.500z',
} as const;

const icon = (name: keyof typeof icons): TemplateResult =>
  html`<svg viewBox="0 0 16 16" width="18" height="18" aria-hidden="true"><path d=${icons[name]} fill="none" stroke="currentColor" stroke-width="1.4" stroke-linecap="round" stroke-linejoin="round" /></svg>`;

function tools({ lab, theme, trace, copied }: HeaderState, on: HeaderActions, words: Words): TemplateResult {
  const button = (name: keyof typeof icons, label: string, act: () => void, disabled = false): TemplateResult =>
    html`<button class="icon" aria-label=${label} title=${label} ?disabled=${disabled} @click=${act}>${icon(name)}</button>`;
  const onFile = (event: Event): void => {
    const input = event.currentTarget as HTMLInputElement;
    const file = input.files?.[0];
    if (file) on.importTrace(file);
    input.value = '';
  };
  const traceTools = html`${button('download', words.exportTrace, on.exportTrace, trace === undefined)}
    <label class="icon file" title=${words.importTrace}
      >${icon('upload')}<input type="file" name="trace" accept=".attn" aria-label=${words.importTrace} @change=${onFile}
    /></label>`;
  return html`<div class="tools">
    <span class="copied" role="status">${copied === 'yes' ? words.copied : copied === 'failed' ? words.copyFailed : nothing}</span>
    ${button('share', words.share, on.share)} ${showsTrace(lab) ? traceTools : nothing} ${lab === 'time' ? nothing : button('keys', words.keyMap, on.help)} ${button(theme === 'dark' ? 'sun' : 'moon', theme === 'dark' ? words.toLight : words.toDark, on.theme)}
    <button class="plain language" aria-label=${words.language} title=${words.language} @click=${on.language}>${words.toOther}</button>
  </div>`;
}
