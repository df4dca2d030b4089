// The words of the view of KV bytes.
import type { Dictionary } from '../../../words';
import { plural, whole } from '../../../ui/whole';

export const headsWords = {
  title: { en: 'Bytes of KV cache a token', zh: '每个 token 的 KV 缓存字节数' },
  model: { en: 'Model', zh: '模型' },
  dtype: { en: 'Cache in', zh: '缓存精度' },
  memory: { en: 'Memory for the cache', zh: '缓存可用内存' },
  formula: { en: 'Formula', zh: '公式' },
  layers: { en: 'layers', zh: '层' },
  kvHeads: { en: 'KV heads', zh: 'KV 头' },
  kvHeadsOf: { en: (n: number) => plural(n, 'KV head'), zh: (n: number) => `${whole(n)} 个 KV 头` },
  dim: { en: 'of one head', zh: '每头维度' },
  kv: { en: 'K and V', zh: 'K 与 V' },
  each: { en: 'an element', zh: '每元素' },
  fits: {
    en: (tokens: number, memory: string) => `${plural(tokens, 'token')} fit in ${memory}.`,
    zh: (tokens: number, memory: string) => `${memory} 可容纳 ${whole(tokens)} 个 token。`,
  },
  weights: { en: 'The weights come on top.', zh: '模型权重另计。' },
  pool: {
    en: (slots: number, size: string, block: number, blockSize: string) =>
      `With this model the pool on screen, ${plural(slots, 'slot')}, would take ${size}; a block of ${whole(block)}: ${blockSize}.`,
    zh: (slots: number, size: string, block: number, blockSize: string) =>
      `若用此模型，屏幕上的池（${whole(slots)} 个槽）需 ${size}；大小为 ${whole(block)} 的一块需 ${blockSize}。`,
  },
  picture: {
    en: (heads: number, kvHeads: number) =>
      `${plural(heads, 'query head')} ${heads === 1 ? 'reads' : 'read'} ${plural(kvHeads, 'KV head')}, ${whole(heads / kvHeads)} each`,
    zh: (heads: number, kvHeads: number) =>
      `${whole(heads)} 个 query 头读取 ${whole(kvHeads)} 个 KV 头，每个 KV 头供 ${whole(heads / kvHeads)} 个 query 头使用`,
  },
  queryHeads: { en: 'query heads', zh: 'query 头' },
  variants: { en: 'The same model with other sharing', zh: '同一模型，换用其他共享方式' },
  published: { en: 'as published', zh: '实际发布' },
  imagined: { en: 'if it were', zh: '假设' },
  MHA: { en: 'MHA: every query head has its own K and V', zh: 'MHA：每个 query 头各有 K、V' },
  GQA: { en: 'GQA: a group of query heads shares K and V', zh: 'GQA：一组 query 头共用 K、V' },
  MQA: { en: 'MQA: all query heads share one K and V', zh: 'MQA：所有 query 头共用一份 K、V' },
  models: { en: 'Real models', zh: '真实模型' },
  sharing: { en: 'heads', zh: '头' },
  bytes: { en: 'a token', zh: '每 token' },
  tokens: { en: 'tokens that fit', zh: '可容纳 token' },
  choose: { en: (name: string) => `Choose ${name}`, zh: (name: string) => `选择 ${name}` },
  note: {
    en: '2 × layers × KV heads × dimension × bytes, from the model’s published configuration.',
    zh: '2 × 层数 × KV 头数 × 维度 × 字节数，取自模型公开的配置。',
  },
  depthOpen: { en: 'One block through all layers, in 3D', zh: '三维查看：一个 KV 块贯穿所有层' },
  depthClose: { en: 'Close the 3D view', zh: '关闭三维图' },
  depthLabel: {
    en: 'One block through all layers of the model; arrow keys turn it',
    zh: '一个块贯穿模型的所有层；方向键可转动',
  },
  depthBlock: {
    en: (id: number, filled: number, size: number) =>
      `Block ${whole(id)}, ${whole(filled)} of ${plural(size, 'slot')} filled`,
    zh: (id: number, filled: number, size: number) => `第 ${whole(id)} 块，${whole(size)} 个槽已填 ${whole(filled)} 个`,
  },
  depthNone: { en: 'A block', zh: '一个块' },
  depthSaid: {
    en: (block: string, pieces: number, piece: string, all: string) =>
      `${block}: one number in the table stands for ${whole(pieces)} pieces of memory, K (blue) and V (red) of every layer, ${piece} each, ${all} in all. Layers rise from the floor, heads stand side by side, slots run to the back. The frame is the room that MHA would take.`,
    zh: (block: string, pieces: number, piece: string, all: string) =>
      `${block}：块表里的一个编号对应 ${whole(pieces)} 段内存，即每一层的 K（蓝）与 V（红），每段 ${piece}，共 ${all}。层自下而上，头左右并排，槽由前向后。外框是 MHA 所需的空间。`,
  },
  depthLoading: { en: 'Loading …', zh: '正在加载……' },
  depthMissing: {
    en: 'This browser offers no WebGL 2, which the 3D view needs.',
    zh: '此浏览器不提供三维图所需的 WebGL 2。',
  },
  depthFailed: {
    en: 'The 3D view could not be loaded. Close it and open it again to retry.',
    zh: '三维图加载失败。关闭后重新打开可重试。',
  },
  describe: {
    en: (name: string, bytes: string, sharing: string) =>
      `${name} keeps ${bytes} of keys and values a token (${sharing}).`,
    zh: (name: string, bytes: string, sharing: string) => `${name} 每个 token 占 ${bytes} 的 KV 缓存（${sharing}）。`,
  },
} as const satisfies Dictionary;

/** Element types by their usual names. */
export const DTYPES = [
  { id: 'fp32', name: 'fp32', bytes: 4 },
  { id: 'fp16', name: 'fp16 / bf16', bytes: 2 },
  { id: 'fp8', name: 'fp8 / int8', bytes: 1 },
] as const;
