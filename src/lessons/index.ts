// The ordered list of lessons. Adding one = its file and one line here; each is loaded when it is opened.
import type { LessonCard } from './lesson';

export const LESSONS: readonly LessonCard[] = [
  {
    id: 'softmax',
    number: 7,
    track: 'B',
    title: { en: 'From three passes to online softmax', zh: '从三遍 softmax 到在线 softmax' },
    minutes: 8,
    faq: ['05'],
    load: async () => (await import('./softmax')).softmax,
  },
  {
    id: 'flash',
    number: 8,
    track: 'B',
    title: { en: 'FlashAttention, forward', zh: 'FlashAttention 前向' },
    minutes: 12,
    faq: ['05'],
    load: async () => (await import('./flash')).flash,
  },
  {
    id: 'recompute',
    number: 9,
    track: 'B',
    title: { en: 'Backward, by recomputation', zh: '反向：重计算' },
    minutes: 10,
    faq: ['05'],
    load: async () => (await import('./recompute')).recompute,
  },
  {
    id: 'fa2',
    number: 10,
    track: 'B',
    title: { en: 'What FlashAttention-2 changed', zh: 'FlashAttention-2 改了什么' },
    minutes: 9,
    faq: ['05'],
    load: async () => (await import('./fa2')).fa2,
  },
  {
    id: 'paging',
    number: 12,
    track: 'B',
    title: { en: 'PagedAttention', zh: 'PagedAttention' },
    minutes: 12,
    faq: ['05'],
    load: async () => (await import('./paging')).paging,
  },
];
