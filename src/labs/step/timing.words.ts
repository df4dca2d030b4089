// Words of the timing strip.
import type { Dictionary } from '../../words';

export const timingWords = {
  start: { en: 'Time both here', zh: '在本设备上测速' },
  chip: { en: 'Time naive | tiled', zh: '测速：朴素 | 分块' },
  toStrip: { en: 'Median times, measured. Go to the whole comparison', zh: '实测中位数。查看完整比较' },
  again: { en: 'Time again', zh: '重新测速' },
  cancel: { en: 'Cancel', zh: '取消' },
  intro: {
    en: (shape: string) => `Runs the plain, uninstrumented text of both kernels on ${shape}, taking turns, and checks both answers.`,
    zh: (shape: string) => `在 ${shape} 上轮流运行两个 kernel 未插桩的原始源码，并核对两者的结果。`,
  },
  noDevice: {
    en: 'Timing needs WebGPU on this device. A recorded capture has no times.',
    zh: '测速需要本设备支持 WebGPU；录制里没有时间。',
  },
  compile: { en: 'Compiling the kernels', zh: '正在编译 kernel' },
  race: { en: (done: number, of: number) => `Round ${done} of ${of}`, zh: (done: number, of: number) => `第 ${done} / ${of} 轮` },
  check: { en: 'Checking the answers against f64', zh: '正在与 f64 参考结果核对' },
  naive: { en: 'naive', zh: 'naive 朴素' },
  flash2: { en: 'tiled', zh: 'flash2 分块' },
  'flash-fast': { en: 'tuned, registers', zh: 'flash-fast 分块，寄存器' },
  'flash-fast-shared': { en: 'tuned, workgroup memory', zh: 'flash-fast 分块，共享内存' },
  decode: { en: 'decode', zh: 'decode 单行解码' },
  'decode-split': { en: 'decode, split keys', zh: 'decode 切分 KV' },
  paged: { en: 'paged', zh: 'paged 分页 KV' },
  stale: {
    en: (shape: string) => `These times are for ${shape}. Time again for the present shape.`,
    zh: (shape: string) => `以上时间对应 ${shape}。请对当前形状重新测速。`,
  },
  faster: {
    en: (who: string, ratio: string, other: string) => `${who} is faster: it takes ${ratio} of the time of ${other}`,
    zh: (who: string, ratio: string, other: string) => `${who}更快：耗时是 ${other} 的 ${ratio} 倍`,
  },
  same: { en: 'No measurable difference', zh: '没有可测出的差别' },
  paired: {
    en: (first: string, last: string) => `${first} ÷ ${last}, median of the rounds’ ratios:`,
    zh: (first: string, last: string) => `${first} ÷ ${last}，各轮比值的中位数：`,
  },
  off: {
    en: (control: string) => `No verdict: the control itself was off (A/A ${control}, over 5 % from 1)`,
    zh: (control: string) => `不下结论：对照自身有偏差（A/A ${control}，与 1 相差超过 5 %）`,
  },
  fastest: {
    en: (who: string, ratio: string, base: string) => `Fastest: ${who}, ${ratio} of the time of ${base}`,
    zh: (who: string, ratio: string, base: string) => `最快：${who}，耗时是 ${base} 的 ${ratio} 倍`,
  },
  few: { en: (n: number) => `Too few rounds to tell (${n})`, zh: (n: number) => `轮数太少，无法判断（${n}）` },
  spread: { en: (lo: string, hi: string) => `p10–p90 ${lo}–${hi}`, zh: (lo: string, hi: string) => `p10–p90 ${lo}–${hi}` },
  software: {
    en: 'Software adapter: these times are of a CPU that plays GPU, not of a GPU.',
    zh: '软件适配器：这些时间来自模拟 GPU 的 CPU，而非真正的 GPU。',
  },
  how: { en: 'How this was measured', zh: '测量方法' },
  protocol: {
    en: 'Two warm-up runs. Runs are batched until a sample is at least 10 ms long. The players take turns (A B C, B C A, …), with an A/A control and three probes in the same rounds. The ratio is paired round by round. A hidden or unfocused tab discards the round. If A/A is off by over 5 % or the ratio’s p10–p90 spans 1, there is no winner, and the verdict says which of the two it was.',
    zh: '先热身两次；把多次运行合成一批，使每个样本不短于 10 ms；各方轮流（A B C、B C A……），同一轮里还有 A/A 对照和三个基准测试；比值按轮配对。标签页隐藏或失焦时该轮作废。若 A/A 偏差超过 5 % 或比值的 p10–p90 跨过 1，则不判胜负，并说明是哪一种。',
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
  peak: {
    en: (flops: string, bytes: string) => `Probes: ${flops} multiply-add, ${bytes} copy`,
    zh: (flops: string, bytes: string) => `峰值：乘加 ${flops}，复制 ${bytes}`,
  },
  facts: {
    en: (compile: string, error: string, share: string) =>
      `compiled in ${compile}, max |error| ${error}, ${share} of the multiply-add probe`,
    zh: (compile: string, error: string, share: string) => `编译 ${compile}，最大误差 ${error}，达到乘加峰值的 ${share}`,
  },
  coarse: {
    en: 'Not cross-origin isolated: the wall clock is coarsened to 0.1 ms.',
    zh: '页面没有跨源隔离：时钟精度只有 0.1 ms。',
  },
  noStamps: { en: 'This device has no timestamp-query: wall times only.', zh: '本设备没有 timestamp-query：只有 wall time。' },
  measured: { en: 'measured', zh: '实测' },
  mark: {
    en: (n: number) => `Measured: median of ${n} samples, a clock on this device`,
    zh: (n: number) => `实测：${n} 个样本的中位数，本设备的时钟`,
  },
} as const satisfies Dictionary;
