// Lesson 8: FlashAttention, forward.
import { html } from 'lit';
import { atLength, memoryOf } from '../bench/limits';
import { OPENING } from '../kernels/defaults';
import { otherKernel } from '../kernels';
import { kernelById } from '../kernels/kernels';
import { standardModel } from '../kernels/io-model';
import { both } from '../ops/costs';
import { bytes, count, times, value } from '../ui/format';
import { memoryChart, memoryReading } from '../views/charts/memory';
import type { FigureSpec } from '../figure/figure';
import type { Facts } from '../figure/facts';
import { step, type Lesson } from './lesson';
import { apart, bytesIn, modelled, movedNow, rowsHere, ZH } from './reading';

const STANDARD = otherKernel(OPENING);
const SMALL_TILES = 'kernel=flash2&input=seed&n=128&d=64&heads=1&mask=full&tile=8x8';

/** Bytes that tiles move, against what standard attention moves on the same problem. */
function against({ frame }: Facts): { tiled: number; standard: number; rows: number } | undefined {
  if (!frame) return undefined;
  const { run } = frame.trace.header;
  return { tiled: modelled(frame), standard: both(standardModel(run)), rows: run.tile.br };
}

/** WebGPU lets every device bind so many bytes at least. */
const EVERYWHERE = 2 ** 27;
const LENGTHS = [64, 128, 256, 512, 1024, 2048, 4096, 8192];

/** The smallest N whose N x N scores a device will not bind. */
const wallOf = ({ limits }: Facts): number =>
  Math.floor(Math.sqrt((limits?.maxStorageBufferBindingSize ?? EVERYWHERE) / 4)) + 1;

function memory(): FigureSpec {
  const lines = [STANDARD, OPENING].map((kernel) => ({
    kernel,
    points: LENGTHS.map((n) => {
      const shape = atLength(
        { batch: 1, heads: 1, kvHeads: 1, queries: n, keys: n, dim: 64, mask: 'causal' },
        n,
        false,
      );
      const card = kernelById(kernel);
      return { n, bytes: memoryOf(card, { kernel, shape, tile: card.tiles[0] ?? { br: 0, bc: 0 } }) };
    }),
  }));
  const kernels = lines.map(({ kernel }) => kernel);
  return {
    kind: 'chart',
    stops: LENGTHS,
    height: 340,
    chart: (frame) =>
      html`${memoryChart({ ...frame, rows: [], decoding: false, kernels, lengths: LENGTHS }, lines, [])}`,
    reading: (chosen) => memoryReading(lines, chosen),
  };
}

