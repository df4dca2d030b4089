// What the picture of the free queue says.
import type { RuleSet } from '../paging';
import type { Dictionary, Language } from '../words';
import { whole } from './whole';

/** Where released blocks enter. */
export const entryWords: Record<RuleSet, Record<Language, string>> = {
  'v1-2026': {
    en: 'Blocks are taken at the front. Released ones come in with the end of their sequence first: blocks without a hash at the front, since no lookup can find them, those with one at the back.',
    zh: '从队首取块。释放的块从序列末尾开始放回：没有哈希的放队首（反正查不到），有哈希的放队尾。',
  },
  'v1-2025': {
    en: 'Blocks are taken at the front. Released ones all come in at the back, the end of their sequence first.',
    zh: '从队首取块。释放的块从序列末尾开始，一律放到队尾。',
  },
  paper: {
    en: 'A stack: the block released last is taken first. A block that nobody holds cannot be found any more.',
    zh: '这是一个栈：最后释放的块最先被取走。无人持有的块再也查不到。',
  },
};

export const queueWords = {
  title: { en: 'Free queue', zh: '空闲队列' },
  label: {
    en: 'Free queue from front to back. Arrow keys walk, Enter pins.',
    zh: '空闲队列，从队首到队尾。方向键移动，Enter 固定。',
  },
  empty: {
    en: 'No block is free: whoever needs one now must wait, or a running request is preempted.',
    zh: '没有空闲块：这时还要块的请求只能等待，或者抢占别的请求。',
  },
  summary: {
    en: (free: number, published: number) => `${whole(free)} free, ${whole(published)} of them still published`,
    zh: (free: number, published: number) => `空闲 ${whole(free)} 块，其中 ${whole(published)} 块仍可命中`,
  },
  next: { en: 'next', zh: '下一个' },
  evicted: { en: 'next evicted', zh: '下一个逐出' },
  both: { en: 'next: evicts', zh: '下一个，逐出' },
  more: { en: (n: number) => `… ${whole(n)} more …`, zh: (n: number) => `……还有 ${whole(n)} 块……` },
  came: { en: 'in', zh: '进' },
  strip: { en: 'the whole queue, front at the left', zh: '整个队列，左端为队首' },
  void: { en: 'empty', zh: '空' },
  place: { en: (place: number, said: string) => `Place ${place}: ${said}`, zh: (place: number, said: string) => `第 ${place} 位：${said}` },
  describe: {
    en: (summary: string, list: string) => `Free queue: ${summary}. Front to back: ${list}.`,
    zh: (summary: string, list: string) => `空闲队列：${summary}。从队首到队尾：${list}。`,
  },
  hashed: { en: (id: number) => `${id} (published)`, zh: (id: number) => `${id}（已缓存）` },
} satisfies Dictionary;
