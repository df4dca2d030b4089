// What f32 could not hold of a run, in words beside its result.
import type { Warning } from '../../ops/attention/check';
import type { Dictionary, Language } from '../../words';
import { value } from '../../ui/format';

/** What a sentence tells of: how many rows or numbers, which row first, and how far O and plain f32 are off. */
interface Facts {
  count: number;
  row: string;
  max: number;
  f32: number;
}

export const limitsWords = {
  rowOf: {
    en: (row: number, plane: number | undefined) => `row ${row}${plane === undefined ? '' : ` of plane ${plane}`}`,
    zh: (row: number, plane: number | undefined) => `${plane === undefined ? '' : `平面 ${plane} `}第 ${row} 行`,
  },
} as const satisfies Dictionary;

const rows = (n: number): string => (n === 1 ? '1 row has' : `${n} rows have`);

export const warningWords: Record<Warning['code'], Record<Language, (facts: Facts) => string>> = {
  'score-beyond-mask': {
    en: ({ count, row }) =>
      `Beyond f32: all scores of ${row} lie below −1e30, the number that stands for a masked score (${rows(count)} this among those checked), so the kernel takes every key for hidden. Make Q, K or the scale smaller.`,
    zh: ({ count, row }) =>
      `超出 f32：${row}的全部分数都低于 −1e30（代表被遮住的分数的值；核对过的行中有 ${count} 行如此），kernel 会把每个 key 都当作被遮住。请缩小 Q、K 或 scale。`,
  },
  'product-overflow': {
    en: ({ count, row }) =>
      `Beyond f32: q · k overflows (over 3.4e38) in ${row}; ${rows(count)} this among those checked. Make Q, K or the scale smaller.`,
    zh: ({ count, row }) =>
      `超出 f32：${row}的 q · k 溢出（超过 3.4e38）；核对过的行中有 ${count} 行如此。请缩小 Q、K 或 scale。`,
  },
  'value-overflow': {
    en: ({ count, row }) =>
      `Beyond f32: the sum of p · V overflows (over 3.4e38) in ${row} before it is divided by l; ${rows(count)} this among those checked. Make V smaller.`,
    zh: ({ count, row }) =>
      `超出 f32：${row}的 p · V 之和在除以 l 之前溢出（超过 3.4e38）；核对过的行中有 ${count} 行如此。请缩小 V。`,
  },
  'not-finite': {
    en: ({ count, row }) =>
      `${count === 1 ? '1 number' : `${count} numbers`} of O and LSE came out infinite or as NaN, first in ${row}.`,
    zh: ({ count, row }) => `O 与 LSE 中有 ${count} 个数为无穷或 NaN，最先出现在${row}。`,
  },
  'lost-precision': {
    en: ({ row, max, f32 }) =>
      `The scores are so large that f32 keeps few digits of their differences: O is off by ${value(max)} from f64, plain f32 by ${value(f32)} (most in ${row}). That is f32, not the kernel.`,
    zh: ({ row, max, f32 }) =>
      `分数太大，f32 只能保留其差值的少数几位：O 与 f64 相差 ${value(max)}，普通 f32 相差 ${value(f32)}（${row}最大）。这是 f32 的限制，不是 kernel 的错。`,
  },
};