export const flash: Lesson = {
  kills: {
    en: '“It computes less”, “it is an approximation”, “tiling always reads less”.',
    zh: '“它算得更少”“它是近似”“分块必然读得更少”。',
  },
  steps: [
    step({
      state: `kernel=naive&${ZH}&at=2.31.0`,
      show: ['memory'],
      ring: { of: 'matrix', role: 'S', level: 'hbm' },
      read: ({ frame }) =>
        frame && {
          n: String(frame.trace.header.run.shape.keys),
          scores: bytes(bytesIn(frame, 'S', 'P')),
          all: bytes(bytesIn(frame)),
        },
      say: ({ n, scores, all }) => ({
        en: `Standard attention puts S and P, ${n} × ${n} each, into HBM: ${scores} of the ${all} that it keeps there.`,
        zh: `标准实现：${n} × ${n} 的 S 和 P 都落到显存，占 ${all} 里的 ${scores}。`,
      }),
    }),
    step({
      state: `kernel=flash2&${ZH}&at=0.2.0&row=35`,
      show: ['cross'],
      ring: { of: 'matrix', role: 'Q', live: true },
      read: ({ frame }) => frame && { rows: String(rowsHere(frame)), moved: bytes(movedNow(frame)) },
      say: ({ rows, moved }) => ({
        en: `A workgroup takes ${rows} rows of Q and reads them from HBM once: ${moved}.`,
        zh: `一个工作组领 ${rows} 行 Q，从显存只读一次：${moved}。`,
      }),
    }),
    step({
      state: `kernel=flash2&${ZH}&at=0.2.5&row=35`,
      show: ['memory'],
      ring: { of: 'level', id: 'sram' },
      read: ({ frame }) => frame && { keys: String(frame.trace.header.run.tile.bc), moved: bytes(movedNow(frame)) },
      say: ({ keys, moved }) => ({
        en: `It fetches one tile of K and V, ${keys} keys, into on-chip memory: ${moved}.`,
        zh: `取一块 K、V（${keys} 个 key）进片上内存：${moved}。`,
      }),
    }),
    step({
      state: `kernel=flash2&${ZH}&at=0.2.6&row=35`,
      show: ['memory'],
      ring: { of: 'link', id: 'hbm' },
      read: ({ frame }) => frame && { moved: bytes(movedNow(frame)) },
      say: ({ moved }) => ({
        en: `The tile of S exists on chip only: this step moves ${moved} to or from HBM.`,
        zh: `这一块 S 只在片上出现：这一步的显存读写是 ${moved}。`,
      }),
    }),
    step({
      state: `kernel=flash2&${ZH}&at=0.2.13&row=35`,
      show: ['memory'],
      ring: { of: 'never' },
      read: ({ frame }) => frame && { moved: bytes(frame.bytes.hbm.step.written) },
      say: ({ moved }) => ({
        en: `At the end it writes its rows of O and one LSE a row, ${moved}; S and P never landed.`,
        zh: `走完才写 O 和每行一个 LSE，共 ${moved}；S、P 从未落地。`,
      }),
    }),
    step({
      state: `lab=compare&kernel=naive&${ZH}&vs=kernel:flash2&both=bytes.99999.memory`,
      show: ['memory'],
      ring: { of: 'traffic' },
      read: ({ frame, second }) =>
        frame &&
        second && {
          naive: bytes(modelled(frame)),
          tiled: bytes(modelled(second)),
          apart: value(apart(frame, second, 'O')),
        },
      say: ({ naive, tiled, apart: off }) => ({
        en: `By the papers’ formula ${naive} become ${tiled}; the products are the same, and so is O: max|ΔO| = ${off}.`,
        zh: `论文公式：${naive} 变成 ${tiled}；乘法一个不少，O 也一样：max|ΔO| = ${off}。`,
      }),
    }),
    step({
      state: SMALL_TILES,
      show: ['memory'],
      ring: { of: 'traffic' },
      read: (facts) => {
        const now = against(facts);
        return (
          now && { tiled: bytes(now.tiled), standard: bytes(now.standard), times: times(now.tiled / now.standard) }
        );
      },
      say: ({ tiled, standard, times: more }) => ({
        en: `With tiles this small K and V are read too often: ${tiled}, ${more} the ${standard} of standard attention.`,
        zh: `块太小，K、V 被反复重读：${tiled}，是标准实现 ${standard} 的 ${more}。`,
      }),
    }),
    step({
      state: 'lab=time&t.n=64.128.256.512&t.kernels=naive.flash2&t.heads=1',
      show: [memory()],
      read: (facts) => ({ wall: count(wallOf(facts)) }),
      say: ({ wall }) => ({
        en: `Memory grows with N² or with N: at N = ${wall} a device’s largest binding refuses S, and standard attention ends.`,
        zh: `显存：一个随 N² 涨，一个随 N 涨；到 N = ${wall}，S 超出单个绑定的上限，标准实现到头。`,
      }),
    }),
  ],
  predict: {
    before: 7,
    ask: {
      en: 'N = 128, d = 64, tiles of 8 × 8: how much HBM traffic does FlashAttention have, against standard attention?',
      zh: 'N = 128、d = 64、8 × 8 的块：FlashAttention 的显存读写是标准实现的多少？',
    },
    choices: [
      { id: 'third', label: { en: 'about a third', zh: '约三分之一' } },
      { id: 'same', label: { en: 'about the same', zh: '差不多' } },
      { id: 'more', label: { en: 'more than twice', zh: '两倍以上' } },
    ],
    veil: ['tiled', 'standard', 'times'],
    truth: (facts) => {
      const now = against(facts);
      return now && now.tiled / now.standard;
    },
    right: (truth) => (truth > 2 ? 'more' : truth < 0.6 ? 'third' : 'same'),
    tell: times,
    after: {
      en: 'Each block of rows reads all of K and V: tiling pays by its height Br, and not by itself.',
      zh: '每个行块都要把 K、V 整个读一遍：省不省取决于块高 Br，不是“分块就省”。',
    },
  },
  exercise: {
    ask: {
      en: 'Keep d = 64. Choose the smallest Br with which the formula falls below standard attention.',
      zh: '保持 d = 64，选最小的 Br，使公式低于标准实现。',
    },
    state: SMALL_TILES,
    show: ['memory'],
    ring: { of: 'traffic' },
    control: { kind: 'pick', key: 'tile', label: { en: 'Tile', zh: '分块' }, values: ['8x8', '16x8', '16x16', '32x8'] },
    name: (tile) => tile.replace('x', ' × '),
    read: (facts) => {
      const now = against(facts);
      return now && { rows: String(now.rows), tiled: bytes(now.tiled), standard: bytes(now.standard) };
    },
    say: ({ rows = '', tiled = '', standard = '' }) => ({
      en: `Br = ${rows}: ${tiled} against ${standard}.`,
      zh: `Br = ${rows}：${tiled}，标准实现 ${standard}。`,
    }),
    pass: (facts) => {
      const now = against(facts);
      if (!now || !facts.frame) return undefined;
      const { run } = facts.frame.trace.header;
      // K and V are read once a block of rows: half the rows, twice of that.
      const halved = now.tiled + (2 * 4 * run.shape.keys * run.shape.dim * run.shape.queries) / now.rows;
      return now.tiled < now.standard && halved >= now.standard;
    },
    hints: [
      { en: 'Br alone counts here; Bc does not stand in the formula.', zh: '这里只有 Br 起作用；公式里没有 Bc。' },
      {
        en: 'K and V are read N / Br times: 2 N d · (N / Br) against 4 N².',
        zh: 'K、V 被读 N / Br 遍：拿 2Nd·(N/Br) 去比 4N²。',
      },
    ],
    passed: {
      en: 'Right: now re-reading K and V costs less than moving S and P did.',
      zh: '对：现在重读 K、V 的代价低于搬运 S、P。',
    },
  },
  answers: [
    {
      faq: ['05'],
      question: { en: 'What does FlashAttention do, and why is it fast?', zh: 'FlashAttention 做了什么，为什么快？' },
      answer: {
        en: 'Standard attention writes and re-reads the N×N S and P. FlashAttention moves tiles of Q, K, V into SRAM and accumulates with online softmax, so S and P never land; HBM accesses fall from Θ(Nd+N²) to Θ(N²d²/M), extra memory from O(N²) to O(N). It is exact and saves no forward FLOPs. The gain is data movement; short sequences or tiny tiles may see none. In training it goes with recomputation (lesson 9).',
        zh: '标准注意力把 N×N 的 S、P 写回又读出显存，受带宽限制。FlashAttention 把 Q、K、V 分块搬进片上 SRAM，用在线 softmax 边走边累加，S、P 不落地；显存访问从 Θ(Nd+N²) 降到 Θ(N²d²/M)（M 为 SRAM 容量），额外显存从 O(N²) 到 O(N)。它精确，前向 FLOPs 不减少。收益来自少搬数据，短序列或块太小时可能没有收益。训练时配合重计算（第 9 课）。',
      },
      wrong: {
        en: 'Often left out of the usual answer: that it is exact, and that it computes no less.',
        zh: '常见答案漏掉两点：它是精确的；FLOPs 并不更少。',
      },
    },
  ],
  sources: [
    {
      authors: 'Dao, Fu, Ermon, Rudra, Ré',
      year: 2022,
      title: 'FlashAttention: Fast and Memory-Efficient Exact Attention with IO-Awareness',
      section: '§3.1 Algorithm 1, §3.2 Theorem 2',
    },
    {
      authors: 'Milakov, Gimelshein',
      year: 2018,
      title: 'Online normalizer calculation for softmax',
      section: '§3',
    },
  ],
  notShown: {
    en: 'Not shown: tensor cores and warps, which WebGPU does not have; f16 arithmetic.',
    zh: '这里没有演示的：tensor core 与 warp（WebGPU 没有）；半精度运算。',
  },
};
