// Words of the tuned choice: what it is, what was chosen here, and by what measurement.
import type { Dictionary } from '../../words';
import { maskNamed } from '../../views/shared/mask.words';

export const tunedWords = {
  title: { en: 'tiled-tuned: the best of those raced on this device', zh: 'tiled-tuned：本设备上参赛者中最快的' },
  what: {
    en: '“tiled-tuned” is the best of the tiled kernels and tiles that were raced on this device for such shapes, not of all that there are: every tiled kernel with the page’s own tile, three rounds in turns, then seven rounds between up to three tiles (all, of a kernel made for decoding) of each within 1.3 ×; for one query the kernels made for decoding race, too. Each answer is checked against f64. Kept in this browser until the device or a kernel’s text changes.',
    zh: '“tiled-tuned”是这类形状在本设备上参赛的分块 kernel 和分块大小中最快的一个，并非所有可能中最快的：先让每个分块 kernel 以本页默认分块轮流跑三轮，再在耗时不超过 1.3 倍者各自至多三种分块（为解码而写的 kernel 则是全部）之间跑七轮；只有一个 query 时，为解码而写的 kernel 也参赛。每个结果都与 f64 参考核对。选择保存在此浏览器中，直到设备或 kernel 代码改变。',
  },
  for: {
    en: (ns: string, mask: string) => `N = ${ns}, ${mask}:`,
    zh: (ns: string, mask: string) => `N = ${ns}，${mask}：`,
  },
  maskName: maskNamed,
  one: { en: 'one query', zh: '一个 query' },
  unknown: { en: 'not raced on this device yet', zh: '还没有在本设备上测过' },
  first: { en: 'The sweep begins with it.', zh: '测量将从它开始。' },
  by: {
    en: (n: number, date: string, clock: string, raced: string) =>
      `${raced}, measured at N = ${n} on ${date} by ${clock}:`,
    zh: (n: number, date: string, clock: string, raced: string) =>
      `${raced}，于 ${date} 在 N = ${n} 处以${clock}测得：`,
  },
  raced: {
    en: (raced: number, able: number) =>
      raced < able ? `best of ${raced} raced of ${able} that fit` : `best of ${raced} raced`,
    zh: (raced: number, able: number) =>
      raced < able ? `可用的 ${able} 种里有 ${raced} 种参赛，此为最快` : `${raced} 种参赛，此为最快`,
  },
  wall: { en: 'the wall clock', zh: ' wall time ' },
  timestamp: { en: 'GPU timestamps', zh: ' GPU 时间戳' },
  measure: { en: 'Race them', zh: '比一比' },
  anew: { en: 'Race again', zh: '重新比' },
  stop: { en: 'Stop', zh: '停止' },
  compile: {
    en: (n: number, done: number, of: number) => `N = ${n}: compiling, ${done} of ${of}`,
    zh: (n: number, done: number, of: number) => `N = ${n}：编译中，${done} / ${of}`,
  },
  race: {
    en: (n: number, done: number, of: number) => `N = ${n}: race, round ${done} of ${of}`,
    zh: (n: number, done: number, of: number) => `N = ${n}：比赛，第 ${done} / ${of} 轮`,
  },
  here: { en: 'this device’s choice', zh: '本设备选出' },
  hereFor: {
    en: 'Fastest of the tiled kernels and tiles here, for this shape:',
    zh: '这个形状在本设备上最快的分块 kernel 与分块大小：',
  },
  against: { en: 'Compare with it', zh: '与之对比' },
} as const satisfies Dictionary;
