// The words of the free queue.
import type { RuleSet } from '../../../paging';
import type { Dictionary, Language } from '../../../words';
import { whole } from '../../../ui/whole';

/** Where released blocks enter the queue. */
export const entryWords: Record<RuleSet, Record<Language, string>> = {
  'v1-2026': {
    en: 'A queue, least recently used first: blocks are taken at the front. Released ones come in with the end of their sequence first: blocks without a hash at the front, since no lookup can find them, those with one at the back.',
    zh: '这是一个 LRU 队列：从队首取块。释放的块从序列末尾开始放回：没有哈希的放队首（反正查不到），有哈希的放队尾。',
  },
  'v1-2025': {
    en: 'A queue, least recently used first: blocks are taken at the front. Released ones all come in at the back, the end of their sequence first.',
    zh: '这是一个 LRU 队列：从队首取块。释放的块从序列末尾开始，一律放到队尾。',
  },
  paper: {
    en: 'A stack: the block released last is taken first. What a free block held is not overwritten yet, but no lookup finds it.',
    zh: '这是一个栈：最后释放的块最先被取走。空闲块的旧内容尚未被覆盖，但已无法命中。',
  },
};

export const queueWords = {
  title: { en: 'Free blocks', zh: '空闲块' },
  label: {
    en: 'Free blocks, the next to be taken first. Arrow keys walk, Enter pins.',
    zh: '空闲块，最先被取走的排在前。方向键移动，Enter 固定。',
  },
  empty: {
    en: 'No block is free: whoever needs one now must wait, or a running request is preempted.',
    zh: '没有空闲块：这时还要块的请求只能等待，或者抢占别的请求。',
  },
  summary: {
    en: (free: number, published: number) =>
      `${whole(free)} free, ${whole(published)} of them can still be found by hash`,
    zh: (free: number, published: number) => `空闲 ${whole(free)} 块，其中 ${whole(published)} 块仍可按哈希命中`,
  },
  next: { en: 'next', zh: '下一个' },
  evicted: { en: 'next evicted', zh: '下一个逐出' },
  both: { en: 'next: evicts', zh: '下一个，逐出' },
  more: { en: (n: number) => `… ${whole(n)} more …`, zh: (n: number) => `……还有 ${whole(n)} 块……` },
  came: { en: 'in', zh: '进' },
  strip: { en: 'all of them, the next to be taken at the left', zh: '全部空闲块，最左端最先被取走' },
  void: { en: 'empty', zh: '空' },
  place: {
    en: (place: number, said: string) => `Place ${place}: ${said}`,
    zh: (place: number, said: string) => `第 ${place} 位：${said}`,
  },
  describe: {
    en: (summary: string, list: string) => `Free blocks: ${summary}. The next first: ${list}.`,
    zh: (summary: string, list: string) => `空闲块：${summary}。按取走的先后：${list}。`,
  },
  hashed: { en: (id: number) => `${id} (published)`, zh: (id: number) => `${id}（已缓存）` },
} satisfies Dictionary;
