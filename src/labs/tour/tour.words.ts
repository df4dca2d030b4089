// What the tour says: one sentence a step, with the numbers of the run on screen, and its buttons.
import type { Dictionary } from '../../words';
import { plural } from '../../ui/whole';

/**
 * The last step's figures, by the IO model: of this run, and of a long one. Bytes are written out; times is their
 * ratio.
 */
interface Savings {
  standard: string;
  /** What S and P would move. */
  spared: string;
  /** What K and V move again. */
  paid: string;
  tiled: string;
  rows: number;
  n: string;
  most: number;
  bigStandard: string;
  bigTiled: string;
  times: string;
}

export const tourWords = {
  title: { en: 'The tour', zh: '导览' },
  place: { en: (step: number, of: number) => `${step} of ${of}`, zh: (step: number, of: number) => `${step} / ${of}` },
  waiting: { en: 'One moment: the run for the tour is on its way.', zh: '稍等：导览用的这次运行正在准备。' },
  scores: {
    en: (n: number, pairs: string) =>
      `Attention scores every token against every other: S = QKᵀ, ${n} × ${n} = ${plural(pairs, 'number')}. The naive kernel writes S, then P = softmax(S), to GPU memory (HBM), and reads them back.`,
    zh: (n: number, pairs: string) =>
      `注意力给每对 token 打分：S = QKᵀ，${n} × ${n} = ${pairs} 个数。朴素实现（naive）把 S 和 P = softmax(S) 写进显存（HBM），再读回来。`,
  },
  tile: {
    en: (rows: string, keys: number, read: string, ahead: number | undefined) =>
      `FlashAttention goes tile by tile: a workgroup (≈ CUDA thread block) keeps rows ${rows} of Q in fast on-chip SRAM (= shared memory) and fetches ${plural(keys, 'key')} with their values at a time: ${read}.${ahead === undefined ? '' : ` We have gone ahead to workgroup id ${ahead}, which has more than one tile to go through.`}`,
    zh: (rows: string, keys: number, read: string, ahead: number | undefined) =>
      `FlashAttention 分块来算：一个工作组（≈ CUDA 线程块）把 Q 的第 ${rows} 行留在片上 SRAM（= 共享内存），K、V 每次只取 ${keys} 个 key：${read}。${ahead === undefined ? '' : `（已跳到工作组 id ${ahead}：它要走过不止一个分块。）`}`,
  },
  live: {
    en: (rows: number, keys: number, hbm: string) =>
      `It scores just this ${rows} × ${keys} tile of S, on chip. HBM traffic of this step, counted: ${hbm}.`,
    zh: (rows: number, keys: number, hbm: string) =>
      `它只在片上算出 S 的这一个 ${rows} × ${keys} 分块。这一步的显存读写（计数）：${hbm}。`,
  },
  row: {
    en: (row: number, before: string, after: string, alpha: string) =>
      `Softmax needs the whole row, so each row carries its maximum m and sum l along. In row ${row}, m rises from ${before} to ${after}: older sums shrink by α = ${alpha}. The result is exact, no approximation.`,
    zh: (row: number, before: string, after: string, alpha: string) =>
      `softmax 要看完整行，于是每行随身带着最大值 m 与和 l。第 ${row} 行的 m 从 ${before} 升到 ${after}，旧的累加值就乘 α = ${alpha}。这就是在线 softmax：结果精确，不是近似。`,
  },
  never: {
    en: (written: string, spared: string) =>
      `At the end the workgroup writes its rows of O, and one number a row: ${written}. S and P of all rows, ${spared} in size, were never in HBM: not written, not read back.`,
    zh: (written: string, spared: string) =>
      `走完以后，这个工作组只写出自己那几行 O 和每行一个数：${written}。整个 S 和 P 有 ${spared} 大，从没进过显存：不用写，也不用读回来。`,
  },
  saves: {
    en: ({ standard, spared, paid, tiled, rows, n, most, bigStandard, bigTiled, times }: Savings) =>
      `What that saves, by the papers’ IO model (computed): without moving S and P ${spared} less, for reading K and V again for each ${plural(rows, 'row')} of Q ${paid} more: ${standard} become ${tiled}. At N = ${n} with ${plural(most, 'row')} a tile: ${bigStandard} become ${bigTiled}, ${times}× less. Is it faster on your GPU? Measure it.`,
    zh: ({ standard, spared, paid, tiled, rows, n, most, bigStandard, bigTiled, times }: Savings) =>
      `省了多少？按论文公式（计算值）：不搬 S、P 少读写 ${spared}，Q 每 ${rows} 行要重读一遍 K、V，多读 ${paid}：${standard} 变成 ${tiled}。N = ${n}、每块 ${most} 行时：${bigStandard} 变成 ${bigTiled}，只有 1/${times}。在你的显卡上真的更快吗？测一测。`,
  },
  fromHere: {
    en: 'Numbers: captured on this device, or computed where it says so.',
    zh: '数字：在本机采集；注明计算值的除外。',
  },
  fromRecording: {
    en: 'Numbers: recorded on another device, or computed where it says so.',
    zh: '数字：在另一台设备上录制；注明计算值的除外。',
  },
  fromInterpreter: {
    en: 'Numbers: the kernel’s own text, computed on the CPU.',
    zh: '数字：由 CPU 执行 kernel 原文得到。',
  },
  next: { en: 'Next', zh: '下一步' },
  back: { en: 'Back', zh: '上一步' },
  leave: { en: 'Leave', zh: '退出' },
  measure: { en: 'Measure my GPU', zh: '测我的显卡' },
  compare: { en: 'naive beside tiled', zh: '朴素实现与分块并排' },
  explore: { en: 'Explore', zh: '自己玩' },
} satisfies Dictionary;
