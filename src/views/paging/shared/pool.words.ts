// The words of the pool.
import type { RuleSet } from '../../../paging';
import type { Dictionary, Language } from '../../../words';
import type { Change } from './facts';
import { plural, whole } from '../../../ui/whole';

/** 1st, 2nd, 3rd, 4th ... 11th. */
export function ordinal(n: number): string {
  const ending = n % 100 > 10 && n % 100 < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
  return `${n}${ending}`;
}

/** The short name of a change, drawn on the block. */
export const changeWords: Record<Language, Record<Change, string>> = {
  en: {
    evicted: 'evicted',
    allocated: 'taken',
    copied: 'copy',
    'copied-from': 'copied',
    hit: 'hit',
    shared: 'shared',
    left: 'let go',
    freed: 'freed',
    written: 'written',
    published: 'published',
    'swapped-in': 'back',
    'swapped-out': 'out',
  },
  zh: {
    evicted: '逐出',
    allocated: '分配',
    copied: '副本',
    'copied-from': '被复制',
    hit: '命中',
    shared: '共享',
    left: '放开',
    freed: '释放',
    written: '写入',
    published: '缓存',
    'swapped-in': '换入',
    'swapped-out': '换出',
  },
};

export const ruleNames: Record<RuleSet, Record<Language, string>> = {
  'v1-2026': { en: 'vLLM V1 (2026)', zh: 'vLLM V1（2026）' },
  'v1-2025': { en: 'vLLM V1 (2025)', zh: 'vLLM V1（2025）' },
  paper: { en: 'the paper / vLLM V0', zh: '论文 / vLLM V0' },
};

