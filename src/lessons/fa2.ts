// Lesson 10: what FlashAttention-2 changed.
import { bytes, count } from '../ui/format';
import type { Frame } from '../frame/frame-types';
import { step, type Lesson } from './lesson';
import { modelled, movedNow, workgroupsOf } from './reading';

const SEED = 'input=seed&n=64&d=32&heads=1&mask=full&tile=16x16';

/** The round of the outermost loop that the step is in, and how many there are. */
const outer = (frame: Frame | undefined): { round: number; rounds: number } | undefined => frame?.phase.loops[0];

/** How often tiles of the keys are gone through. */
const tilesOfKeys = ({ trace: { header } }: Frame): number => Math.ceil(header.run.shape.keys / header.run.tile.bc);

export const fa2: Lesson = {
  kills: { en: '“FA-2 only uses more threads.”', zh: '“FA-2 只是用了更多线程。”' },
  steps: [
    step({
      state: `kernel=flash1&${SEED}&at=0.0.5`,
      show: ['cross'],
      ring: { of: 'matrix', role: 'O', live: true },
      read: ({ frame }) => frame && { moved: bytes(movedNow(frame)) },
      say: ({ moved }) => ({
        en: `FA-1: K and V outside, Q inside. Every step reads O and writes it back: ${moved} here.`,
        zh: `FA-1：外层 K、V，内层 Q；每走一步都把 O 读出又写回：这里 ${moved}。`,
      }),
    }),
    step({
      state: `kernel=flash1&${SEED}&at=0.0.22`,
      show: ['memory'],
      ring: { of: 'matrix', role: 'O', level: 'hbm' },
      read: ({ frame }) => {
        const at = outer(frame);
        return at && { round: String(at.round + 1), rounds: String(at.rounds) };
      },
      say: ({ round, rounds }) => ({
        en: `With K, V tile ${round} of ${rounds} the same rows of O go to HBM again.`,
        zh: `到了第 ${round} 块 K、V（共 ${rounds} 块），同样几行 O 又写回显存一次。`,
      }),
    }),
    step({
      state: `kernel=flash2&${SEED}&at=0.0.17`,
      show: ['memory'],
      ring: { of: 'matrix', role: 'O', level: 'reg' },
      read: ({ frame }) => frame && { moved: bytes(frame.bytes.hbm.step.written) },
      say: ({ moved }) => ({
        en: `FA-2 swaps the loops: O stays in registers, and is written once, with LSE: ${moved}.`,
        zh: `FA-2 交换循环：O 留在寄存器，只写一次（连同 LSE）：${moved}。`,
      }),
    }),
    step({
      state: `lab=compare&kernel=flash1&${SEED}&vs=kernel:flash2,tile:16x16&both=bytes.99999.memory`,
      show: ['memory'],
      ring: { of: 'traffic' },
      read: ({ frame, second }) => frame && second && { one: bytes(modelled(frame)), two: bytes(modelled(second)) },
      say: ({ one, two }) => ({
        en: `By their own formulas: ${one} of HBM traffic for FA-1, ${two} for FA-2.`,
        zh: `按各自的公式：FA-1 显存读写 ${one}，FA-2 ${two}。`,
      }),
    }),
    step({
      state: `kernel=flash1&${SEED}&at=0.0.21`,
      show: ['source'],
      ring: { of: 'line', text: 'old / divisor(l)' },
      read: ({ frame }) => frame && { tiles: String(tilesOfKeys(frame)) },
      say: ({ tiles }) => ({
        en: `FA-1 divides by l in each of the ${tiles} tiles, in this line; FA-2 divides once, at the end.`,
        zh: `FA-1 在 ${tiles} 块里每块都 ÷ l（就是这一行）；FA-2 只在最后除一次。`,
      }),
    }),
    step({
      state: `lab=compare&kernel=flash1&${SEED}&vs=kernel:flash2,tile:16x16&both=share.99999.cross`,
      show: ['cross'],
      ring: { of: 'matrix', role: 'O' },
      also: {
        state: 'lab=time&t.kernels=flash2.flash1&t.n=64.128.256&t.heads=1',
        label: { en: 'Does it show here? Measure', zh: '在你的设备上差多少？实测' },
      },
      read: ({ frame, second }) =>
        frame && second && { one: count(workgroupsOf(frame)), two: count(workgroupsOf(second)) },
      say: ({ one, two }) => ({
        en: `Workgroups a head: ${one} with FA-1, ${two} with FA-2, one for each block of rows: small batches fill the GPU, too.`,
        zh: `每个头的工作组：FA-1 ${one} 个，FA-2 ${two} 个（每个行块一个）：batch 小也能占满。`,
      }),
    }),
  ],
  predict: {
    before: 2,
    ask: {
      en: 'N = 64, tiles of 16 × 16: how often does FA-1 write the same rows of O back to HBM?',
      zh: 'N = 64，块 16 × 16：FA-1 把同样几行 O 写回显存几次？',
    },
    choices: [
      { id: 'once', label: { en: 'once', zh: '一次' } },
      { id: 'keys', label: { en: 'once for each tile of K and V', zh: '每块 K、V 一次' } },
      { id: 'pairs', label: { en: 'once for each pair of tiles', zh: '每对块一次' } },
    ],
    veil: ['rounds'],
    truth: ({ frame }) => outer(frame)?.rounds,
    right: (truth) => (truth === 1 ? 'once' : truth <= 4 ? 'keys' : 'pairs'),
    tell: count,
    after: {
      en: 'Between two visits other rows had their turn, so O cannot stay on chip.',
      zh: '两次之间轮到了别的行，O 没法留在片上。',
    },
  },
  exercise: {
    ask: {
      en: 'N = 32: change the tile so that FA-1, too, writes its O back only once.',
      zh: 'N = 32：改分块，使 FA-1 的 O 也只写回一次。',
    },
    state: 'kernel=flash1&input=seed&n=32&d=32&heads=1&mask=full&tile=16x16&at=0.0.5',
    show: ['memory'],
    ring: { of: 'matrix', role: 'O', level: 'hbm' },
    control: {
      kind: 'pick',
      key: 'tile',
      label: { en: 'Tile', zh: '分块' },
      values: ['16x16', '32x16', '16x32', '8x16', '16x8'],
    },
    name: (tile) => tile.replace('x', ' × '),
    read: ({ frame }) => frame && { tiles: String(tilesOfKeys(frame)), moved: bytes(modelled(frame)) },
    say: ({ tiles = '', moved = '' }) => ({
      en: `Tiles of K and V: ${tiles}; HBM traffic by the formula ${moved}.`,
      zh: `K、V 分成 ${tiles} 块；按公式读写 ${moved}。`,
    }),
    pass: ({ frame }) => frame && tilesOfKeys(frame) === 1,
    hints: [
      {
        en: 'O is written once for each tile of K and V: Tc = N / Bc.',
        zh: 'O 的写回次数 = K、V 的块数 Tc = N / Bc。',
      },
      { en: 'Bc ≥ N makes it one; Br does not matter.', zh: 'Bc ≥ N 时只有一块；Br 无关。' },
    ],
    passed: {
      en: 'Right: with one tile of K and V there is nothing to come back for.',
      zh: '对：K、V 只有一块，O 就不必再来。',
    },
  },
  answers: [
    {
      faq: ['05'],
      question: { en: 'What did FlashAttention-2 change?', zh: 'FlashAttention-2 相对 1 改了什么？' },
      answer: {
        en: 'Loops swapped (outer Q, inner K/V), so O, m, l stay on chip. Fewer non-matmul operations: divide by l once, keep one LSE. Parallel over sequence blocks as well as batch and heads. Within a block Q is split among warps instead of K, so no exchange through shared memory. Fully masked tiles are skipped.',
        zh: '一，交换循环：外层 Q 块、内层 K/V 块，O、m、l 留在片上，不再每块读写显存。二，减少非矩阵乘：O 到最后才除以 l，只存一个 LSE；非矩阵乘在 GPU 上单位 FLOP 贵得多。三，沿序列方向并行：每个行块一个线程块，小 batch 长序列也能占满 SM。四，块内由切 K 改为切 Q：各 warp 共享 K、V，不必经共享内存合并结果。因果时整块被掩的直接跳过。',
      },
    },
  ],
  sources: [
    {
      authors: 'Dao',
      year: 2023,
      title: 'FlashAttention-2: Faster Attention with Better Parallelism and Work Partitioning',
      section: '§3.1–3.3',
    },
    {
      authors: 'Dao, Fu, Ermon, Rudra, Ré',
      year: 2022,
      title: 'FlashAttention: Fast and Memory-Efficient Exact Attention with IO-Awareness',
      section: '§3.1, Algorithm 1',
    },
  ],
  notShown: {
    en: 'Not shown: how warps share a block, and tensor cores; WebGPU has workgroups and subgroups.',
    zh: '这里没有演示的：warp 之间怎么分工、tensor core（WebGPU 只有工作组和 subgroup）。',
  },
};
