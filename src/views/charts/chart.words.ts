// Words of the charts.
import type { Dictionary } from '../../words';
import { plural } from '../../ui/whole';

export const chartWords = {
  n: { en: 'N (queries = keys)', zh: 'N（query 数 = key 数）' },
  nShort: { en: 'N', zh: 'N' },
  keys: { en: 'N (keys; one query)', zh: 'N（key 数；一个 query）' },
  keysShort: { en: 'N keys', zh: 'N 个 key' },
  chooseN: { en: 'Choose N', zh: '选择 N' },
  time: { en: 'time of a run', zh: '单次运行的实际耗时' },
  ratio: { en: (base: string) => `time ÷ ${base}’s time`, zh: (base: string) => `耗时 ÷ ${base} 的耗时` },
  faster: { en: (base: string) => `▼ faster than ${base}`, zh: (base: string) => `▼ 比 ${base} 快` },
  slower: { en: (base: string) => `▲ slower than ${base}`, zh: (base: string) => `▲ 比 ${base} 慢` },
  noBase: {
    en: (base: string) => `${base} was not timed here: nothing to compare with`,
    zh: (base: string) => `此处 ${base} 未测速，无从比较`,
  },
  several: { en: (n: number) => plural(n, 'kernel'), zh: (n: number) => `${n} 个 kernel` },
  fasterFrom: {
    en: (kernel: string, n: number) => `${kernel} faster from ${n} on`,
    zh: (kernel: string, n: number) => `${kernel} 从 ${n} 起更快`,
  },
  slowerFrom: {
    en: (kernel: string, n: number) => `${kernel} slower from ${n} on`,
    zh: (kernel: string, n: number) => `${kernel} 从 ${n} 起更慢`,
  },
  intensity: { en: 'FLOP a byte', zh: '每字节 FLOP' },
  rate: { en: 'useful FLOP/s', zh: '有效 FLOP/s' },
  fmaRoof: {
    en: (rate: string) => `f32 multiply-adds, no tensor cores: ${rate}`,
    zh: (rate: string) => `f32 乘加，不含 Tensor Core：${rate}`,
  },
  copyRoof: {
    en: (rate: string, size: string) => `copy of ${size}: ${rate}`,
    zh: (rate: string, size: string) => `复制 ${size}：${rate}`,
  },
  copyRoofPlain: { en: (rate: string) => `copy probe ${rate}`, zh: (rate: string) => `复制带宽 ${rate}` },
  ofRoof: { en: (share: string) => `= ${share} of its roof`, zh: (share: string) => `= 达到上限的 ${share}` },
  memory: { en: 'all buffers of a run', zh: '一次运行的全部缓冲区' },
  wall: {
    en: (kernel: string, n: number) => `${kernel} refused from ${n} on`,
    zh: (kernel: string, n: number) => `${kernel} 从 ${n} 起放不下`,
  },
  nothing: { en: 'nothing timed', zh: '没有测速数据' },
  p10p90: { en: (low: string, high: string) => `${low}–${high}`, zh: (low: string, high: string) => `${low}–${high}` },
} as const satisfies Dictionary;
