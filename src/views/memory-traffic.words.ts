// What the traffic table of the memory view says.
import type { Dictionary } from '../words';

export const trafficWords = {
  title: { en: 'HBM traffic of the whole run', zh: '整次运行的 HBM 访存量' },
  requested: { en: 'requested', zh: '发出的访存量' },
  ioModel: { en: 'IO model', zh: '论文公式' },
  compulsory: { en: 'compulsory', zh: '理论下限' },
  requestedNote: {
    en: 'Every load and store of HBM that the kernel as written asked for, all workgroups of all passes. Before caches: not DRAM traffic.',
    zh: 'kernel 源码发出的每次 HBM 读写，所有 pass 的所有工作组。是经过缓存之前的量，不等于 DRAM 流量。',
  },
  standardNote: {
    en: 'As the papers count standard attention: each pass reads and writes each operand once, 4Nd + 4N² elements a head.',
    zh: '按论文对标准注意力的算法：每个 pass 对每个操作数各读写一次，每个头 4Nd + 4N² 个元素。',
  },
  flashNote: {
    en: 'As the papers count FlashAttention-2: Q and O once, K and V once for every block of Br rows, 2Nd + (N/Br)·2Nd + N elements a head.',
    zh: '按论文对 FlashAttention-2 的算法：Q、O 各一次，每 Br 行读一遍 K、V，每个头 2Nd + (N/Br)·2Nd + N 个元素。',
  },
  compulsoryNote: {
    en: 'Q, K and V read once, O and LSE written once: no kernel can do with less.',
    zh: 'Q、K、V 各读一次，O、LSE 各写一次：任何 kernel 都不可能更少。',
  },
  read: { en: 'read', zh: '读' },
  written: { en: 'written', zh: '写' },
  total: { en: 'total', zh: '合计' },
  soFar: { en: (workgroup: number) => `workgroup id ${workgroup} so far`, zh: (workgroup: number) => `工作组 id ${workgroup} 到目前` },
  soFarNote: {
    en: 'Read and written by this workgroup of this pass, up to the cursor.',
    zh: '这个 pass 里该工作组到当前位置为止的读写总量。',
  },
  caption: {
    en: 'Requested bytes are counted before caches; the other two columns are formulas. They are never mixed.',
    zh: '“发出的访存量”是经过缓存之前数出来的；另外两列由公式算出。',
  },
  above: {
    en: (times: string, standard: string) => `This run requests ${times}× what the IO model gives standard attention (${standard}).`,
    zh: (times: string, standard: string) => `这次运行发出的访存量是标准注意力论文公式（${standard}）的 ${times} 倍。`,
  },
  whyBr: {
    en: (br: number, half: number, blocks: number) =>
      `More, not less: Br = ${br} is below d/2 = ${half}, so K and V are read again for each of ${blocks} row blocks. A larger Br reads them less often.`,
    zh: (br: number, half: number, blocks: number) =>
      `反而更多：Br = ${br} 小于 d/2 = ${half}，K、V 要为 ${blocks} 个行块各重读一遍。Br 越大，重读越少。`,
  },
  whySmall: {
    en: (blocks: number) => `More, not less: at this size S is small, and K and V are read once for each of ${blocks} row blocks.`,
    zh: (blocks: number) => `反而更多：在这个规模下 S 很小，而 K、V 要为 ${blocks} 个行块各读一遍。`,
  },
  whyLess: {
    en: (blocks: number) => `S and P never travel; K and V are read once for each of ${blocks} row blocks.`,
    zh: (blocks: number) => `S、P 不进出 HBM；K、V 为 ${blocks} 个行块各读一遍。`,
  },
  whyNaive: {
    en: 'Each thread reads its own row and column, so the same bytes are asked for again and again; caches serve most of it.',
    zh: '每个线程各读自己的行与列，同样的字节被反复请求；其中大部分会命中缓存。',
  },
  causal: {
    en: 'The formulas ignore the causal mask; the kernel skips keys that no row of its block sees.',
    zh: '公式没算因果掩码；kernel 会跳过整个分块都看不到的 key。',
  },
  causalNaive: {
    en: 'The formulas ignore the causal mask; the kernel reads only what a row sees.',
    zh: '公式没算因果掩码；kernel 只读每行看得到的部分。',
  },
  space: { en: ' ', zh: '' },
  ratioNote: {
    en: 'Requested bytes of the whole run ÷ (4Nd + 4N²) × 4 bytes × heads.',
    zh: '整次运行发出的访存量 ÷ [(4Nd + 4N²) × 4 字节 × 头数]。',
  },
} satisfies Dictionary;
