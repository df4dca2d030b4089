// Words of a sweep's verdict: who is faster from where on, by how much, and where that cannot be said.
import type { Dictionary } from '../../words';

export const verdictWords = {
  fasterAll: {
    en: (kernel: string, base: string, range: string) =>
      `${kernel} is faster than ${base} at every N measured (${range}).`,
    zh: (kernel: string, base: string, range: string) => `在测得的每个 N（${range}）上，${kernel} 都比 ${base} 快。`,
  },
  slowerAll: {
    en: (kernel: string, base: string, range: string) =>
      `${kernel} is slower than ${base} at every N measured (${range}).`,
    zh: (kernel: string, base: string, range: string) => `在测得的每个 N（${range}）上，${kernel} 都比 ${base} 慢。`,
  },
  fasterOnce: {
    en: (kernel: string, base: string, n: number) =>
      `${kernel} is faster than ${base} at N = ${n}, the only N measured beside it.`,
    zh: (kernel: string, base: string, n: number) => `在 N = ${n}（唯一可比的点）处，${kernel} 比 ${base} 快。`,
  },
  slowerOnce: {
    en: (kernel: string, base: string, n: number) =>
      `${kernel} is slower than ${base} at N = ${n}, the only N measured beside it.`,
    zh: (kernel: string, base: string, n: number) => `在 N = ${n}（唯一可比的点）处，${kernel} 比 ${base} 慢。`,
  },
  fasterFrom: {
    en: (kernel: string, base: string, n: number) => `${kernel} is faster than ${base} from N = ${n} on.`,
    zh: (kernel: string, base: string, n: number) => `${kernel} 从 N = ${n} 起比 ${base} 快。`,
  },
  slowerFrom: {
    en: (kernel: string, base: string, n: number) => `${kernel} is slower than ${base} from N = ${n} on.`,
    zh: (kernel: string, base: string, n: number) => `${kernel} 从 N = ${n} 起比 ${base} 慢。`,
  },
  unclear: {
    en: (kernel: string, base: string) => `${kernel} against ${base}: no N from which on one of them is faster.`,
    zh: (kernel: string, base: string) => `${kernel} 与 ${base}：没有哪个 N 之后是一方始终更快的。`,
  },
  unclearOnce: {
    en: (kernel: string, base: string, n: number) =>
      `${kernel} against ${base}: N = ${n} is the only N measured beside it.`,
    zh: (kernel: string, base: string, n: number) => `${kernel} 与 ${base}：只有 N = ${n} 一个点可比。`,
  },
  loses: { en: (ns: string) => `Loses at N = ${ns}.`, zh: (ns: string) => `在 N = ${ns} 处更慢。` },
  wins: { en: (ns: string) => `Wins at N = ${ns}.`, zh: (ns: string) => `在 N = ${ns} 处更快。` },
  same: {
    en: (ns: string) => `No measurable difference at N = ${ns}.`,
    zh: (ns: string) => `在 N = ${ns} 处没有可测出的差别。`,
  },
  fasterLast: {
    en: (kernel: string, base: string, n: number) =>
      `${kernel} is faster than ${base} at N = ${n}, the longest measured; one point shows no trend.`,
    zh: (kernel: string, base: string, n: number) =>
      `在最长的 N = ${n} 处，${kernel} 比 ${base} 快；单个点看不出趋势。`,
  },
  slowerLast: {
    en: (kernel: string, base: string, n: number) =>
      `${kernel} is slower than ${base} at N = ${n}, the longest measured; one point shows no trend.`,
    zh: (kernel: string, base: string, n: number) =>
      `在最长的 N = ${n} 处，${kernel} 比 ${base} 慢；单个点看不出趋势。`,
  },
  within: {
    en: (ns: string) => `No further from 1 than the control’s own error at N = ${ns}.`,
    zh: (ns: string) => `差别不超过对照自身的误差：N = ${ns}。`,
  },
  withControl: {
    en: (n: number, control: string) => `${n} (A/A ${control})`,
    zh: (n: number, control: string) => `${n}（A/A ${control}）`,
  },
  coarseAt: {
    en: (ns: string) => `The clock is too coarse to tell at N = ${ns}.`,
    zh: (ns: string) => `时钟步长太大，无法判断：N = ${ns}。`,
  },
  few: {
    en: (ns: string) => `Too few rounds to tell at N = ${ns}.`,
    zh: (ns: string) => `在 N = ${ns} 处轮数太少，无法判断。`,
  },
  share: {
    en: (n: number, base: string, ratio: string, low: string, high: string) =>
      `At N = ${n} it takes ${ratio} × ${base}’s time (median of the ratios of each round, p10–p90 ${low}–${high}).`,
    zh: (n: number, base: string, ratio: string, low: string, high: string) =>
      `N = ${n} 时耗时为 ${base} 的 ${ratio} 倍（各轮比值的中位数，p10–p90 ${low}–${high}）。`,
  },
  between: {
    en: (n: number, base: string, low: string, high: string) =>
      `At N = ${n} it lies between ${low} and ${high} × ${base}’s time (p10–p90 of the ratios of each round).`,
    zh: (n: number, base: string, low: string, high: string) =>
      `N = ${n} 时各轮耗时为 ${base} 的 ${low} 到 ${high} 倍（各轮比值的 p10–p90）。`,
  },
  untimedSkipped: {
    en: (ns: string, kernel: string) =>
      `Not compared at N = ${ns}: ${kernel} was skipped as too slow for the time of a point.`,
    zh: (ns: string, kernel: string) => `N = ${ns} 处未比较：${kernel} 太慢，超出每点的时间预算而跳过。`,
  },
  untimedRefused: {
    en: (ns: string, kernel: string) => `Not compared at N = ${ns}: ${kernel} does not fit this device.`,
    zh: (ns: string, kernel: string) => `N = ${ns} 处未比较：${kernel} 在本设备上放不下。`,
  },
  untimedFailed: {
    en: (ns: string, kernel: string) => `Not compared at N = ${ns}: ${kernel} failed.`,
    zh: (ns: string, kernel: string) => `N = ${ns} 处未比较：${kernel} 运行失败。`,
  },
  neverBeside: {
    en: (kernel: string, base: string) => `${kernel} was never timed beside ${base}.`,
    zh: (kernel: string, base: string) => `${kernel} 没有与 ${base} 一起测成的点。`,
  },
} as const satisfies Dictionary;
