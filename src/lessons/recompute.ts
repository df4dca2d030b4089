// Lesson 9: the backward pass, with P computed anew.
import { bytes } from '../ui/format';
import type { Frame } from '../frame/frame-types';
import { step, type Lesson } from './lesson';
import { bytesIn, modelled, movedNow } from './reading';

const SEED = 'input=seed&n=64&d=32&heads=1&seed=3&mask=causal';
const TILED = `kernel=backward&${SEED}&tile=16x16`;
const LONG = 'kernel=flash2&input=seed&n=256&d=32&heads=1&mask=causal&tile=32x16&at=0.0.0';
/** The weight that the exercise asks for. */
const [ROW, KEY] = [9, 4];

/** An element of an array of a role on the chip. */
function onChip({ arrays }: Frame, role: string, row: number, col: number): number | undefined {
  for (const { role: of, rows, cols, row0, col0, values, writer } of arrays) {
    const [r, c] = [row - row0, col - col0];
    const at = r * cols + c;
    if (of === role && r >= 0 && r < rows && c >= 0 && c < cols && writer[at]) return values[at];
  }
  return undefined;
}

/** Score and log-sum-exp of the asked weight, and the weight that the kernel made of them. */
function asked(frame: Frame | undefined): { s: number; lse: number; p: number } | undefined {
  if (!frame) return undefined;
  const [s, p] = [onChip(frame, 'S', ROW, KEY), onChip(frame, 'P', ROW, KEY)];
  const lse = frame.tensors['LSE']?.values[ROW] ?? frame.tensors['LD']?.values[2 * ROW];
  return s === undefined || p === undefined || lse === undefined ? undefined : { s, p, lse };
}

