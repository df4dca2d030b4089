// The ordered list of labs. Adding a lab = its folder, its id in lab.ts and one line here; all but the first are loaded when they are chosen.
import type { LabEntry, LabId } from './lab';
import { mountStep } from './step/lab';

export const LABS: readonly LabEntry[] = [
  { id: 'step', name: { en: 'Step', zh: '单步' }, lab: { mount: mountStep } },
  { id: 'compare', name: { en: 'Compare', zh: '对比' }, lab: { load: async () => (await import('./compare/lab')).mountCompare } },
  { id: 'page', name: { en: 'Page', zh: '分页 KV' }, lab: { load: async () => (await import('./page/lab')).mountPage } },
  { id: 'time', name: { en: 'Time', zh: '测速' }, lab: { load: async () => (await import('./time/lab')).mountTime } },
];

export const LAB_IDS: readonly LabId[] = LABS.map(({ id }) => id);
