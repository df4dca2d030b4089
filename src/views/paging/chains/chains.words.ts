// The words of the hash chains.
import type { Dictionary } from '../../../words';
import { plural, whole } from '../../../ui/whole';

export const chainWords = {
  title: { en: 'Hash chains', zh: '哈希链' },
  label: {
    en: 'Published blocks by their hash chains, from the first block of a sequence to the right. Arrow keys walk, Enter pins.',
    zh: '按哈希链排列的已缓存块，从序列的第一块往右。方向键移动，Enter 固定。',
  },
  empty: {
    en: 'No block is published at this moment: only a full block gets a hash.',
    zh: '此刻没有已缓存的块：写满的块才有哈希。',
  },
  emptyPaper: {
    en: 'No block is published at this moment: only a full block gets a hash, and by these rules it loses it when nobody holds it any more.',
    zh: '此刻没有已缓存的块：写满的块才有哈希；按此规则，无人持有时哈希随即作废。',
  },
  off: {
    en: 'No block is published: prefix sharing is switched off.',
    zh: '没有已缓存的块：前缀共享已关闭。',
  },
  summary: {
    en: (published: number, orphans: number) =>
      `${whole(published)} published${orphans ? `, ${whole(orphans)} orphaned: a block before them is gone, so no lookup gets there` : ''}`,
    zh: (published: number, orphans: number) =>
      `已缓存 ${whole(published)} 块${orphans ? `，其中 ${whole(orphans)} 块断链：前面的块已被逐出，再也查不到` : ''}`,
  },
  rule: {
    en: 'hash = H(hash of the block before, own tokens). A lookup walks from the left and stops at the first hash it does not find.',
    zh: '哈希 = H(前一块的哈希, 本块 token)。查找从左往右走，遇到第一个查不到的哈希就停。',
  },
  note: {
    en: 'Hashes are 64 bits, computed by this page; vLLM uses another function.',
    zh: '哈希为 64 位，由本页面计算；vLLM 使用另一种函数。',
  },
  root: { en: 'start', zh: '起点' },
  lost: { en: 'evicted', zh: '已逐出' },
  resting: { en: 'So many blocks are drawn when the replay rests.', zh: '块太多，播放停下后再画。' },
  hidden: { en: (n: number) => `… ${plural(n, 'more block')}`, zh: (n: number) => `……还有 ${whole(n)} 块` },
  orphan: { en: 'orphaned: no lookup reaches it', zh: '断链：再也查不到' },
  evictedNow: { en: 'Evicted in this step:', zh: '本步逐出：' },
  evictedOne: {
    en: (id: number, lost: number) => `block ${id}${lost ? `, and ${lost} behind it can no longer be found` : ''}`,
    zh: (id: number, lost: number) => `块 ${id}${lost ? `，其后 ${lost} 块随之查不到` : ''}`,
  },
  describe: {
    en: (summary: string, list: string) => `Hash chains: ${summary}. ${list}`,
    zh: (summary: string, list: string) => `哈希链：${summary}。${list}`,
  },
  chain: { en: (list: string) => `Chain ${list}.`, zh: (list: string) => `链 ${list}。` },
} satisfies Dictionary;
