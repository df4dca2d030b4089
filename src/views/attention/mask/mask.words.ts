// What the mask view says.
import type { Dictionary } from '../../../words';
import { plural } from '../../../ui/whole';

export const maskWords = {
  title: { en: 'Mask tiles: who may see whom', zh: '掩码分块：谁能看见谁' },
  toggle: { en: 'Mask', zh: '掩码' },
  causal: { en: 'causal, as GPT', zh: '因果（GPT）' },
  causalWhy: {
    en: 'A token sees itself and what stands before it, so the model can be asked for the next one.',
    zh: '每个 token 只看自己和它前面的 token，因此模型可以用来预测下一个 token。',
  },
  causalWhyBare: {
    en: 'The last query sees every key, and each query before it one key fewer.',
    zh: '最后一个 query 看得到全部 key，往前每个 query 依次少看一个。',
  },
  both: { en: 'mask lifted', zh: '掩码取消' },
  bothWhy: {
    en: 'Every token sees all others, as in BERT. But this model was trained causally: what its heads then do is no trained bidirectional attention.',
    zh: '每个 token 都看到前后所有 token，这一点与 BERT 相同；但模型仍按因果训练，这时各个头的行为并不是训练出来的双向注意力。',
  },
  bothWhyBare: {
    en: 'Every query sees every key. These inputs come from no model, so this says nothing of a trained one.',
    zh: '每个 query 都看到每个 key。这些输入不来自模型，说明不了训练过的模型会怎样。',
  },
  topLeftWhy: {
    en: 'Query i sees keys 0 to i. Where there are more keys than queries, nobody sees the last keys.',
    zh: 'query i 看得到 key 0 到 i；key 比 query 多时，最后那些 key 谁也看不到。',
  },
  windowWhy: {
    en: (left: string, right: string) =>
      `A sliding window: a query sees the key at its own place, ${left} before it and ${right} after it.`,
    zh: (left: string, right: string) => `滑动窗口：每个 query 看得到自己位置上的 key、它前面${left}和后面${right}。`,
  },
  someKeys: { en: (n: string) => plural(n, 'key'), zh: (n: string) => ` ${n} 个` },
  allKeys: { en: 'all keys', zh: '全部' },
  prefixWhy: {
    en: (length: string) =>
      `A prefix: every query sees the first ${plural(length, 'key')}, and like a causal one what stands before it.`,
    zh: (length: string) => `前缀：每个 query 都看得到前 ${length} 个 key，其余按因果，只看前面的。`,
  },
  full: { en: 'full: every pair is seen', zh: '完整：每一对都可见' },
  partial: { en: 'partial: masked inside', zh: '部分：分块内要做掩码' },
  skipped: { en: 'skipped: nothing to see', zh: '跳过：没有可见的对' },
  tiles: { en: 'tiles', zh: '分块' },
  kind: { en: 'tile', zh: '分块种类' },
  computedNote: { en: 'From the mask and the tile size alone.', zh: '仅由掩码和分块大小得出。' },
  readNote: {
    en: 'Tiles whose keys the kernel loaded for these query rows.',
    zh: 'kernel 为这些 query 行读过 K 的分块。',
  },
  loaded: {
    en: (n: string, all: string) => `This kernel loaded K for ${n} of ${plural(all, 'tile')}`,
    zh: (n: string, all: string) => `这个 kernel 在 ${all} 个分块中读了 ${n} 个的 K`,
  },
  agrees: { en: 'exactly those that are not skipped.', zh: '正好是没有跳过的那些。' },
  more: { en: (n: string) => `${n} more than the mask asks for.`, zh: (n: string) => `比掩码需要的多 ${n} 个。` },
  fewer: { en: (n: string) => `${n} fewer than the mask asks for.`, zh: (n: string) => `比掩码需要的少 ${n} 个。` },
  sees: {
    en: (row: string, n: string, all: string) => `Query ${row} sees ${n} of ${plural(all, 'key')}`,
    zh: (row: string, n: string, all: string) => `query ${row} 可见 ${all} 个 key 中的 ${n} 个`,
  },
  seesNone: {
    en: (row: string) => `Query ${row} sees no key: O = 0`,
    zh: (row: string) => `query ${row} 看不见任何 key：O = 0`,
  },
  pairs: {
    en: (seen: string, all: string, part: string) =>
      `${seen} of ${plural(all, 'pair')} seen (${part}): the FLOPs that count`,
    zh: (seen: string, all: string, part: string) => `可见 ${all} 对中的 ${seen} 对（${part}）：真正需要的 FLOPs`,
  },
  grid: {
    en: (rows: string, cols: string, br: string, bc: string) =>
      `S as ${rows} by ${plural(cols, 'tile')} of ${br}×${bc}; rows are queries, columns keys`,
    zh: (rows: string, cols: string, br: string, bc: string) =>
      `S 分成 ${rows}×${cols} 个 ${br}×${bc} 的分块；行是 query，列是 key`,
  },
  hint: { en: 'Click a tile to go to its rows.', zh: '点一个分块可跳到它的行。' },
  describe: {
    en: (full: string, partial: string, skipped: string, sees: string) =>
      `${full} full, ${partial} partial and ${plural(skipped, 'skipped tile')}. ${sees}.`,
    zh: (full: string, partial: string, skipped: string, sees: string) =>
      `完整 ${full} 块，部分 ${partial} 块，跳过 ${skipped} 块。${sees}。`,
  },
} satisfies Dictionary;
