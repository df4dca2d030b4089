// What is said about a run's traffic: the number to quote, then what the kernel as written requests. Bytes and ratios
// come in written out.
import type { Dictionary } from '../../words';
import { plural } from '../../ui/whole';

export const trafficSentenceWords = {
  standard: {
    en: (model: string, scores: string) =>
      `This is standard attention: by the papers’ IO model, the number to quote, it moves ${model}, of which ${scores} are S and P, written and read again.`,
    zh: (model: string, scores: string) =>
      `这是标准注意力：按论文公式（应引用这个数）搬运 ${model}，其中 ${scores} 是写出又读回的 S 和 P。`,
  },
  quote: {
    en: (model: string, times: string, standard: string) =>
      `By the papers’ IO model, the number to quote, this run moves ${model}: ${times} as much as standard attention (${standard}).`,
    zh: (model: string, times: string, standard: string) =>
      `按论文公式（应引用这个数），这次运行搬运 ${model}，是标准注意力（${standard}）的 ${times}。`,
  },
  more: { en: 'More, not less.', zh: '反而更多。' },
  saved: {
    en: (bytes: string) => `S and P, ${bytes} there, never leave the chip here.`,
    zh: (bytes: string) => `标准注意力中占 ${bytes} 的 S 和 P，这里从不离开芯片。`,
  },
  once: { en: 'K and V are read once.', zh: 'K、V 只读一次。' },
  again: {
    en: (blocks: number, tiled: boolean, bytes: string) =>
      `Each of ${plural(blocks, tiled ? 'row block' : 'query row')} reads the K and V that it sees: ${bytes} more than reading them once.`,
    zh: (blocks: number, tiled: boolean, bytes: string) =>
      `${blocks} ${tiled ? '个行块' : '行 Q'}各读一遍自己看得到的 K、V，比只读一次多 ${bytes}。`,
  },
  parts: {
    en: (parts: number, bytes: string) =>
      `O, m and l of ${plural(parts, 'part')} go out and come in once more: ${bytes}.`,
    zh: (parts: number, bytes: string) => `${parts} 段各自的 O、m、l 还要写出再读回：${bytes}。`,
  },
  kept: {
    en: (bytes: string) =>
      `O, l and m live in HBM and are read and written again for every tile of keys: ${bytes} more than O once.`,
    zh: (bytes: string) => `O、l、m 一直放在 HBM，每个 K、V 分块都要读出再写回：比 O 只写一次多 ${bytes}。`,
  },
  other: {
    en: (model: string, times: string, least: string) =>
      `By its IO model this run moves ${model}: ${times} as much as each tensor once (${least}).`,
    zh: (model: string, times: string, least: string) =>
      `按公式，这次运行搬运 ${model}，是每个张量只搬一次（${least}）的 ${times}。`,
  },
  instead: {
    en: (times: string, standard: string) => `That is ${times} of what the standard way moves (${standard}).`,
    zh: (times: string, standard: string) => `是标准做法（${standard}）的 ${times}。`,
  },
  between: {
    en: (bytes: string) => `${bytes} of it are intermediate results, written and read again.`,
    zh: (bytes: string) => `其中 ${bytes} 是写出又读回的中间结果。`,
  },
  small: {
    en: (br: number, half: number) => `Br = ${br} is below d/2 = ${half}: too few rows share each tile.`,
    zh: (br: number, half: number) => `Br = ${br} 小于 d/2 = ${half}：共用一个分块的行太少。`,
  },
  asMuch: { en: 'The kernel as written requests exactly that.', zh: '源码发出的访存量与论文公式一个字节不差。' },
  asks: {
    en: (bytes: string, times: string, causes: string) =>
      `The kernel as written requests ${bytes}, ${times} its model: ${causes}.`,
    zh: (bytes: string, times: string, causes: string) =>
      `源码实际发出的访存量是 ${bytes}，为公式的 ${times}：${causes}。`,
  },
  threads: {
    en: (tensors: string, bytes: string, _groups: number) =>
      `each thread loads what it needs of ${tensors} for itself (+${bytes})`,
    zh: (tensors: string, bytes: string, _groups: number) => `每个线程各自读取所需的 ${tensors}（+${bytes}）`,
  },
  sweeps: {
    en: (_tensors: string, bytes: string, _groups: number) =>
      `softmax reads each row of S three times, for m, for l and for P, where once would do (+${bytes})`,
    zh: (_tensors: string, bytes: string, _groups: number) =>
      `softmax 把 S 的每一行读三遍（求 m、求 l、写 P），公式只计一遍（+${bytes}）`,
  },
  groups: {
    en: (tensors: string, bytes: string, groups: number) =>
      `each of ${plural(groups, 'group')} of four lanes loads ${tensors} for itself (+${bytes})`,
    zh: (tensors: string, bytes: string, groups: number) =>
      `${groups} 组（每组四个 lane）各自读取 ${tensors}（+${bytes}）`,
  },
  padding: {
    en: (tensors: string, bytes: string, _groups: number) =>
      `steps of ${tensors} are loaded whole, past the end the last row or column again (+${bytes})`,
    zh: (tensors: string, bytes: string, _groups: number) =>
      `${tensors} 总按整步读取，超出末尾的部分重读最后一行或一列（+${bytes}）`,
  },
  ahead: {
    en: (tensors: string, bytes: string, _groups: number) =>
      `the first tile of ${tensors} is loaded before a block knows that it sees none of it (+${bytes})`,
    zh: (tensors: string, bytes: string, _groups: number) =>
      `${tensors} 的第一个分块先读入，行块之后才知道看不见它（+${bytes}）`,
  },
  lookup: {
    en: (tensors: string, bytes: string, _groups: number) =>
      `each thread looks up its request and its blocks in ${tensors} (+${bytes})`,
    zh: (tensors: string, bytes: string, _groups: number) => `每个线程在 ${tensors} 中查自己的请求和块（+${bytes}）`,
  },
  lse: {
    en: (_tensors: string, bytes: string, _groups: number) =>
      `LSE is written, which the formula leaves out (+${bytes})`,
    zh: (_tensors: string, bytes: string, _groups: number) => `还写出公式未计的 LSE（+${bytes}）`,
  },
  caches: {
    en: 'Caches serve most of what is asked for again: this is no ratio of times.',
    zh: '重复请求大多由缓存提供：这不是耗时之比。',
  },
  OPart: { en: 'O of the parts', zh: '各段的 O' },
  ML: { en: 'm and l of the parts', zh: '各段的 m 和 l' },
  KPool: { en: 'K of the pool', zh: '池中的 K' },
  VPool: { en: 'V of the pool', zh: '池中的 V' },
  Table: { en: 'the block table', zh: '块表' },
  Requests: { en: 'the list of the requests’ first queries and lengths', zh: '各请求的起始 query 与长度' },
  comma: { en: ', ', zh: '、' },
  semicolon: { en: '; ', zh: '；' },
  space: { en: ' ', zh: '' },
} satisfies Dictionary;