export const poolWords = {
  title: { en: 'The pool', zh: 'KV 块池' },
  label: {
    en: 'Physical blocks of the pool. Arrow keys walk over blocks and slots, Enter pins.',
    zh: '池中的物理块。方向键在块与槽之间移动，Enter 固定。',
  },
  summary: {
    en: (blocks: number, size: number, held: number, shared: number, free: number, holding: number) =>
      `${plural(blocks, 'block')} of ${plural(size, 'slot')}, and the null block: ${whole(held)} held${shared ? ` (${whole(shared)} shared)` : ''}, ${whole(free)} free${holding ? `, in ${whole(holding)} of them the old K and V still lie` : ''}`,
    zh: (blocks: number, size: number, held: number, shared: number, free: number, holding: number) =>
      `${whole(blocks)} 个块，每块 ${size} 槽，另有一个空块：占用 ${whole(held)}${shared ? `（共享 ${whole(shared)}）` : ''}，空闲 ${whole(free)}${holding ? `，其中 ${whole(holding)} 个的旧 K、V 尚未被覆盖` : ''}`,
  },
  note: {
    en: (rules: string) =>
      `Simulated exactly by the rules of ${rules}. Slots are positions in the K and V buffers, one token each.`,
    zh: (rules: string) => `按 ${rules} 的规则精确模拟。槽是 K、V 缓冲区中的位置，每槽一个 token。`,
  },
  null: { en: 'null', zh: '空块' },
  place: { en: (n: number) => `free, ${ordinal(n)}`, zh: (n: number) => `空闲第 ${n} 位` },
  was: { en: (entry: string) => `was ${entry}`, zh: (entry: string) => `曾是 ${entry}` },
  hint: {
    en: 'Point at or tap a block or a slot, or go there with Tab and the arrow keys.',
    zh: '指向或点按一个块或槽，也可用 Tab 与方向键移过去。',
  },
  block: {
    en: (id: number, low: number, high: number) => `Block ${id} · slots ${low}–${high}`,
    zh: (id: number, low: number, high: number) => `块 ${id} · 槽 ${low}–${high}`,
  },
  nullBlock: {
    en: 'Block 0, the null block: a table points here where there is nothing to read. Nobody owns it, it is never freed and never hashed.',
    zh: '块 0 是空块（null block）：块表里没有可读内容的位置都指向它。它不属于任何请求，永不释放，也不算哈希。',
  },
  heldBy: { en: (list: string) => `held by ${list}`, zh: (list: string) => `由 ${list} 持有` },
  publishedAs: { en: (hash: string) => `published as #${hash}`, zh: (hash: string) => `已缓存，哈希 #${hash}` },
  inQueue: {
    en: (place: number) => `place ${place} in the free list`,
    zh: (place: number) => `空闲列表第 ${place} 位`,
  },
  stillHolds: {
    en: (entry: string, hashed: boolean) =>
      hashed
        ? `still holds ${entry}, published until it is taken`
        : `still holds what was ${entry}, but no lookup finds it`,
    zh: (entry: string, hashed: boolean) =>
      hashed ? `仍留有 ${entry}，被取走之前一直可命中` : `仍留有原 ${entry} 的内容，但查不到`,
  },
  neverUsed: { en: 'empty', zh: '空的' },
  filled: {
    en: (n: number, size: number) => `${n} of ${plural(size, 'slot')} filled`,
    zh: (n: number, size: number) => `${size} 槽中已填 ${n}`,
  },
  now: { en: (list: string) => `this step: ${list}`, zh: (list: string) => `本步：${list}` },
  slot: {
    en: (slot: number, token: string) => `slot ${slot} holds “${token}”`,
    zh: (slot: number, token: string) => `槽 ${slot} 存放“${token}”`,
  },
  emptySlot: { en: (slot: number) => `slot ${slot} is empty`, zh: (slot: number) => `槽 ${slot} 为空` },
  text: { en: (text: string) => `“${text}”`, zh: (text: string) => `“${text}”` },
  comma: { en: ', ', zh: '、' },
  more: { en: (n: number) => ` and ${n} more`, zh: (n: number) => `，另有 ${n} 个` },
  cpuName: { en: 'CPU memory', zh: 'CPU 内存' },
  cpu: {
    en: (used: number, all: number, names: string) =>
      used === 0
        ? `CPU memory: ${plural(all, 'block')}, all free. A preempted request is moved here and loses nothing.`
        : `CPU memory: ${used} of ${plural(all, 'block')} hold what was swapped out (${names}).`,
    zh: (used: number, all: number, names: string) =>
      used === 0
        ? `CPU 内存：${all} 个块，全部空闲。被抢占者换出到这里，什么也不丢。`
        : `CPU 内存：${all} 块中 ${used} 块存放被换出的内容（${names}）。`,
  },
  cpuOut: {
    en: (pairs: string) => `This step moved out, pool → CPU: ${pairs}.`,
    zh: (pairs: string) => `本步换出（块池 → CPU）：${pairs}。`,
  },
  cpuBack: {
    en: (pairs: string) => `This step moved back, CPU → pool: ${pairs}.`,
    zh: (pairs: string) => `本步换回（CPU → 块池）：${pairs}。`,
  },
  cpuBlock: { en: (id: number) => `CPU block ${id}`, zh: (id: number) => `CPU 块 ${id}` },
  cpuHolds: {
    en: (list: string, text: string) => `holds ${list}, “${text}”`,
    zh: (list: string, text: string) => `存放 ${list}，“${text}”`,
  },
  cpuFrom: {
    en: (block: number) => `moved here from block ${block} in this step`,
    zh: (block: number) => `本步从块 ${block} 移来`,
  },
  cpuTo: {
    en: (block: number) => `moved back to block ${block} in this step`,
    zh: (block: number) => `本步移回块 ${block}`,
  },
  key: { en: 'Key', zh: '图例' },
  keyHeld: { en: 'held: hue of the request', zh: '占用：颜色即请求' },
  keyShared: { en: 'shared: a stripe for each', zh: '共享：每个请求一道条纹' },
  keyFree: { en: 'free, old contents not yet overwritten', zh: '空闲，旧内容尚未被覆盖' },
  keyEmpty: { en: 'empty slot', zh: '空槽' },
  keyWritten: { en: 'written in this step', zh: '本步写入' },
  keyHash: { en: '# published: can be found by its hash', zh: '# 已缓存：可按哈希命中' },
  keyPlace: {
    en: 'upper right: place in the free list, the 1st is taken next',
    zh: '右上角：在空闲列表中的位次，第 1 位最先被取走',
  },
  keyTaken: { en: 'taken', zh: '分配' },
  keyHit: { en: 'hit, or shared by a fork', zh: '命中，或因分叉而共享' },
  keyFreed: { en: 'freed', zh: '释放' },
  keyEvicted: { en: 'evicted', zh: '逐出' },
  keyMove: { en: 'moved to CPU memory, or back', zh: '换出到 CPU 内存，或换回' },
  keyPath: { en: 'dots: blocks of the chosen request, joined in their order', zh: '圆点：所选请求的块，按次序相连' },
  describe: {
    en: (summary: string, list: string) => `Pool: ${summary}. ${list}`,
    zh: (summary: string, list: string) => `块池：${summary}。${list}`,
  },
  changed: { en: (list: string) => `In this step: ${list}.`, zh: (list: string) => `本步：${list}。` },
  unchanged: { en: 'No block got or lost a holder in this step.', zh: '本步没有块换主人。' },
  changedBlock: {
    en: (id: number, change: string) => `block ${id} ${change}`,
    zh: (id: number, change: string) => `块 ${id} ${change}`,
  },
} satisfies Dictionary;
