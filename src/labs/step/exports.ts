// Every tensor of the run on screen as a .npy file: a button each, under the bytes by buffer.
import { effect } from '@preact/signals-core';
import { html, render } from 'lit';
import type { Tensor } from '../../trace/trace';
import type { Run } from '../../ops/run';
import { speak, type Language } from '../../words';
import type { StepState } from './api';
import { tensorWords } from './tensors.words';

/** Follows the trace with a row of buttons in `host`; returns the end of it. */
export function followExports(host: HTMLElement, state: StepState, language: Language): () => void {
  const words = speak(tensorWords, language);
  const write = async ({ kernel, shape }: Run, { id, data }: Tensor): Promise<void> => {
    const [{ npyOf }, { save }] = await Promise.all([import('../../tensors/exports'), import('../shared/files')]);
    save(`${kernel}-${shape.keys}x${shape.dim}-${id}.npy`, new Blob([npyOf(id, data, shape)]));
  };
  return effect(() => {
    const trace = state.trace.value;
    const button = (tensor: Tensor) =>
      html`<button class="plain" aria-label=${words.exportTensor(tensor.id)} title=${words.exportTensor(tensor.id)} @click=${() => trace && void write(trace.header.run, tensor)}>${tensor.id}</button>`;
    render(html`<span class="muted">${words.exportAs}</span> ${trace?.tensors.map(button)}`, host);
  });
}
