// Words of the charts.
import type { Dictionary } from '../words';

export const chartWords = {
  n: { en: 'N (queries = keys)', zh: 'N（查询数 = 键数）' },
  nShort: { en: 'N', zh: 'N' },
  keys: { en: 'N (keys; one query)', zh: 'N（键数；一个查询）' },
  keysShort: { en: 'N keys', zh: 'N 个键' },
  chooseN: { en: 'Choose N', zh: '选择 N' },
  time: { en: 'time of a run', zh: '单次运行用时' },
  ratio: { en: (base: string) => `time ÷ ${base}’s time`, zh: (base: string) => `用时 ÷ ${base} 的用时` },
  faster: { en: (base: string) => `▼ faster than ${base}`, zh: (base: string) => `▼ 比 ${base} 快` },
  slower: { en: (base: string) => `▲ slower than ${base}`, zh: (base: string) => `▲ 比 ${base} 慢` },
  noBase: {
    en: (base: string) => `${base} was not timed here: nothing to compare with`,
    zh: (base: string) => `此处 ${base} 未计时，无从比较`,
  },
  several: { en: (n: number) => `${n} kernels`, zh: (n: number) => `${n} 个内核` },
  fasterFrom: {
    en: (kernel: string, n: number) => `${kernel} faster from ${n} on`,
    zh: (kernel: string, n: number) => `${kernel} 自 ${n} 起更快`,
  },
  slowerFrom: {
    en: (kernel: string, n: number) => `${kernel} slower from ${n} on`,
    zh: (kernel: string, n: number) => `${kernel} 自 ${n} 起更慢`,
  },
  intensity: { en: 'FLOP a byte', zh: '每字节 FLOP' },
  rate: { en: 'useful FLOP/s', zh: '有效 FLOP/s' },
  fmaRoof: { en: (rate: string) => `multiply-add probe ${rate}`, zh: (rate: string) => `乘加探针 ${rate}` },
  copyRoof: { en: (rate: string) => `copy probe ${rate}`, zh: (rate: string) => `复制探针 ${rate}` },
  ofRoof: { en: (share: string) => `= ${share} of its roof`, zh: (share: string) => `= 其屋顶的 ${share}` },
  memory: { en: 'all buffers of a run', zh: '一次运行的全部缓冲区' },
  wall: {
    en: (kernel: string, n: number) => `${kernel} refused from ${n} on`,
    zh: (kernel: string, n: number) => `${kernel} 自 ${n} 起被拒`,
  },
  nothing: { en: 'nothing timed', zh: '没有计时数据' },
  p10p90: { en: (low: string, high: string) => `${low}–${high}`, zh: (low: string, high: string) => `${low}–${high}` },
} as const satisfies Dictionary;