export const recompute: Lesson = {
  kills: { en: '“Recomputation must be slower.”', zh: '“重计算一定更慢。”' },
  steps: [
    step({
      state: LONG,
      show: ['memory'],
      ring: { of: 'never' },
      read: ({ frame }) => frame && { kept: bytes(bytesIn(frame, 'LSE')), weights: bytes(bytesIn(frame, 'P')) },
      say: ({ kept, weights }) => ({
        en: `Backward needs P. Stored it takes ${weights} a head; FlashAttention stores LSE alone, ${kept}.`,
        zh: `反向要用 P：存下来每头 ${weights}，FlashAttention 只存 LSE ${kept}。`,
      }),
    }),
    step({
      state: `kernel=backward-naive&${SEED}&at=6.31.0`,
      show: ['memory'],
      ring: { of: 'matrix', role: 'dP', level: 'hbm' },
      read: ({ frame }) => frame && { pairs: bytes(bytesIn(frame, 'S', 'P', 'dP', 'dS')), all: bytes(bytesIn(frame)) },
      say: ({ pairs, all }) => ({
        en: `Standard backward keeps S, P, dP and dS in HBM, written and read back: ${pairs} of ${all}.`,
        zh: `标准反向：S、P、dP、dS 都进出显存，占 ${all} 里的 ${pairs}。`,
      }),
    }),
    step({
      state: `${TILED}&at=0.0.0`,
      show: ['attention-backward'],
      ring: { of: 'matrix', role: 'LD' },
      read: ({ frame }) => frame && { kept: bytes(bytesIn(frame, 'LD') / 2) },
      say: ({ kept }) => ({
        en: `First D = rowsum(dO ∘ O): one number a row, ${kept}, kept beside LSE.`,
        zh: `先算 D = rowsum(dO ∘ O)：每行一个数，共 ${kept}，放在 LSE 旁边。`,
      }),
    }),
    step({
      state: `${TILED}&at=1.0.2&row=${ROW}`,
      show: ['attention-backward'],
      ring: { of: 'matrix', role: 'P' },
      read: ({ frame }) => frame && { moved: bytes(movedNow(frame)) },
      say: ({ moved }) => ({
        en: `Tile by tile S = QKᵀ is computed again on chip, one product more; HBM traffic of this step: ${moved}.`,
        zh: `一块一块在片上重算 S = QKᵀ，多一个矩阵乘；这一步的显存读写：${moved}。`,
      }),
    }),
    step({
      state: `${TILED}&at=1.0.2&row=${ROW}&cell=P.${ROW}.${KEY}`,
      show: ['source'],
      ring: { of: 'line', text: 'exp(select(' },
      say: () => ({
        en: 'P = exp(S − LSE) in one line: no maximum, no sum, no second pass.',
        zh: 'P = exp(S − LSE)，一行代码：不用再求最大值与和。',
      }),
    }),
    step({
      state: `${TILED}&at=1.0.4&row=${ROW}`,
      show: ['attention-backward'],
      ring: { of: 'matrix', role: 'dV' },
      read: ({ frame }) => frame && { keys: String(frame.trace.header.run.tile.bc) },
      say: ({ keys }) => ({
        en: `dV += PᵀdO, dS = P ∘ (dO Vᵀ − D), dK += dSᵀQ: a workgroup keeps ${keys} keys in registers.`,
        zh: `dV += PᵀdO；dS = P ∘ (dO Vᵀ − D)；dK += dSᵀQ：一个工作组管 ${keys} 个 key，累加在寄存器。`,
      }),
    }),
    step({
      state: `${TILED}&at=2.0.4&row=${ROW}`,
      show: ['attention-backward'],
      ring: { of: 'matrix', role: 'dQ' },
      read: ({ frame }) => frame && { rows: String(frame.trace.header.run.tile.br) },
      say: ({ rows }) => ({
        en: `dQ likewise, ${rows} rows a workgroup: no block waits for another.`,
        zh: `dQ 同理，每个工作组 ${rows} 行：块与块互不等待。`,
      }),
    }),
    step({
      state: `lab=compare&kernel=backward-naive&${SEED}&vs=kernel:backward&both=share.99999.memory`,
      show: ['memory'],
      ring: { of: 'traffic' },
      also: {
        state: 'lab=time&t.kernels=backward-naive.backward',
        label: { en: 'Which is faster here? Measure', zh: '哪个更快？实测' },
      },
      read: ({ frame, second }) =>
        frame && second && { standard: bytes(modelled(frame)), tiled: bytes(modelled(second)) },
      say: ({ standard, tiled }) => ({
        en: `One product more, and instead of ${standard} HBM traffic ${tiled}, by the formula.`,
        zh: `多一个矩阵乘，显存读写按公式从 ${standard} 变成 ${tiled}。`,
      }),
    }),
  ],
  predict: {
    before: 1,
    ask: {
      en: 'N = 256, one head, f32: standard attention keeps P for the backward pass. How much does FlashAttention keep in its place?',
      zh: 'N = 256、一个头、f32：标准做法为反向存下 P。FlashAttention 用来代替它的有多少？',
    },
    choices: [
      { id: 'same', label: { en: 'as much', zh: '一样多' } },
      { id: 'eighth', label: { en: 'an eighth', zh: '八分之一' } },
      { id: 'row', label: { en: 'one number a row', zh: '每行一个数' } },
    ],
    veil: ['kept'],
    truth: ({ frame }) => frame && bytesIn(frame, 'LSE'),
    right: (truth) => (truth <= 4 * 256 ? 'row' : truth <= 4 * 256 * 32 ? 'eighth' : 'same'),
    tell: bytes,
    after: {
      en: 'LSE = m + ln l holds both numbers of a row’s softmax: enough for exp(S − LSE).',
      zh: 'LSE = m + ln l 把一行 softmax 的两个数合成一个：有它就能 exp(S − LSE)。',
    },
  },
  exercise: {
    ask: {
      en: `Work out p(${ROW}, ${KEY}) from the score and the LSE below, to three decimals.`,
      zh: `用下面的 s 和 LSE 写出 p(${ROW}, ${KEY})，三位小数。`,
    },
    state: `${TILED}&at=1.0.2&row=${ROW}`,
    show: ['attention-backward'],
    control: { kind: 'typed', label: { en: 'p =', zh: 'p =' } },
    read: ({ frame }) => {
      const now = asked(frame);
      return now && { s: now.s.toFixed(4).replace('-', '−'), lse: now.lse.toFixed(4).replace('-', '−') };
    },
    say: ({ s = '', lse = '' }) => ({ en: `s = ${s}, LSE = ${lse}`, zh: `s = ${s}，LSE = ${lse}` }),
    pass: ({ frame }, typed) => {
      const now = asked(frame);
      return now && typed !== undefined && Math.abs(typed - now.p) < 1e-3;
    },
    hints: [
      { en: 'P = exp(S − LSE).', zh: 'P = exp(S − LSE)。' },
      { en: 'e^(−1) ≈ 0.368, e^(−2) ≈ 0.135, e^(−3) ≈ 0.050.', zh: 'e^(−1) ≈ 0.368，e^(−2) ≈ 0.135，e^(−3) ≈ 0.050。' },
    ],
    passed: {
      en: 'Right: that is what the kernel has in its tile.',
      zh: '对：kernel 的块里就是这个数。',
    },
  },
  answers: [
    {
      faq: ['05'],
      question: { en: 'How does FlashAttention’s backward pass work?', zh: 'FlashAttention 的反向怎么做？' },
      answer: {
        en: 'Backward needs P, but storing N×N is the very cost. FlashAttention keeps O and one LSE a row, recomputes S tile by tile from Q and K, gets P = exp(S − LSE) directly, and forms dV, dP, dS, dQ, dK on chip. Five products instead of four, yet no N×N traffic: usually faster, and O(N) memory. It is activation checkpointing at tile grain.',
        zh: '反向需要 P，但存 N×N 的 P 正是显存和带宽的负担。FlashAttention 前向只留 O 和每行的 LSE（即 m + ln l），反向按块从 Q、K 重算 S，再由 exp(S − LSE) 直接得到 P，在片上完成 dV、dP、dS、dQ、dK。矩阵乘从 4 个变 5 个，但 P、dP、dS 不再进出显存，长序列总体更快、显存 O(N)。这与激活检查点思想相同，只是粒度到块。',
      },
    },
  ],
  sources: [
    {
      authors: 'Dao, Fu, Ermon, Rudra, Ré',
      year: 2022,
      title: 'FlashAttention: Fast and Memory-Efficient Exact Attention with IO-Awareness',
      section: '§3.1, Appendix B',
    },
    {
      authors: 'Dao',
      year: 2023,
      title: 'FlashAttention-2: Faster Attention with Better Parallelism and Work Partitioning',
      section: '§3.1, Algorithm 2',
    },
    {
      authors: 'Chen, Xu, Zhang, Guestrin',
      year: 2016,
      title: 'Training Deep Nets with Sublinear Memory Cost',
      section: '§3',
    },
  ],
  notShown: {
    en: 'Not shown: dropout, and atomic adds into dQ; here dQ has a pass of its own.',
    zh: '这里没有演示的：dropout；对 dQ 的原子加（这里 dQ 单独走一遍）。',
  },
};
