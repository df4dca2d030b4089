// Words of the tuned choice: what it is, what was chosen here, and by what measurement.
import type { Dictionary } from '../../words';

export const tunedWords = {
  title: { en: 'Tiled, tuned on this device', zh: '本设备上最快的分块 kernel' },
  what: {
    en: '“tiled-tuned” is the fastest correct tiled kernel and tile for such shapes on this device. It is raced, not looked up: every tiled kernel with the page’s own tile, three rounds in turns, then seven rounds between the tiles of those within 1.3 ×; for one query the kernels made for decoding race, too. Each answer is checked against f64. Kept in this browser until the device or a kernel’s text changes.',
    zh: '“tiled-tuned”是本设备上这类形状最快且正确的分块 kernel 和分块大小。它是实测出来的，不是查表：先让每个分块 kernel 以本页默认分块轮流跑三轮，再在耗时不超过 1.3 倍者的各种分块之间跑七轮；只有一个 query 时，为解码而写的 kernel 也参赛。每个结果都与 f64 参考核对。选择保存在此浏览器中，直到设备或 kernel 代码改变。',
  },
  for: {
    en: (ns: string, mask: string) => `N = ${ns}, ${mask}:`,
    zh: (ns: string, mask: string) => `N = ${ns}，${mask}：`,
  },
  causal: { en: 'causal', zh: '因果' },
  full: { en: 'full', zh: '无掩码' },
  one: { en: 'one query', zh: '一个 query' },
  unknown: { en: 'not raced on this device yet', zh: '还没有在本设备上测过' },
  first: { en: 'The sweep begins with it.', zh: '测量将从它开始。' },
  by: {
    en: (n: number, date: string, clock: string) => `measured at N = ${n} on ${date} by ${clock}:`,
    zh: (n: number, date: string, clock: string) => `于 ${date} 在 N = ${n} 处以${clock}测得：`,
  },
  wall: { en: 'the wall clock', zh: ' wall time ' },
  timestamp: { en: 'GPU timestamps', zh: ' GPU 时间戳' },
  measure: { en: 'Measure the choice', zh: '选出最快的' },
  anew: { en: 'Measure anew', zh: '重新选' },
  stop: { en: 'Stop', zh: '停止' },
  compile: {
    en: (n: number, done: number, of: number) => `N = ${n}: compiling, ${done} of ${of}`,
    zh: (n: number, done: number, of: number) => `N = ${n}：编译中，${done} / ${of}`,
  },
  race: {
    en: (n: number, done: number, of: number) => `N = ${n}: race, round ${done} of ${of}`,
    zh: (n: number, done: number, of: number) => `N = ${n}：比赛，第 ${done} / ${of} 轮`,
  },
  here: { en: 'this device’s choice', zh: '本设备最快' },
  hereFor: { en: 'This device’s choice for this shape:', zh: '这个形状在本设备上最快的：' },
  against: { en: 'Compare with it', zh: '与之对比' },
} as const satisfies Dictionary;
