// Words of the result card.
import type { Dictionary } from '../../words';
import { plural } from '../../ui/whole';

export const cardWords = {
  title: { en: 'Result card', zh: '结果卡片' },
  against: {
    en: (kernel: string, base: string) => `${kernel} against ${base}`,
    zh: (kernel: string, base: string) => `${kernel} 对 ${base}`,
  },
  only: { en: (kernel: string) => `${kernel} alone`, zh: (kernel: string) => `仅 ${kernel}` },
  topic: { en: 'attention kernels in WGSL, timed in a browser', zh: 'WGSL 注意力 kernel，在浏览器里测速' },
  topicOne: {
    en: 'one query over N keys (decoding): WGSL kernels timed in a browser',
    zh: '一个 query 对 N 个 key（解码）：WGSL kernel，在浏览器里测速',
  },
  ofTime: {
    en: (base: string, n: number) => `${base}’s time, at N = ${n}`,
    zh: (base: string, n: number) => `（${base} 耗时 = 1，N = ${n}）`,
  },
  undecided: {
    en: (n: number) => `no measurable difference at N = ${n}`,
    zh: (n: number) => `N = ${n}：没有可测出的差别`,
  },
  within: {
    en: (n: number, control: string) => `no difference beyond the control’s own error at N = ${n} (A/A ${control})`,
    zh: (n: number, control: string) => `N = ${n}：差别不超过对照自身的误差（A/A ${control}）`,
  },
  coarse: {
    en: (n: number) => `no verdict at N = ${n}: the clock is too coarse`,
    zh: (n: number) => `N = ${n}：时钟步长太大，不下结论`,
  },
  tooFew: { en: (n: number) => `too few rounds at N = ${n}`, zh: (n: number) => `N = ${n}：轮数太少` },
  atN: { en: (n: number) => `a run at N = ${n}`, zh: (n: number) => `N = ${n} 的单次运行` },
  spread: {
    en: (low: string, high: string, n: number) => `p10–p90 ${low}–${high}, ${plural(n, 'paired round')}`,
    zh: (low: string, high: string, n: number) => `p10–p90 ${low}–${high}，${n} 轮配对`,
  },
  spreadOfMedian: {
    en: (low: string, high: string, n: number) =>
      `median of the ratios of ${plural(n, 'round')}, p10–p90 ${low}–${high}`,
    zh: (low: string, high: string, n: number) => `${n} 轮各自比值的中位数，p10–p90 ${low}–${high}`,
  },
  honesty: {
    en: (control: string, error: string, clock: string) =>
      `Medians of rounds in turns; A/A ${control}; answers checked against f64 (max |error| ${error}); ${clock}.`,
    zh: (control: string, error: string, clock: string) =>
      `轮流测量取中位数；A/A ${control}；结果与 f64 核对（最大误差 ${error}）；${clock}。`,
  },
  timestamp: { en: 'GPU timestamps', zh: 'GPU 时间戳' },
  wall: { en: 'wall clock, submit to done', zh: 'wall time，从 submit 到完成' },
  made: { en: 'measured with Attnscope', zh: '由 Attnscope 测得' },
  copyPicture: { en: 'Copy picture', zh: '复制图片' },
  savePicture: { en: 'Save PNG', zh: '保存 PNG' },
  copyText: { en: 'Copy text', zh: '复制文字' },
  text: { en: 'The card in words', zh: '卡片文字' },
  copied: { en: 'Copied', zh: '已复制' },
  saved: {
    en: 'The browser does not allow copying pictures here: it was saved instead',
    zh: '浏览器不允许在此复制图片：已改为保存文件',
  },
  select: {
    en: 'The browser does not allow it: the text is selected, copy it by hand',
    zh: '浏览器不允许：文字已选中，请手动复制',
  },
  close: { en: 'Close', zh: '关闭' },
} as const satisfies Dictionary;
