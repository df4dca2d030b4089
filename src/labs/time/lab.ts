// The Time lab: lays settings, sweep and results out, and turns what a visitor does into state. Owns nothing else.
import { html, render } from 'lit';
import type { LabEnv, MountedLab } from '../lab';

export function mountTime(host: HTMLElement, _env: LabEnv): MountedLab {
  const root = document.createElement('div');
  root.className = 'time-lab';
  host.append(root);
  render(html``, root);
  return { dispose: () => root.remove() };
}
