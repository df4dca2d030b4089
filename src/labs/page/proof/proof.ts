// The proof panel: the paged kernel at the moment on screen against contiguous keys and f64, a request's way into the
// Step lab, and the time of paged against contiguous decode.
import { computed, effect, signal } from '@preact/signals-core';
import { html, render, type TemplateResult } from 'lit';
import { openMachine } from '../../../machine/open';
import { speak } from '../../../words';
import { mountTiming } from '../../shared/timing';
import timingCss from '../../shared/timing.css?inline';
import { protocolDialog } from '../../shared/protocol';
import css from './proof.css?inline';
import { now, type Panel, type ProofEnv } from './now';
import { createProofStore } from './store';
import { createProofRace, TIMED_KEYS, type ProofRace } from './time';
import { proofWords } from './proof.words';
import { atRest } from '../../../figure/rest';

/**
 * The panel is written once a frame has rested for SETTLE_MS, and the kernels run after REST_MS: neither happens in
 * play.
 */
const SETTLE_MS = 150;
const REST_MS = 500;

/** Fills `host`. The returned function ends it. */
export function mountProof(host: HTMLElement, env: ProofEnv): () => void {
  const { lab, frame, tokens } = env;
  lab.adopt(css);
  lab.adopt(timingCss);
  const software = lab.keep('page-proof-software', () => signal(false));
  const session = async () => {
    await lab.ready;
    const open = await lab.session();
    software.value = open.info.software;
    return open;
  };
  const onError = lab.actions.report;
  const panel: Panel = {
    ...env,
    words: speak(proofWords, lab.language),
    store: lab.keep('page-proof', () => createProofStore({ machine: () => openMachine(session()), tokens, onError })),
    software,
    settled: signal(frame.peek()),
    opening: signal(false),
  };
  const timed = lab.keep('page-race', () => createProofRace({ session, limits: lab.state.limits, onError }));
  const root = document.createElement('div');
  root.className = 'view-proof';
  render(
    html`<div class="proof-now"></div>
      <div class="proof-time">
        <h3>${panel.words.timeTitle}</h3>
        <div class="proof-time-bar"></div>
        <div class="proof-time-host"></div>
      </div>
      ${protocolDialog(lab.language, panel.words.close)}`,
    root,
  );
  host.append(root);
  const part = (selector: string): HTMLElement => root.querySelector<HTMLElement>(selector) ?? root;
  const protocol = (): void => root.querySelector<HTMLDialogElement>('dialog.protocol')?.showModal();
  const blockSize = computed(() => frame.value?.moment.state.config.blockSize);
  const ends = [
    effect(() => render(now(panel), part('.proof-now')) && undefined),
    effect(() => {
      if (blockSize.value !== undefined) timed.blockSize.value = blockSize.value;
    }),
    effect(() => render(timeBar(panel, timed, protocol), part('.proof-time-bar')) && undefined),
    mountTiming(part('.proof-time-host'), timed.race, lab.language),
    followRest(root, panel),
  ];
  return () => {
    for (const end of ends) end();
    root.remove();
  };
}

/** Proves the step that the page rests on, while the panel is in sight. */
function followRest(root: HTMLElement, { frame, settled, lab, store }: Panel): () => void {
  const seen = signal(false);
  const sight = new IntersectionObserver((entries) => (seen.value = entries.at(-1)?.isIntersecting ?? false));
  sight.observe(root);
  // Pointing at something changes nothing here.
  const state = computed(() => frame.value?.moment.state);
  const chosen = computed(() => frame.value?.chosen);
  const settle = atRest(SETTLE_MS, () => {
    settled.value = frame.peek();
    root.classList.remove('moving');
  });
  const prove = atRest(REST_MS, () => {
    const of = state.peek();
    if (of && seen.peek() && lab.state.canRun.peek()) store.prove(of, false);
  });
  const stop = effect(() => {
    const of = state.value;
    void [chosen.value, seen.value, lab.state.canRun.value];
    if (settled.peek()?.moment.state.batch !== of?.batch) root.classList.add('moving');
    settle.restart();
    prove.restart();
  });
  return () => {
    stop();
    settle.stop();
    prove.stop();
    sight.disconnect();
  };
}

/** The controls of the timing: how many keys. */
function timeBar({ words }: Panel, timed: ProofRace, protocol: () => void): TemplateResult {
  const { keys, blockSize } = timed;
  return html`<label class="labelled"
      ><span>${words.timeKeys}</span
      ><select name="proof-keys" @change=${(event: Event) => (keys.value = Number((event.currentTarget as HTMLSelectElement).value))}>
        ${TIMED_KEYS.map((n) => html`<option value=${n} .selected=${n === keys.value}>${n}</option>`)}
      </select></label
    >
    <span class="muted">${words.timeNote(blockSize.value)}</span>
    <button class="plain proof-protocol" @click=${protocol}>${words.protocol}</button>`;
}
