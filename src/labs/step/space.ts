// The switch between the flat memory and the one in space, in the corner of both panes; and the one that never loads
// the scene at all.
import { effect } from '@preact/signals-core';
import { html, nothing, render, type TemplateResult } from 'lit';
import type { StepState } from './api';
import type { SpaceMode } from './link';
import type { Speech } from './speech';

/** Puts the switches into the panes of `root` and the mode on `root` itself, where the style sheet reads it. */
export function followSpace(root: HTMLElement, state: StepState, words: Speech): () => void {
  // Where the op has no picture in space, nothing is switched.
  if (!root.querySelector('.pane-space')) {
    root.dataset['space'] = 'flat';
    return () => undefined;
  }
  const corners = ['memory', 'space'].flatMap((id) => {
    const pane = root.querySelector(`.pane-${id}`);
    const corner = document.createElement('div');
    corner.className = 'flip';
    pane?.append(corner);
    return pane ? [{ id, corner }] : [];
  });
  const to = (mode: SpaceMode) => () => (state.space.value = mode);
  return effect(() => {
    const mode = state.space.value;
    root.dataset['space'] = mode;
    for (const { id, corner } of corners) render(switches(id === 'space', mode, to, words), corner);
  });
}

function switches(
  inSpace: boolean,
  mode: SpaceMode,
  to: (mode: SpaceMode) => () => void,
  words: Speech,
): TemplateResult {
  const off = mode === 'off';
  return html`${inSpace && !off ? html`<button class="plain" title=${words.no3dNote} @click=${to('off')}>${words.no3d}</button>` : nothing}
    ${inSpace && off ? html`<p class="off-note">${words.off3d} <button @click=${to('flat')}>${words.on3d}</button></p>` : nothing}
    <div class="segmented" role="group" aria-label=${words.memoryAs}>
      <button aria-pressed=${mode !== 'on'} @click=${() => !off && to('flat')()}>2D</button>
      <button aria-pressed=${mode === 'on'} @click=${to('on')}>3D</button>
    </div>`;
}
