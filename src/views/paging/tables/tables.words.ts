// The words of the block tables.
import type { Dictionary } from '../../../words';

export const tableWords = {
  title: { en: 'Block tables', zh: '块表' },
  label: {
    en: 'Block tables: entries of the chosen request, physical blocks, and requests that share them. Arrow keys walk, Enter pins.',
    zh: '块表：所选请求的表项、物理块，以及共享它们的请求。方向键移动，Enter 固定。',
  },
  none: { en: 'No request holds blocks now.', zh: '此刻没有请求占用块。' },
  waits: {
    en: (name: string, status: string) => `${name} is ${status}: its table is empty.`,
    zh: (name: string, status: string) => `${name} ${status}：它的块表是空的。`,
  },
  status: { en: (status: string) => status, zh: (status: string) => ZH_STATUS[status] ?? status },
  note: {
    en: 'Logical block numbers count along the sequence; the table turns each into the number of a physical block.',
    zh: '逻辑块号沿序列计数；块表把它变成物理块号。',
  },
  logical: {
    en: (name: string) => `${name}: its sequence, block by block`,
    zh: (name: string) => `${name}：它的序列，逐块`,
  },
  physical: { en: 'physical blocks, by address', zh: '物理块，按地址' },
  sharer: {
    en: (name: string, n: number) => `${name}: shares ${n}`,
    zh: (name: string, n: number) => `${name}：共享 ${n} 块`,
  },
  forkOf: {
    en: (name: string, parent: string) => `${name} (fork of ${parent})`,
    zh: (name: string, parent: string) => `${name}（分叉自 ${parent}）`,
  },
  others: {
    en: (n: number) => `and ${n} more that share blocks with it`,
    zh: (n: number) => `还有 ${n} 个请求与它共享块`,
  },
  copy: { en: 'copy', zh: '复制' },
  choose: { en: 'Request', zh: '请求' },
  auto: { en: 'Auto:', zh: '自动：' },
  autoNote: {
    en: 'The first request that runs, moment by moment. Click one to keep it.',
    zh: '每一时刻首个运行的请求；点选一个即可固定。',
  },
  slot: {
    en: (position: number, token: string) => `Token ${position} “${token}”`,
    zh: (position: number, token: string) => `token ${position}“${token}”`,
  },
  noSlot: {
    en: (position: number) => `Token ${position} has no slot yet: its K and V are not computed.`,
    zh: (position: number) => `token ${position} 还没有槽：它的 K、V 尚未计算。`,
  },
  formula: {
    en: 'slot(pos) = table[pos div B] · B + pos mod B',
    zh: 'slot(pos) = table[pos div B] · B + pos mod B',
  },
  entry: {
    en: (name: string, logical: number, physical: number, low: number, high: number) =>
      `${name}: logical block ${logical}, tokens ${low} to ${high}, is physical block ${physical}`,
    zh: (name: string, logical: number, physical: number, low: number, high: number) =>
      `${name}：逻辑块 ${logical}，token ${low} 至 ${high}，对应物理块 ${physical}`,
  },
  slid: {
    en: (name: string, logical: number) =>
      `${name}: logical block ${logical} slid out of the window; the table holds the null block`,
    zh: (name: string, logical: number) => `${name}：逻辑块 ${logical} 已滑出窗口，表中是空块`,
  },
  describe: {
    en: (name: string, list: string) => `Block table of ${name}: ${list}.`,
    zh: (name: string, list: string) => `${name} 的块表：${list}。`,
  },
  arrow: {
    en: (logical: number, physical: number) => `${logical} → ${physical}`,
    zh: (logical: number, physical: number) => `${logical} → ${physical}`,
  },
  sharedWith: {
    en: (list: string) => ` Shares blocks with ${list}.`,
    zh: (list: string) => `与 ${list} 共享块。`,
  },
  comma: { en: ', ', zh: '、' },
} satisfies Dictionary;

const ZH_STATUS: Readonly<Record<string, string>> = {
  waiting: '正在等待',
  running: '正在运行',
  preempted: '已被抢占',
  swapped: '已换出',
  finished: '已结束',
};
