// What the traffic table of the memory view says.
import type { Dictionary } from '../../words';

export const trafficWords = {
  title: { en: 'HBM traffic of the whole run', zh: '整次运行的 HBM 访存量' },
  requested: { en: 'requested', zh: '发出的访存量' },
  ioModel: { en: 'IO model', zh: '论文公式' },
  ioModelMasked: { en: (mask: string) => `IO model, ${mask}`, zh: (mask: string) => `论文公式（${mask}）` },
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
  soFar: {
    en: (workgroup: number) => `workgroup id ${workgroup} so far`,
    zh: (workgroup: number) => `工作组 id ${workgroup} 到目前`,
  },
  soFarNote: {
    en: 'Read and written by this workgroup of this pass, up to the cursor.',
    zh: '这个 pass 里该工作组到当前位置为止的读写总量。',
  },
  caption: {
    en: 'Quote the IO model: it is what the papers count. Requested bytes are counted before caches, in this kernel as it is written.',
    zh: '要引用，请用论文公式。发出的访存量是对这份源码在缓存之前的计数。',
  },
  flashMasked: {
    en: 'Tiles that the mask hides whole are left out.',
    zh: '被掩码整块遮住的分块不计。',
  },
  standardMasked: {
    en: 'Under the mask S and P are written in full and read where a query sees.',
    zh: '掩码下 S、P 照样写满，只读每行能看到的部分。',
  },
  unmasked: { en: (bytes: string) => `Without a mask: ${bytes}.`, zh: (bytes: string) => `不带掩码则为 ${bytes}。` },
  space: { en: ' ', zh: '' },
} satisfies Dictionary;
