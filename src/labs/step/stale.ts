// When the picture is not of the run that was chosen: it is dimmed, says so, and offers the tile that would fit.
import { effect } from '@preact/signals-core';
import { html, nothing, render, type TemplateResult } from 'lit';
import type { StepActions, StepState } from './api';
import type { Speech } from './speech';
import { runName, tileName } from './run-name';
import { chosenVerdict, largestFitting, limitsNow, runNow } from './tiles';

export interface StaleEnv {
  state: StepState;
  actions: StepActions;
  words: Speech;
}

/** Follows the state with a class on `root` and a note on its pictures; returns the end of it. */
export function followStale(root: HTMLElement, env: StaleEnv): () => void {
  const note = document.createElement('div');
  note.className = 'stale-note';
  note.setAttribute('role', 'status');
  root.append(note);
  const stop = effect(() => {
    const said = staleNote(env);
    root.classList.toggle('stale', said !== undefined);
    note.hidden = said === undefined;
    render(said ?? nothing, note);
  });
  return () => {
    stop();
    note.remove();
  };
}

/** Why a run was refused stands in the message on top; here, what is seen instead and what would fit. */
function staleNote({ state, actions, words }: StaleEnv): TemplateResult | undefined {
  const shown = state.trace.value?.header;
  if (!shown || state.file.value !== undefined) return undefined;
  if (!state.refused.value) return shown.provenance === 'imported' ? html`<p>${words.staleFile}</p>` : undefined;
  const limits = limitsNow(state);
  const run = runNow(state);
  const verdict = limits && chosenVerdict(run, limits);
  const small = limits && verdict?.refusal ? largestFitting(run, limits) : undefined;
  return html`<p><b>${words.stale}</b> ${words.shown(runName(shown.run, words))}</p>
    ${small ? html`<button class="primary" @click=${() => actions.choose({ tile: small })}>${words.useTile(tileName(small))}</button>` : nothing}`;
}
