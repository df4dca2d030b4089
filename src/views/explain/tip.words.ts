// The words of the explanation panel, in both languages.
import { passName } from '../shared/phases.words';
import { plural } from '../../ui/whole';

export const tipWords = {
  title: { en: 'Where this number comes from', zh: '这个数从哪里来' },
  empty: {
    en: 'Point at or tap a cell of any matrix, or move to one with Tab and the arrow keys: its arithmetic appears here with the captured numbers. Click or press Enter to pin it.',
    zh: '指向或点按任意矩阵的一个格子，也可用 Tab 和方向键移过去：这里会用采集到的数值写出它的算式。单击或按 Enter 可固定。',
  },
  emptyTouch: {
    en: 'Tap a cell of any matrix: its arithmetic appears here with the captured numbers, and stays.',
    zh: '点按任意矩阵的一个格子：这里会用采集到的数值写出它的算式，并一直留着。',
  },
  colon: { en: ': ', zh: '：' },
  pinned: { en: 'pinned', zh: '已固定' },
  notYet: { en: 'Not written yet at this step.', zh: '到这一步还没有写入。' },
  later: {
    en: (workgroup: number, pass: string) =>
      `Not written yet: workgroup id ${workgroup}${pass ? ` of pass “${pass}”` : ''} writes it, later in this replay.`,
    zh: (workgroup: number, pass: string) =>
      `还没有写入：要等${pass ? `“${passName(pass, 'zh')}”这个 pass 的` : ''}工作组 id ${workgroup} 来写，播放顺序在后面。`,
  },
  gone: {
    en: (workgroup: number, pass: string) =>
      `It existed on the chip only while workgroup id ${workgroup}${pass ? ` of pass “${pass}”` : ''} ran; it was never written to HBM.`,
    zh: (workgroup: number, pass: string) =>
      `它只在${pass ? `“${passName(pass, 'zh')}”这个 pass 的` : ''}工作组 id ${workgroup} 运行时在片上存在过，从没写进 HBM。`,
  },
  skipped: {
    en: 'No workgroup ever computes it: the mask hides all that it would come from.',
    zh: '没有哪个工作组会计算它：它需要的内容全被掩码遮住了。',
  },
  none: { en: 'This kernel keeps no such number anywhere.', zh: '这个 kernel 里没有这个数。' },
  capturing: { en: 'This workgroup is being captured.', zh: '正在采集这个工作组。' },
  standsIn: {
    en: 'The kernel writes this large negative number where −∞ is meant, so that exp of it is 0.',
    zh: 'kernel 用这个很大的负数代替 −∞，它的 exp 就是 0。',
  },
  noTerms: {
    en: 'Its inputs are not all known at this step, so there is nothing to add up.',
    zh: '这一步还不知道它的全部输入，因此列不出算式。',
  },
  input: {
    en: 'An input: the kernel reads it from HBM and never changes it.',
    zh: '输入：kernel 从 HBM 读取它，从不修改。',
  },
  masked: { en: 'Masked: this query does not see this key.', zh: '被掩掉：这个 query 看不到这个 key。' },
  more: { en: (n: number) => `… ${plural(n, 'more term')} …`, zh: (n: number) => `……还有 ${n} 项……` },
  computed: { en: 'computed', zh: '计算所得' },
  differs: {
    en: 'The sum of these terms and the captured value differ by more than rounding, so both are shown.',
    zh: '这些项之和与采集到的值相差超过舍入误差，所以两个都显示。',
  },
  line: { en: (n: number) => `Written by source line ${n}.`, zh: (n: number) => `由源码第 ${n} 行写入。` },
  lineOf: {
    en: (n: number, pass: string) => `Written by line ${n} of the pass “${pass}”, which ran before this one.`,
    zh: (n: number, pass: string) => `由前面“${passName(pass, 'zh')}”这个 pass 的第 ${n} 行写入。`,
  },
  terms: { en: 'Terms of the sum', zh: '求和各项' },
  at: {
    en: (row: string, col: string) => `row ${row}, column ${col}`,
    zh: (row: string, col: string) => `第 ${row} 行，第 ${col} 列`,
  },
  atRow: { en: (row: string) => `row ${row}`, zh: (row: string) => `第 ${row} 行` },
  describe: {
    en: (cell: string, value: string) => `${cell} = ${value}.`,
    zh: (cell: string, value: string) => `${cell} = ${value}。`,
  },
} as const;

/** A rule of an op in symbols, and what it is for. */
interface Hint {
  rule: string;
  says: { en: string; zh: string };
}

/** The rules of each op: of attention tile by tile (FlashAttention-2, Algorithm 1). */
const HINTS: Readonly<Record<string, readonly Hint[]>> = {
  attention: [
    { rule: 's = Σ q·k · scale', says: { en: 'how well a query fits a key', zh: 'query 与 key 有多匹配' } },
    { rule: 'm = max(m, s)', says: { en: 'the largest score of the row so far', zh: '这一行到目前为止的最大分数' } },
    { rule: 'p = exp(s − m)', says: { en: 'the weight of a key', zh: '一个 key 的权重' } },
    { rule: 'α = exp(m_old − m)', says: { en: 'shrinks older sums as m rises', zh: 'm 变大时，缩小旧的累加值' } },
    { rule: 'l = α·l + Σ p', says: { en: 'the sum of the weights', zh: '权重之和' } },
    { rule: 'o = α·o + Σ p·v', says: { en: 'sum of weighted V; ÷ l at the end', zh: 'V 的加权和，最后 ÷ l' } },
  ],
  'attention-backward': [
    { rule: 'p = exp(s − LSE)', says: { en: 'the weight of a key, computed anew', zh: '一个 key 的权重，重新算出' } },
    { rule: 'D = Σ do·o', says: { en: 'what a row gives back through l', zh: '一行经由 l 传回的梯度' } },
    { rule: 'dp = Σ do·v', says: { en: 'gradient of a weight', zh: '权重的梯度' } },
    { rule: 'ds = p·(dp − D)', says: { en: 'gradient of a score', zh: '分数的梯度' } },
    { rule: 'dv = Σ p·do', says: { en: 'gradient of V, over all queries', zh: 'V 的梯度，对所有 query 求和' } },
    { rule: 'dk = Σ ds·q · scale', says: { en: 'gradient of K, over all queries', zh: 'K 的梯度，对所有 query 求和' } },
    { rule: 'dq = Σ ds·k · scale', says: { en: 'gradient of Q, over all keys', zh: 'Q 的梯度，对所有 key 求和' } },
  ],
  layernorm: [
    { rule: 'μ = Σ x / d', says: { en: 'the mean of a row', zh: '一行的均值' } },
    { rule: 'rstd = 1 / √(var + ε)', says: { en: 'one over its standard deviation', zh: '标准差的倒数' } },
    {
      rule: 'y = (x − μ)·rstd·γ + β',
      says: { en: 'to mean 0 and variance 1, then γ and β', zh: '变为均值 0、方差 1，再乘 γ 加 β' },
    },
  ],
};

/** What is said of an op's rules while nothing is pointed at. */
export const hintsOf = (op: string): readonly Hint[] => HINTS[op] ?? [];
