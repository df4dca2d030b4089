// What the view of KV bytes a token says.
import type { Dictionary } from '../words';

const plain = (n: number): string => n.toLocaleString('en');

export const headsWords = {
  title: { en: 'Bytes of KV cache a token', zh: '每个词元的 KV 缓存字节数' },
  model: { en: 'Model', zh: '模型' },
  dtype: { en: 'Cache in', zh: '缓存精度' },
  memory: { en: 'Memory for the cache', zh: '缓存可用内存' },
  formula: { en: 'Formula', zh: '公式' },
  layers: { en: 'layers', zh: '层' },
  kvHeads: { en: 'KV heads', zh: 'KV 头' },
  kvHeadsOf: { en: (n: number) => (n === 1 ? '1 KV head' : `${plain(n)} KV heads`), zh: (n: number) => `${plain(n)} 个 KV 头` },
  dim: { en: 'of one head', zh: '每头维度' },
  kv: { en: 'K and V', zh: 'K 与 V' },
  each: { en: 'an element', zh: '每元素' },
  fits: {
    en: (tokens: number, memory: string) => `${plain(tokens)} tokens fit in ${memory}.`,
    zh: (tokens: number, memory: string) => `${memory} 可容纳 ${plain(tokens)} 个词元。`,
  },
  weights: { en: 'The weights come on top.', zh: '模型权重另计。' },
  pool: {
    en: (slots: number, size: string, block: number, blockSize: string) =>
      `With this model the pool on screen, ${plain(slots)} slots, would take ${size}; a block of ${plain(block)}: ${blockSize}.`,
    zh: (slots: number, size: string, block: number, blockSize: string) =>
      `若用此模型，屏幕上的池（${plain(slots)} 个槽）需 ${size}；大小为 ${plain(block)} 的一块需 ${blockSize}。`,
  },
  picture: {
    en: (heads: number, kvHeads: number) =>
      `${plain(heads)} query heads read ${plain(kvHeads)} ${kvHeads === 1 ? 'KV head' : 'KV heads'}, ${plain(heads / kvHeads)} each`,
    zh: (heads: number, kvHeads: number) =>
      `${plain(heads)} 个查询头读取 ${plain(kvHeads)} 个 KV 头，每个 KV 头供 ${plain(heads / kvHeads)} 个查询头使用`,
  },
  queryHeads: { en: 'query heads', zh: '查询头' },
  variants: { en: 'The same model with other sharing', zh: '同一模型，换用其他共享方式' },
  published: { en: 'as published', zh: '实际发布' },
  imagined: { en: 'if it were', zh: '假设' },
  MHA: { en: 'MHA: every query head has its own K and V', zh: 'MHA：每个查询头各有 K、V' },
  GQA: { en: 'GQA: a group of query heads shares K and V', zh: 'GQA：一组查询头共用 K、V' },
  MQA: { en: 'MQA: all query heads share one K and V', zh: 'MQA：所有查询头共用一份 K、V' },
  models: { en: 'Real models', zh: '真实模型' },
  sharing: { en: 'heads', zh: '头' },
  bytes: { en: 'a token', zh: '每词元' },
  tokens: { en: 'tokens that fit', zh: '可容纳词元' },
  choose: { en: (name: string) => `Choose ${name}`, zh: (name: string) => `选择 ${name}` },
  note: {
    en: '2 × layers × KV heads × dimension × bytes, from the model’s published configuration.',
    zh: '2 × 层数 × KV 头数 × 维度 × 字节数，取自模型公开的配置。',
  },
  describe: {
    en: (name: string, bytes: string, sharing: string) => `${name} keeps ${bytes} of keys and values a token (${sharing}).`,
    zh: (name: string, bytes: string, sharing: string) => `${name} 每个词元保存 ${bytes} 的键与值（${sharing}）。`,
  },
} as const satisfies Dictionary;

/** Element types by their own names. */
export const DTYPES = [
  { id: 'fp32', name: 'fp32', bytes: 4 },
  { id: 'fp16', name: 'fp16 / bf16', bytes: 2 },
  { id: 'fp8', name: 'fp8 / int8', bytes: 1 },
] as const;
