// Words of the timing strip.
import type { Dictionary } from '../../words';
import { plural } from '../../ui/whole';

export const timingWords = {
  start: { en: 'Time them here', zh: '在本设备上测速' },
  chip: { en: 'Time the kernels', zh: '给各 kernel 测速' },
  toStrip: { en: 'Median times, measured. Go to the whole comparison', zh: '实测中位数。查看完整比较' },
  again: { en: 'Time again', zh: '重新测速' },
  cancel: { en: 'Cancel', zh: '取消' },
  intro: {
    en: (shape: string) =>
      `Runs the plain, uninstrumented text of each kernel on ${shape}, taking turns, and checks every answer.`,
    zh: (shape: string) => `在 ${shape} 上轮流运行各 kernel 未插桩的原始源码，并核对每个结果。`,
  },
  noDevice: {
    en: 'Timing needs WebGPU on this device. A recorded capture has no times.',
    zh: '测速需要本设备支持 WebGPU；录制里没有时间。',
  },
  compile: { en: 'Compiling the kernels', zh: '正在编译 kernel' },
  race: {
    en: (done: number, of: number) => `Round ${done} of ${of}`,
    zh: (done: number, of: number) => `第 ${done} / ${of} 轮`,
  },
  check: { en: 'Checking the answers against f64', zh: '正在与 f64 参考结果核对' },
  of: { en: (shape: string) => `Measured on ${shape}`, zh: (shape: string) => `实测：${shape}` },
  stale: {
    en: (shape: string) => `These times are of another run than the one on screen: time again for ${shape}.`,
    zh: (shape: string) => `以下耗时不属于屏幕上的运行：请对 ${shape} 重新测速。`,
  },
  faster: {
    en: (who: string, ratio: string, other: string) => `${who} is faster: it takes ${ratio} of the time of ${other}`,
    zh: (who: string, ratio: string, other: string) => `${who} 更快：耗时是 ${other} 的 ${ratio} 倍`,
  },
  same: { en: 'No measurable difference', zh: '没有可测出的差别' },
  paired: {
    en: (first: string, last: string) => `${first} ÷ ${last}, median of the rounds’ ratios:`,
    zh: (first: string, last: string) => `${first} ÷ ${last}，各轮比值的中位数`,
  },
  within: {
    en: (control: string) => `No difference larger than the control’s own error (A/A ${control})`,
    zh: (control: string) => `差别不超过对照自身的误差（A/A ${control}）`,
  },
  coarse: {
    en: (sample: string, step: string) =>
      `No verdict: the clock is too coarse. The shortest sample reads ${sample}, and this browser tells time in steps of ${step}`,
    zh: (sample: string, step: string) =>
      `不下结论：时钟步长太大。最短的样本读数为 ${sample}，而浏览器的时钟步长为 ${step}`,
  },
  fastest: {
    en: (who: string, ratio: string, base: string) => `Fastest: ${who}, ${ratio} of the time of ${base}`,
    zh: (who: string, ratio: string, base: string) => `最快：${who}，耗时是 ${base} 的 ${ratio} 倍`,
  },
  second: {
    en: (who: string, ratio: string) => `; ${ratio} of the time of the next, ${who}`,
    zh: (who: string, ratio: string) => `，是次快的 ${who} 的 ${ratio} 倍`,
  },
  tied: {
    en: (who: readonly string[]) => `In front, ${who.slice(0, -1).join(', ')} and ${who.at(-1)} cannot be told apart`,
    zh: (who: readonly string[]) => `最前面的 ${who.slice(0, -1).join('、')} 与 ${who.at(-1)} 分不出快慢`,
  },
  aside: { en: (text: string) => ` (${text})`, zh: (text: string) => `（${text}）` },
  stop: { en: '. ', zh: '。' },
  few: { en: (n: number) => `Too few rounds to tell (${n})`, zh: (n: number) => `轮数太少，无法判断（${n}）` },
  spread: {
    en: (lo: string, hi: string) => `p10–p90 ${lo}–${hi}`,
    zh: (lo: string, hi: string) => `p10–p90 ${lo}–${hi}`,
  },
  software: {
    en: 'Software adapter: these times are of a CPU that plays GPU, not of a GPU.',
    zh: '软件适配器：这些时间来自模拟 GPU 的 CPU，而非真正的 GPU。',
  },
  how: { en: 'How this was measured', zh: '测量方法' },
  protocol: {
    en: 'Two warm-up runs. Runs are batched, and the batch grown, until the clock in use reads at least 10 ms a sample, and many of its steps. The players take turns (A B C, B C A, …), with an A/A control and three probes in the same rounds. The ratio is paired round by round. A hidden or unfocused tab discards the round. A kernel is called faster only where p10–p90 of the ratio lies wholly outside what the control did (its p10–p90, and the same turned over); the fastest is held against the next in the same way.',
    zh: '先热身两次；把多次运行合成一批，并增大批次，直到时钟读出的每个样本不短于 10 ms、且含许多个步长；各方轮流（A B C、B C A……），同一轮里还有 A/A 对照和三个基准测试；比值按轮配对。标签页隐藏或失焦时该轮作废。只有当比值的 p10–p90 完全落在对照的范围（其 p10–p90 及倒数）之外，才说某个 kernel 更快；最快者与次快者也这样比较。',
  },
  method: {
    en: (how: string, step: string) => `Clock: ${how}, smallest step ${step}`,
    zh: (how: string, step: string) => `时钟：${how}，最小步长 ${step}`,
  },
  timestamp: { en: 'GPU timestamps', zh: 'GPU 时间戳' },
  wall: { en: 'wall time from submit to done', zh: '从 submit 到完成的 wall time' },
  rounds: {
    en: (n: number, discarded: number) => `Rounds: ${n}, discarded ${discarded}`,
    zh: (n: number, discarded: number) => `轮数：${n}，作废 ${discarded}`,
  },
  control: {
    en: (ratio: string, lo: string, hi: string) => `A/A: ${ratio} (${lo}–${hi})`,
    zh: (ratio: string, lo: string, hi: string) => `A/A：${ratio}（${lo}–${hi}）`,
  },
  empty: { en: (ms: string) => `Empty submit: ${ms}`, zh: (ms: string) => `空 submit：${ms}` },
  sample: {
    en: (ms: string, runs: string) => `Shortest sample: ${ms}; runs a sample: ${runs}`,
    zh: (ms: string, runs: string) => `最短样本：${ms}；每个样本的运行次数：${runs}`,
  },
  peak: {
    en: (flops: string, bytes: string, size: string) =>
      `Probes: ${flops} of f32 multiply-adds (no tensor cores), ${bytes} copied between two buffers of ${size}`,
    zh: (flops: string, bytes: string, size: string) =>
      `峰值：f32 乘加 ${flops}（不含 Tensor Core），在两个 ${size} 的缓冲区之间复制 ${bytes}`,
  },
  noPeak: { en: 'Probes: the clock is too coarse for them', zh: '峰值：时钟步长太大，测不出' },
  facts: {
    en: (compile: string, error: string) => `compiled in ${compile}, max |error| ${error}`,
    zh: (compile: string, error: string) => `编译 ${compile}，最大误差 ${error}`,
  },
  share: {
    en: (share: string) => `${share} of the multiply-add probe`,
    zh: (share: string) => `达到乘加峰值的 ${share}`,
  },
  coarsened: {
    en: 'Not cross-origin isolated: the wall clock is coarsened to 0.1 ms.',
    zh: '页面没有跨源隔离：时钟精度只有 0.1 ms。',
  },
  noStamps: {
    en: 'This device has no timestamp-query: wall times only.',
    zh: '本设备没有 timestamp-query：只有 wall time。',
  },
  measured: { en: 'measured', zh: '实测' },
  mark: {
    en: (n: number) => `Measured: median of ${plural(n, 'sample')}, a clock on this device`,
    zh: (n: number) => `实测：${n} 个样本的中位数，本设备的时钟`,
  },
} as const satisfies Dictionary;
