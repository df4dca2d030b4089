// Lesson 7: from three passes over a row to online softmax.
import { value, bytes, count } from '../ui/format';
import type { Frame, SoftmaxTile } from '../frame/frame-types';
import { step, type Lesson } from './lesson';
import { apart, movedNow, ZH } from './reading';

/** The largest finite half and single. */
const F16 = 65504;
const F32 = 3.4028234663852886e38;

/** The largest score of the run. */
function largestScore({ tensors }: Frame): number | undefined {
  const scores = tensors['S'];
  return scores?.values.reduce((most, s) => Math.max(most, s), -Infinity);
}

/** The tile that the row is at. */
const now = (frame: Frame | undefined): SoftmaxTile | undefined => frame?.softmax?.tiles.at(-1);

const said = (x: number | undefined): string => (x === undefined ? '' : value(x));

export const softmax: Lesson = {
  kills: {
    en: '“Softmax must see the whole row first, so attention cannot be tiled.”',
    zh: '“softmax 必须先看完整行，所以注意力没法分块。”',
  },
  steps: [
    step({
      state: `kernel=naive&${ZH}&at=0.63.0`,
      show: ['cross'],
      ring: { of: 'scores' },
      read: ({ frame }) => {
        const most = frame && largestScore(frame);
        return most === undefined
          ? undefined
          : { most: value(most), half: count(Math.log(F16)), single: value(Math.log(F32)) };
      },
      say: ({ most, half, single }) => ({
        en: `Plain exp(s) overflows: f16 at s = ${half}, f32 at ${single}; the largest score here is ${most}.`,
        zh: `直接 exp(s) 会溢出：f16 到 s = ${half}，f32 到 ${single}；这里最大分数 ${most}。`,
      }),
    }),
    step({
      state: `kernel=naive&${ZH}&at=1.0.0&row=35`,
      show: ['memory'],
      ring: { of: 'link', id: 'hbm' },
      read: ({ frame }) => frame && { moved: bytes(movedNow(frame)) },
      say: ({ moved }) => ({
        en: `So the row’s maximum is subtracted. First pass: read every row of S to find m, ${moved}.`,
        zh: `所以先减行最大值。第一遍：读整行 S，求最大值 m，${moved}。`,
      }),
    }),
    step({
      state: `kernel=naive&${ZH}&at=1.0.1&row=35`,
      show: ['memory'],
      ring: { of: 'link', id: 'hbm' },
      read: ({ frame }) => frame && { moved: bytes(movedNow(frame)) },
      say: ({ moved }) => ({
        en: `Second pass: read the same rows again for l = Σ exp(s − m), another ${moved}.`,
        zh: `第二遍：同样的行再读一次，求 l = Σ exp(s − m)，又是 ${moved}。`,
      }),
    }),
    step({
      state: `kernel=naive&${ZH}&at=1.0.2&row=35`,
      show: ['memory'],
      ring: { of: 'matrix', role: 'P', level: 'hbm' },
      read: ({ frame }) =>
        frame && { read: bytes(frame.bytes.hbm.step.read), written: bytes(frame.bytes.hbm.step.written) },
      say: ({ read, written }) => ({
        en: `Third pass: read them once more, ${read}, and write P, ${written}.`,
        zh: `第三遍：又读一次 ${read}，写出 P ${written}。`,
      }),
    }),
    step({
      state: `kernel=flash2&${ZH}&at=0.2.3&row=35`,
      show: ['softmax'],
      ring: { of: 'row' },
      read: ({ frame }) => {
        const tile = now(frame);
        return tile && { keys: String(tile.to - tile.from + 1), m: said(tile.m), l: said(tile.l) };
      },
      say: ({ keys, m, l }) => ({
        en: `In tiles: having seen ${keys} keys, row 35 keeps two numbers, m = ${m} and l = ${l}.`,
        zh: `分块：只看前 ${keys} 个 key，第 35 行先记 m = ${m}、l = ${l}。`,
      }),
    }),
    step({
      state: `kernel=flash2&${ZH}&at=0.2.7&row=35`,
      show: ['softmax'],
      ring: { of: 'row' },
      read: ({ frame }) => {
        const tile = now(frame);
        return tile && { m: said(tile.m), mOld: said(tile.mOld), alpha: said(tile.alpha) };
      },
      say: ({ m, mOld, alpha }) => ({
        en: `A larger score comes, ${m}: all that is old shrinks by α = exp(${mOld} − ${m}) = ${alpha}.`,
        zh: `来了更大的 ${m}：旧的一切乘 α = exp(${mOld} − ${m}) = ${alpha}。`,
      }),
    }),
    step({
      state: `kernel=flash2&${ZH}&at=0.2.8&row=35`,
      show: ['softmax'],
      ring: { of: 'row' },
      read: ({ frame }) => {
        const tile = now(frame);
        return tile && { alpha: said(tile.alpha), sum: said(tile.sumP) };
      },
      say: ({ alpha, sum }) => ({
        en: `O shrinks by the same α = ${alpha}, then this tile’s P·V is added, Σp = ${sum}: one pass is enough.`,
        zh: `O 也乘同一个 α = ${alpha}，再加这一块的 P·V（Σp = ${sum}）：一遍就够。`,
      }),
    }),
    step({
      state: `lab=compare&kernel=naive&${ZH}&vs=kernel:flash2&both=share.99999.cross`,
      show: ['cross'],
      ring: { of: 'matrix', role: 'O' },
      read: ({ frame, second }) => frame && second && { apart: value(apart(frame, second, 'O')) },
      say: ({ apart: off }) => ({
        en: `Divided by l at the end it is the same: max|O₁ − O₂| = ${off}, rounding and nothing more.`,
        zh: `最后 ÷ l，结果一样：max|O₁ − O₂| = ${off}，只剩舍入误差。`,
      }),
    }),
  ],
  predict: {
    before: 6,
    ask: {
      en: 'The second tile of row 35 brings a larger score. How much of the old l is left?',
      zh: '第 35 行的第二块里出现了更大的分数。原来的 l 还剩多少？',
    },
    choices: [
      { id: 'all', label: { en: 'all of it', zh: '原样' } },
      { id: 'tenth', label: { en: 'about a tenth', zh: '约十分之一' } },
      { id: 'tiny', label: { en: 'less than a thousandth', zh: '不到千分之一' } },
    ],
    veil: ['alpha', 'm'],
    truth: ({ frame }) => now(frame)?.alpha,
    right: (truth) => (truth < 0.001 ? 'tiny' : truth < 0.5 ? 'tenth' : 'all'),
    tell: (truth) => `α = ${value(truth)}`,
    after: {
      en: 'The difference of two maxima stands in an exponent: old sums may all but vanish, and the result stays exact.',
      zh: '两个最大值之差在指数上：旧的累加值几乎归零，结果仍然精确。',
    },
  },
  exercise: {
    ask: {
      en: 'Choose a row of this workgroup in which α stays 1 from the second tile on.',
      zh: '在这个工作组里选一行，使第一块之后 α 始终为 1。',
    },
    state: `kernel=flash2&${ZH}&at=0.1.9&row=27`,
    show: ['softmax'],
    control: { kind: 'whole', key: 'row', label: { en: 'Row', zh: '行' }, from: 16, to: 31 },
    read: ({ frame }) => {
      const later = frame?.softmax?.tiles.slice(1);
      return later && { row: String(frame?.selection.row), alphas: later.map(({ alpha }) => said(alpha)).join(' · ') };
    },
    say: ({ row = '', alphas = '' }) => ({
      en: `Row ${row}: α of the later tiles ${alphas}`,
      zh: `第 ${row} 行：后面各块的 α 为 ${alphas}`,
    }),
    pass: ({ frame }) => {
      const later = frame?.softmax?.tiles.slice(1);
      return later && later.length > 0 && later.every(({ alpha }) => alpha === 1);
    },
    hints: [
      {
        en: 'α is 1 where the maximum does not rise: the largest score must lie in the first tile.',
        zh: '最大值不再升高，α 就是 1：最大分数要落在第一块里。',
      },
      {
        en: 'Try the rows one by one; the curve of m is flat in the right one.',
        zh: '一行一行试：对的那行，m 的曲线是平的。',
      },
    ],
    passed: { en: 'Right: its largest score lies in the first tile.', zh: '对：它的最大分数就在第一块里。' },
  },
  answers: [
    {
      faq: ['05'],
      question: { en: 'What is online softmax?', zh: '什么是在线 softmax？' },
      answer: {
        en: 'Plain exp overflows, so one subtracts the row maximum: three passes. Online softmax keeps m and l while reading; when the maximum rises, the old l and O are multiplied by exp(m_old − m_new) and the new block is added. Softmax is shift-invariant, so this is exact. A row then needs only m, l and O, block by block.',
        zh: '直接 exp 会溢出，所以减去行最大值，需要三遍：求最大、求和、归一。在线 softmax 边读边维护 m 和 l：遇到新最大值时，把旧的 l（以及已累加的 O）乘 α = exp(m_old − m_new)，再加新块的贡献。因为 softmax 对整体平移不变，结果与一次看完整行相同，不是近似。于是一行可以按块处理，只留 m、l 和 O。',
      },
    },
  ],
  sources: [
    {
      authors: 'Milakov, Gimelshein',
      year: 2018,
      title: 'Online normalizer calculation for softmax',
      section: '§3, Algorithm 3',
    },
    {
      authors: 'Dao, Fu, Ermon, Rudra, Ré',
      year: 2022,
      title: 'FlashAttention: Fast and Memory-Efficient Exact Attention with IO-Awareness',
      section: '§3.1',
    },
  ],
  notShown: {
    en: 'Not shown: a kernel that really overflows; the page has none without the maximum.',
    zh: '这里没有演示的：真的溢出的 kernel；页面上没有不减最大值的版本。',
  },
};
