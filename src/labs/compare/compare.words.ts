// What the Compare lab says.
import { phaseName } from '../../views/shared/phases.words';
import type { Dictionary } from '../../words';
import { maskNamed } from '../../views/shared/mask.words';

export const compareWords = {
  name: { en: 'Compare', zh: '对比' },
  purpose: {
    en: 'Two real runs side by side on one cursor: play, and see what one reads and writes that the other does not. Ready-made pairs:',
    zh: '两次真实的运行并排播放，共用一个游标：看一方读写了哪些另一方不必读写的字节。现成的对比：',
  },
  presets: { en: 'Ready-made pairs', zh: '现成的对比' },
  kernels: { en: 'naive | tiled', zh: '朴素 | 分块' },
  kernelsBack: { en: 'tiled | naive', zh: '分块 | 朴素' },
  tiles: { en: 'two tile sizes', zh: '两种分块大小' },
  masks: { en: 'causal | mask lifted', zh: '因果 | 掩码取消' },
  inputs: { en: 'two inputs', zh: '两个输入' },
  loses: { en: 'tiled moves more', zh: '分块反而多' },
  losesWhy: {
    en: 'A small tile: by the papers’ IO model the tiled kernel moves more bytes than standard attention',
    zh: '分块太小：按论文公式，分块 kernel 搬运的字节超过标准注意力',
  },
  colon: { en: ': ', zh: '：' },
  first: { en: 'First run', zh: '第一个运行' },
  second: { en: 'Second run', zh: '第二个运行' },
  kernel: { en: 'kernel', zh: 'kernel' },
  tile: { en: 'tile', zh: '分块' },
  tileAuto: { en: 'fitting', zh: '自动' },
  noTile: { en: 'none', zh: '无' },
  mask: { en: 'mask', zh: '掩码' },
  maskName: maskNamed,
  scores: { en: 'scores', zh: '分数' },
  plainScores: { en: 'as they are', zh: '不变' },
  layer: { en: 'layer', zh: '层' },
  head: { en: 'head', zh: '头' },
  seed: { en: 'seed', zh: '种子' },
  input: {
    en: 'Sentence, shape and everything else: as chosen in the Step lab. Both runs are real and captured on the same device.',
    zh: '句子、形状等其余设置沿用单步实验室的选择。两个运行都真实执行，并在同一设备上采集。',
  },
  inputText: { en: 'Input of both: a sentence', zh: '两侧输入：句子' },
  inputSeed: { en: 'Input of both: seeded numbers', zh: '两侧输入：种子生成的数' },
  inputFile: { en: 'Input of both: your files', zh: '两侧输入：你的文件' },
  sizes: {
    en: (keys: number, dim: number) => `N = ${keys}, d = ${dim}`,
    zh: (keys: number, dim: number) => `N = ${keys}，d = ${dim}`,
  },
  picture: { en: 'Picture', zh: '视图' },
  cross: { en: 'Matrices', zh: '矩阵' },
  memory: { en: 'Memory', zh: '内存' },
  softmax: { en: 'Softmax', zh: 'Softmax' },
  source: { en: 'Source', zh: '源码' },
  together: { en: 'Go on by', zh: '推进方式' },
  phase: { en: 'phase', zh: '阶段' },
  bytes: { en: 'bytes requested', zh: '访存量' },
  share: { en: 'share of the work', zh: '完成比例' },
  shareWhy: {
    en: 'Both sides stand where the same share of their own HBM bytes is behind them: they start and end together.',
    zh: '两侧停在各自 HBM 访存量完成同样比例的位置：同时开始，同时结束。',
  },
  phaseWhy: {
    en: 'Each side goes one phase on; the shorter one waits at its end.',
    zh: '两侧各前进一个阶段；较短的一侧停在终点等待。',
  },
  bytesWhy: {
    en: 'Both sides stand where they have requested the same bytes from HBM; what costs no bytes takes no time here, and a side that needs no more waits at its end.',
    zh: '两侧停在对 HBM 发出同样多访存量的位置；不访存的步骤在这里不占时间，先读写完的一侧停在终点等待。',
  },
  position: { en: 'Position', zh: '位置' },
  previous: { en: 'Previous', zh: '上一步' },
  next: { en: 'Next', zh: '下一步' },
  play: { en: 'Play', zh: '播放' },
  pause: { en: 'Pause', zh: '暂停' },
  start: { en: 'Start', zh: '开头' },
  end: { en: 'End', zh: '结尾' },
  at: { en: (at: string, of: string) => `${at} of ${of}`, zh: (at: string, of: string) => `${at} / ${of}` },
  pending: { en: 'Running and capturing this run…', zh: '正在运行并采集…' },
  waiting: { en: 'Waiting for the first run…', zh: '正在等待第一个运行…' },
  workgroupPending: { en: 'capturing this workgroup…', zh: '正在采集此工作组…' },
  done: { en: 'finished', zh: '已完成' },
  where: {
    en: (phase: string, workgroup: number, owned: string) => `${phase} · workgroup id ${workgroup} · ${owned}`,
    zh: (phase: string, workgroup: number, owned: string) =>
      `${phaseName(phase, 'zh')} · 工作组 id ${workgroup} · ${owned}`,
  },
  otherRow: {
    en: (row: number, first: number) => `another row: ${row}, not ${first}`,
    zh: (row: number, first: number) => `另一行：${row}，不是 ${first}`,
  },
  failed: { en: 'This run could not be captured:', zh: '无法采集此运行：' },
  again: { en: 'Try again', zh: '重试' },
  recorded: {
    en: 'No device here: a stored capture of this kernel stands in, whatever was chosen.',
    zh: '这里没有设备：显示的是这个 kernel 的录制，与所选设置无关。',
  },
  swap: { en: 'Swap sides', zh: '交换两侧' },
  toStep: { en: 'Step through the first run', zh: '在单步实验室查看第一个运行' },
  difference: { en: 'What differs', zh: '差异' },
  ratio: { en: 'second / first', zh: '第二 / 第一' },
  ioModel: { en: 'IO model, whole run', zh: '论文公式，全程' },
  ioModelMasked: { en: 'IO model under the mask, whole run', zh: '论文公式（计入掩码），全程' },
  ioNote: {
    en: 'The papers’ formula, from shape and tile alone: the number to quote.',
    zh: '论文公式，仅由形状与分块得出：应引用这个数。',
  },
  ioMaskedNote: {
    en: 'The papers’ formula, from shape and tile alone, without the tiles that the mask hides whole: the number to quote.',
    zh: '论文公式，仅由形状与分块得出，不计被掩码整块遮住的分块：应引用这个数。',
  },
  requested: { en: 'requested, before caches, whole run', zh: '发出的访存量（缓存之前），全程' },
  compulsory: { en: 'compulsory, whole run', zh: '理论下限，全程' },
  hbmSoFar: { en: 'requested of HBM so far, before caches', zh: 'HBM 访存量（缓存之前），到目前' },
  sramSoFar: { en: 'requested of SRAM so far', zh: 'SRAM 访存量，到目前' },
  shareNote: {
    en: 'Of the bytes that this head will request of HBM. Only where both are equally far can what was requested so far be compared.',
    zh: '占当前头全程 HBM 访存量的比例。只有两侧进度相同，到目前的访存量才可以相比。',
  },
  phases: { en: 'phases done', zh: '已完成阶段' },
  sram: { en: 'workgroup memory of one workgroup', zh: '每个工作组的共享内存' },
  scratch: { en: 'S and P kept in HBM', zh: '存于 HBM 的 S 与 P' },
  outputs: { en: 'max |O₁ − O₂|', zh: 'max |O₁ − O₂|' },
  outputsNote: {
    en: 'Both outputs as captured; the same inputs and mask must give the same answer.',
    zh: '两个采集到的输出；输入与掩码相同，结果就必须相同。',
  },
  otherProblem: { en: 'another problem: not compared', zh: '不是同一问题：不比较' },
  soFarNote: { en: 'This head, from the start of the replay.', zh: '当前头，从播放开始。' },
  wholeNote: {
    en: 'All heads. Every load and store that the kernel as written asked for: not DRAM traffic.',
    zh: '所有头。源码发出的每次读写：不是 DRAM 流量。',
  },
  formulaNote: { en: 'From shape and tile alone.', zh: '仅由形状与分块得出。' },
  story: {
    en: (a: string, done: string, b: string, other: string) =>
      `So far the first run has asked HBM for ${a}, ${done} of its bytes, the second for ${b}, ${other} of its own.`,
    zh: (a: string, done: string, b: string, other: string) =>
      `到目前为止，第一个运行的 HBM 访存量是 ${a}（完成 ${done}），第二个是 ${b}（完成 ${other}）。`,
  },
  storyLevel: {
    en: (done: string, a: string, b: string, ratio: string) =>
      `Both are ${done} through their bytes: the first has asked HBM for ${a}, the second for ${b}: ${ratio}.`,
    zh: (done: string, a: string, b: string, ratio: string) =>
      `两侧都完成了 ${done}：第一个的 HBM 访存量是 ${a}，第二个是 ${b}：${ratio}。`,
  },
  storyFirstEnded: {
    en: (a: string, b: string, done: string) =>
      `The first run finished at ${a} and waits at its end; the second has asked HBM for ${b}, ${done} of its bytes.`,
    zh: (a: string, b: string, done: string) =>
      `第一个运行以 ${a} 的访存量完成，停在终点等待；第二个到目前是 ${b}（完成 ${done}）。`,
  },
  storySecondEnded: {
    en: (a: string, done: string, b: string) =>
      `So far the first run has asked HBM for ${a}, ${done} of its bytes; the second finished at ${b} and waits at its end.`,
    zh: (a: string, done: string, b: string) =>
      `第一个运行到目前的 HBM 访存量是 ${a}（完成 ${done}）；第二个以 ${b} 完成，停在终点等待。`,
  },
  storyEnd: {
    en: (a: string, b: string, ratio: string) =>
      `Both have finished. By the papers’ IO model, the number to quote, the first moves ${a} and the second ${b}: ${ratio}.`,
    zh: (a: string, b: string, ratio: string) =>
      `两个运行都已完成。按论文公式（应引用这个数），第一个搬运 ${a}，第二个 ${b}：${ratio}。`,
  },
  modelVerdict: {
    en: (a: string, moved: string, b: string, other: string, ratio: string) =>
      `By the papers’ IO model ${a} moves ${moved} and ${b} ${other}: ${ratio}.`,
    zh: (a: string, moved: string, b: string, other: string, ratio: string) =>
      `按论文公式，${a}：${moved}，${b}：${other}；${ratio}。`,
  },
  storyAsked: {
    en: (a: string, b: string, ratio: string) => `As written they requested ${a} and ${b}: ${ratio}.`,
    zh: (a: string, b: string, ratio: string) => `源码发出的访存量则是 ${a} 和 ${b}：${ratio}。`,
  },
  storyWhy: {
    en: (kernel: string, over: string) =>
      `That is another ratio because ${kernel} asks for ${over} its model: it asks for the same bytes again and again, and caches serve most of it.`,
    zh: (kernel: string, over: string) =>
      `两个比值不同，因为 ${kernel} 发出的访存量是其公式的 ${over}：同样的字节反复请求，大部分由缓存提供。`,
  },
  times: { en: (ratio: string) => `${ratio} as much`, zh: (ratio: string) => `第二个是第一个的 ${ratio}` },
  equal: { en: 'the same', zh: '两者相同' },
  space: { en: ' ', zh: '' },
} satisfies Dictionary;
