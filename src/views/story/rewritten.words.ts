// What happens in a step, and why, where keys are outside and queries inside, and O, l and m are kept in HBM.
import type { Dictionary } from '../../words';
import { some } from '../../ui/format';
import { plural } from '../../ui/whole';

export const rewrittenWords = {
  loadQAgainWhy: {
    en: (tiles: number) =>
      `The loop over K and V is the outer one (FlashAttention, Algorithm 1): Q comes from HBM again for every key tile that one of these rows sees, at most ${plural(tiles, 'time')}.`,
    zh: (tiles: number) =>
      `外层循环走 K、V（FlashAttention 算法 1）：这些行只要看得到某个 K 分块，就得为它把 Q 从 HBM 再读一遍，最多 ${tiles} 遍。`,
  },
  beginInHbm: {
    en: (rows: string, written: string) =>
      `O of ${some('row', rows)} is set to 0 in HBM, l too, and m below any score: ${written} written.`,
    zh: (rows: string, written: string) =>
      `在 HBM 里把第 ${rows} 行的 O 和 l 置 0，m 取比任何分数都小的数：写出 ${written}。`,
  },
  beginInHbmWhy: {
    en: 'O, l and m of all rows live in HBM here: every inner step reads them, takes a tile in and writes them back (FlashAttention, Algorithm 1).',
    zh: '这里所有行的 O、l、m 都放在 HBM：每个内层步骤读出、并入一个分块、再写回（FlashAttention 算法 1）。',
  },
  loadKVOnceWhy: {
    en: 'K and V are outside: the tile stays in SRAM while the tiles of Q pass by, so a head asks HBM for each key once; Q and O pay for it, once a key tile.',
    zh: 'K、V 在外层：这个分块留在 SRAM 里，让各个 Q 分块依次经过，每个头的每个 key 只从 HBM 读一次；代价是每个 K 分块都要重读 Q 和 O。',
  },
  softmaxInHbm: {
    en: (row: number, mOld: string, m: string, kept: string, added: string, l: string, alpha: string) =>
      `Row ${row}: m ${mOld === m ? `stays ${m}` : `rises from ${mOld} to ${m}`}, l = ${kept} + ${added} = ${l}, the older keys' share and this tile's; α = ${kept} / ${l} = ${alpha}.`,
    zh: (row: number, mOld: string, m: string, kept: string, added: string, l: string, alpha: string) =>
      `第 ${row} 行：m ${mOld === m ? `仍是 ${m}` : `从 ${mOld} 升到 ${m}`}，l = ${kept} + ${added} = ${l}（之前的 key 与这个分块各占一部分），α = ${kept} / ${l} = ${alpha}。`,
  },
  softmaxInHbmWhy: {
    en: (read: string, written: string) =>
      `m and l come from HBM and go back there (${read} read, ${written} written). O there is divided by l already: α and β = exp(m_tile − m) / l weigh it and this tile's P V anew.`,
    zh: (read: string, written: string) =>
      `m 和 l 从 HBM 读出再写回（读 ${read}，写 ${written}）。HBM 里的 O 已经除过 l，所以用 α 和 β = exp(m_tile − m) / l 给它和这个分块的 P V 重新加权。`,
  },
  outputInHbm: {
    en: (rows: string, keys: string, read: string, written: string) =>
      `O of ${some('row', rows)} comes from HBM (${read}), takes in ${some('key', keys)} and goes back (${written}): O = α O + β P V.`,
    zh: (rows: string, keys: string, read: string, written: string) =>
      `第 ${rows} 行的 O 从 HBM 读出（${read}），并入 key ${keys} 后写回（${written}）：O = α O + β P V。`,
  },
  outputInHbmWhy: {
    en: 'α and β have l in them, so O is divided by l in every inner step (FlashAttention, Algorithm 1). FlashAttention-2 turns the loops around: O stays on chip and is divided once.',
    zh: 'α 和 β 里已含 1 / l，所以每个内层步骤都对 O 做一次归一化（FlashAttention 算法 1）。FlashAttention-2 把循环对调：O 留在片上，最后只除一次。',
  },
  writeLse: {
    en: (rows: string, read: string, written: string) =>
      `LSE = m + ln l of ${some('row', rows)} is written to HBM, ${written}; m and l come from there, ${read}.`,
    zh: (rows: string, read: string, written: string) =>
      `从 HBM 读出 m 和 l（${read}），把第 ${rows} 行的 LSE = m + ln l 写到 HBM，共 ${written}。`,
  },
  writeLseWhy: {
    en: 'O needs nothing more: it lies in HBM, divided by l, since the last tile that its rows saw.',
    zh: 'O 无需再处理：自各行看到的最后一个分块起，HBM 里的 O 就已经归一化。',
  },
} as const satisfies Dictionary;
