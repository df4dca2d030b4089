// Where a workgroup has its turn, and what a run showed at its end, in words. They come late, with ./ending.
import { whole } from '../../ui/whole';
import type { Dictionary } from '../../words';

export const endingWords = {
  turn: {
    en: (id: number, of: number) => `On to workgroup id ${id} (${whole(of)} in all).`,
    zh: (id: number, of: number) => `轮到工作组 id ${id}（共 ${of} 个）。`,
  },
  turnPass: {
    en: (n: number, name: string) => `On to pass ${n}: ${name}.`,
    zh: (n: number, name: string) => `进入第 ${n} 遍：${name}。`,
  },
  end: {
    en: (heads: number) =>
      heads === 1 ? 'That was the whole run.' : `That was one head; the bytes are those of all ${whole(heads)}.`,
    zh: (heads: number) => (heads === 1 ? '整个运行到此结束。' : `这是其中一个头；以下字节数是全部 ${heads} 个头的。`),
  },
  endTiled: {
    en: (mine: string, standard: string) =>
      `By the papers’ IO model (computed, the number to quote): ${mine} here, ${standard} for standard attention, which writes S and P.`,
    zh: (mine: string, standard: string) =>
      `按论文公式（计算，应引用这个数），这里 ${mine}；要写出 S 和 P 的标准注意力 ${standard}。`,
  },
  endStandard: {
    en: (mine: string, tiled: string, other: string, br: number, bc: number) =>
      `By the papers’ IO model (computed, the number to quote): ${mine} here, S and P written and read; ${other}, tiles ${br} × ${bc}, moves ${tiled}.`,
    zh: (mine: string, tiled: string, other: string, br: number, bc: number) =>
      `按论文公式（计算，应引用这个数），这里 ${mine}，S 和 P 都要写出再读回；${other}（分块 ${br} × ${bc}）${tiled}。`,
  },
  endCounted: {
    en: (read: string, written: string) =>
      `As written the kernel asked HBM for ${read} and wrote ${written} (counted, before caches).`,
    zh: (read: string, written: string) => `源码发出的访存量：读 HBM ${read}，写 ${written}（计数，缓存之前）。`,
  },
  endCompare: { en: 'See both side by side', zh: '两者并排看' },
  endTime: { en: 'Measure which is faster', zh: '测一测谁更快' },
  space: { en: ' ', zh: '' },
} satisfies Dictionary;
