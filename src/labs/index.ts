// The ordered list of labs. Adding a lab = its folder, its id in lab.ts and one line here, with its part of the link;
// all but the first are loaded when they are chosen.
import type { LabEntry, LabId } from './lab';
import { compareLink } from './compare/link';
import { learnLink } from './learn/link';
import { modelLink } from './model/link';
import { pageLink } from './page/link';
import { mountStep } from './step/lab';
import { stepLink } from './step/link';
import { timeLink } from './time/link';

export const LABS: readonly LabEntry[] = [
  { id: 'step', name: { en: 'Step', zh: '单步' }, lab: { mount: mountStep }, link: stepLink },
  {
    id: 'compare',
    name: { en: 'Compare', zh: '对比' },
    lab: { load: async () => (await import('./compare/lab')).mountCompare },
    link: compareLink,
  },
  {
    id: 'page',
    name: { en: 'Page', zh: '分页 KV' },
    lab: { load: async () => (await import('./page/lab')).mountPage },
    link: pageLink,
  },
  {
    id: 'time',
    name: { en: 'Time', zh: '测速' },
    lab: { load: async () => (await import('./time/lab')).mountTime },
    link: timeLink,
  },
  {
    id: 'model',
    name: { en: 'Model', zh: '模型' },
    lab: { load: async () => (await import('./model/lab')).mountModel },
    link: modelLink,
  },
  {
    id: 'learn',
    name: { en: 'Learn', zh: '课程' },
    lab: { load: async () => (await import('./learn/lab')).mountLearn },
    link: learnLink,
  },
];

export const LAB_IDS: readonly LabId[] = LABS.map(({ id }) => id);
