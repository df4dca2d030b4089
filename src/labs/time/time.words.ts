// Words of the Time lab: settings, progress, figures, table, exports.
import type { Dictionary } from '../../words';
import { maskNamed } from '../../views/shared/mask.words';
import { plural } from '../../ui/whole';
import { verdictWords } from './verdict.words';

export const timeWords = {
  settings: { en: 'What to measure', zh: '测量什么' },
  kernels: { en: 'Kernels', zh: 'kernel' },
  op: { en: 'What is computed', zh: '算什么' },
  lastKernel: {
    en: 'At least one kernel is measured: tick another one first',
    zh: '至少要测一个 kernel：请先勾选另一个',
  },
  lastMask: { en: 'At least one mask is measured: tick the other one first', zh: '至少要测一种掩码：请先勾选另一种' },
  mask: { en: 'Mask', zh: '掩码' },
  maskName: maskNamed,
  otherMask: { en: 'another mask', zh: '另一种掩码' },
  otherMaskHint: {
    en: 'window-L-R (FlashAttention’s window_size: L keys before a query’s own and R after it; “all” for −1) or prefix-P (a prefix LM), such as window-64-0',
    zh: 'window-L-R（FlashAttention 的 window_size：自己位置之前 L 个、之后 R 个 key；all 即 −1）或 prefix-P（prefix LM），例如 window-64-0',
  },
  queries: { en: 'Queries', zh: 'query 数' },
  asKeys: { en: 'as many as keys', zh: '与 key 同样多' },
  oneShort: { en: 'one (decoding)', zh: '一个（解码）' },
  one: { en: 'one query (decoding)', zh: '一个 query（解码）' },
  all: { en: 'as many queries as keys', zh: 'query 与 key 同样多' },
  oneNote: {
    en: 'One query, the last, over N keys: what generating one token asks for. It sees every key, so the mask makes no difference. “paged” reads K and V through a block table, its blocks of 16 keys scattered in the pool; the others read them in one piece.',
    zh: '一个 query（最后一个）对 N 个 key：生成一个 token 所需的计算。它能看到全部 key，因此掩码没有影响。“paged”经由块表读取 K 与 V，每块 16 个 key，分散在池中；其余 kernel 从连续存放处读取。',
  },
  allNote: {
    en: 'decode, decode-split and paged are made for one query: with many they read every key once a row.',
    zh: 'decode、decode-split 与 paged 为单个 query 而写：query 很多时，它们每行都要把所有 key 读一遍。',
  },
  hereOne: { en: 'Here: one query over N keys (decoding).', zh: '这里：一个 query 对 N 个 key（解码）。' },
  hereAll: { en: 'Here: N queries over N keys.', zh: '这里：N 个 query 对 N 个 key。' },
  ofOne: { en: (title: string) => `${title} · one query`, zh: (title: string) => `${title} · 一个 query` },
  scattered: { en: 'paged: blocks of 16 keys, scattered in the pool', zh: 'paged：每块 16 个 key，分散在池中' },
  colQueries: { en: 'queries', zh: 'query 数' },
  lengths: { en: 'Lengths N', zh: '长度 N' },
  lengthsHint: {
    en: (low: number, high: number, most: number) =>
      `Numbers from ${low} to ${high}, at most ${most}, separated by spaces or commas`,
    zh: (low: number, high: number, most: number) => `${low} 到 ${high} 之间的整数，至多 ${most} 个，用空格或逗号分隔`,
  },
  quick: {
    en: (low: number, high: number) => `quick: ${low}–${high}`,
    zh: (low: number, high: number) => `快速：${low}–${high}`,
  },
  long: {
    en: (low: number, high: number) => `long: ${low}–${high}`,
    zh: (low: number, high: number) => `完整：${low}–${high}`,
  },
  batch: { en: 'batch B', zh: '批大小 B' },
  heads: { en: 'heads H', zh: '头数 H' },
  kv: { en: 'KV heads', zh: 'KV 头数' },
  dim: { en: 'head dim d', zh: '头维度 d' },
  budget: { en: 'seconds a point, at most', zh: '每点至多（秒）' },
  start: { en: 'Measure on this device', zh: '在本设备上测量' },
  again: { en: 'Measure again', zh: '重新测量' },
  rest: { en: 'Go on with the rest', zh: '继续测完其余' },
  lost: {
    en: 'The browser lost the GPU device during the sweep. What was measured before stays; the point under way was thrown away. A new device has been asked for: go on when you like.',
    zh: '测量途中浏览器失去了 GPU 设备。此前测得的结果保留，进行中的点作废。已重新申请设备：可随时继续。',
  },
  cancel: { en: 'Stop', zh: '停止' },
  stopping: { en: 'Stopping after this sample…', zh: '完成当前样本后停止…' },
  about: { en: (time: string) => `about ${time}`, zh: (time: string) => `约 ${time}` },
  guess: {
    en: 'A guess for this kind of device; once something has run here, it is a prediction from that.',
    zh: '按这类设备估计；在本机跑过一次后，就按实测预测。',
  },
  predicted: { en: 'Predicted from what ran here before.', zh: '根据本机先前的运行预测。' },
  seconds: { en: (n: number) => `${n} s`, zh: (n: number) => `${n} 秒` },
  minutes: { en: (n: number) => `${n} min`, zh: (n: number) => `${n} 分钟` },
  emptyTitle: {
    en: 'Which kernel is faster on this device, from which N on, and why?',
    zh: '在本设备上，哪个 kernel 更快？从多大的 N 开始？为什么？',
  },
  empty: {
    en: 'This lab runs the plain, uninstrumented text of each kernel on growing lengths, taking turns, beside a control and probes of the machine, and checks every answer against f64. You get time over N with its spread, the crossover, a roofline with this device’s own roofs, the memory wall tried out, and every figure as table, CSV, JSON, SVG and PNG.',
    zh: '本实验室在逐渐增大的长度上轮流运行各 kernel 未插桩的原始源码，同一轮里加入 A/A 对照与峰值测试，并将每个结果与 f64 参考核对。你将得到：带 p10–p90 范围的耗时曲线、交叉点、以本机实测峰值为上限的 Roofline、实际试过的显存上限，以及表格、CSV、JSON、SVG 和 PNG。',
  },
  noDevice: {
    en: 'Timing needs a GPU device, and this page has none here: without WebGPU no kernel runs, and a recording holds no times. Use a recent Chrome or Edge, or Safari 26, over https or localhost, with hardware acceleration on.',
    zh: '测速需要 GPU 设备，而本页在此没有：没有 WebGPU 就无法运行 kernel，录制里也没有耗时。请使用较新的 Chrome、Edge 或 Safari 26，通过 https 或 localhost 打开，并启用硬件加速。',
  },
  noDeviceThen: {
    en: 'A result that was measured elsewhere can be opened and looked at.',
    zh: '可以打开在别处测得的结果文件来查看。',
  },
  open: { en: 'Open a result (JSON)', zh: '打开结果（JSON）' },
  'not-json': {
    en: 'This file is not JSON. Open a .json file that this lab exported.',
    zh: '该文件不是 JSON。请打开由本实验室导出的 .json 文件。',
  },
  foreign: {
    en: 'This is JSON, but no result of this lab. Open a file that “JSON” in this lab saved.',
    zh: '这是 JSON，但不是本实验室的结果。请打开由本实验室“JSON”保存的文件。',
  },
  newer: {
    en: 'This result is of a newer version, or of a kernel that this page does not have. Open it with the page that wrote it.',
    zh: '该结果来自更新的版本，或含有本页没有的 kernel。请用写出它的页面打开。',
  },
  damaged: {
    en: 'This result is damaged: a part is missing or is no number. What was on screen stays.',
    zh: '该结果已损坏：有部分缺失或不是数字。屏幕上的内容保持不变。',
  },
  disagrees: {
    en: 'This result contradicts itself: a median is not that of its own samples. Somebody or something changed it; open the file as the lab saved it.',
    zh: '该结果自相矛盾：某个中位数与其样本不符，文件可能被改动过。请打开本实验室保存的原文件。',
  },
  oversized: {
    en: 'This file is larger than 32 MiB; a result is far smaller.',
    zh: '该文件大于 32 MiB；结果文件远小于此。',
  },
  pilot: { en: 'A small run, to predict the long ones', zh: '先小规模运行，以预测大规模耗时' },
  readying: { en: 'Waiting for the page’s own first run', zh: '等待页面自身的首次运行结束' },
  compile: { en: (n: number) => `N = ${n}: compiling`, zh: (n: number) => `N = ${n}：编译中` },
  race: {
    en: (n: number, done: number, of: number) => `N = ${n}: round ${done} of ${of}`,
    zh: (n: number, done: number, of: number) => `N = ${n}：第 ${done} / ${of} 轮`,
  },
  check: {
    en: (n: number) => `N = ${n}: checking the answers against f64`,
    zh: (n: number) => `N = ${n}：与 f64 参考核对`,
  },
  left: { en: (time: string) => `about ${time} left`, zh: (time: string) => `约剩 ${time}` },
  paused: {
    en: 'Paused: the tab is hidden or has lost focus. It goes on when you look at it again.',
    zh: '已暂停：标签页被隐藏或失去焦点。回到本页后继续。',
  },
  discarded: {
    en: (n: number) => `${plural(n, 'round')} thrown away: the tab was hidden or had lost focus.`,
    zh: (n: number) => `${n} 轮作废：期间标签页被隐藏或失去焦点。`,
  },
  results: { en: 'Results', zh: '结果' },
  partial: {
    en: 'Stopped before its end: these are the points that were finished.',
    zh: '提前停止：以下为已完成的点。',
  },
  software: {
    en: 'Software adapter: a CPU plays GPU. These times say nothing about a GPU.',
    zh: '软件适配器：CPU 在模拟 GPU。这些耗时不代表 GPU。',
  },
  recorded: {
    en: (device: string, date: string) => `Recorded: measured on ${device}, ${date}, not here.`,
    zh: (device: string, date: string) => `录制：于 ${date} 在 ${device} 上测得，并非本机。`,
  },
  earlier: {
    en: (device: string, date: string) =>
      `Measured earlier in this browser, on ${device}, ${date}; kept on this device alone.`,
    zh: (device: string, date: string) => `先前于 ${date} 用本浏览器在 ${device} 上测得；仅保存在本设备。`,
  },
  stale: {
    en: 'The settings have changed since: these figures are of the settings they were measured with.',
    zh: '设置已更改：以下结果对应测量时的设置。',
  },
  measuring: {
    en: 'A new sweep is under way: until its first point is done, these figures are of the one before.',
    zh: '正在重新测量：第一个点完成之前，以下仍是上一次的结果。',
  },
  ...verdictWords,
  onlyOne: {
    en: 'One kernel alone has nothing to be compared with: choose two or more.',
    zh: '只有一个 kernel，无从比较：请选择两个以上。',
  },
  notTimed: { en: 'No point was timed: see the table for why.', zh: '一个点也没测成：原因见表格。' },
  figTime: { en: 'Time over N', zh: '耗时随 N 的变化' },
  figRatio: { en: 'Ratio, paired by round', zh: '按轮配对的比值' },
  figRoofline: { en: 'Roofline of this device', zh: '本设备的 Roofline' },
  figMemory: { en: 'Memory and its wall', zh: '显存及其上限' },
  noteTime: {
    en: 'Measured. Lines: medians; bands and bars: p10–p90 of the rounds.',
    zh: '实测。线：中位数；色带与竖线：各轮的 p10–p90。',
  },
  noteRatio: {
    en: 'Measured: medians and p10–p90 of the ratios of each round, which need not be one median divided by the other. Above the line it loses. Hollow: no difference larger than the control’s own error, a clock too coarse, or too few rounds.',
    zh: '实测：各轮比值的中位数与 p10–p90，不必等于两个中位数相除。线以上为更慢。空心：差别不超过对照自身的误差、时钟步长太大，或轮数太少。',
  },
  noteRoofline: {
    en: 'Roofs and times measured; FLOPs and bytes by formula. Useful FLOPs: 4 d for each visible pair. The flat roof is of f32 multiply-adds without tensor cores. Above the copy roof: caches served most of the bytes.',
    zh: '上限与耗时是实测；FLOP 与字节由公式算出。有效 FLOP：每个可见的 (query, key) 对算 4 d。平的上限是 f32 乘加，不含 Tensor Core。高过复制带宽线，说明多数字节命中缓存。',
  },
  noteMemory: {
    en: 'Computed from the shapes, and the wall tried on this device.',
    zh: '由形状算出；上限在本设备上实际尝试过。',
  },
  bytesBy: { en: 'Bytes', zh: '字节' },
  requested: { en: 'requested', zh: '发出的访存量' },
  requestedNote: {
    en: 'What the kernel’s text loads and stores, cached or not: the closed form that the instrumented kernel’s counters meet to the byte.',
    zh: 'kernel 源码发出的全部读写，不管是否命中缓存：插桩计数与这个公式逐字节一致。',
  },
  io: { en: 'IO model', zh: '论文公式' },
  ioNote: {
    en: 'As the papers count, the number to quote: every pass reads each of its operands once, without the tiles that the mask hides whole.',
    zh: '按论文公式（应引用这个数）：每个 pass 把各操作数读一次，不计被掩码整块遮住的分块。',
  },
  compulsory: { en: 'compulsory', zh: '理论下限' },
  compulsoryNote: {
    en: 'Every tensor once: no kernel can do with less.',
    zh: '每个张量一次：任何 kernel 都不可能更少。',
  },
  wallTried: {
    en: (kernel: string, n: number, tensor: string, need: string, limit: string, have: string) =>
      `${kernel} at N = ${n}: ${tensor} needs ${need}, ${limit} is ${have}.`,
    zh: (kernel: string, n: number, tensor: string, need: string, limit: string, have: string) =>
      `${kernel} 在 N = ${n}：${tensor} 需要 ${need}，而 ${limit} 为 ${have}。`,
  },
  wallSaid: { en: (call: string) => `Tried: ${call} answered`, zh: (call: string) => `实际尝试：${call} 答复` },
  wallNotRefused: {
    en: 'Tried: the browser refused nothing, although the limit says so.',
    zh: '实际尝试：浏览器并未拒绝，尽管超过上限。',
  },
  wallNotABuffer: { en: 'Not tried: this limit is not one of a buffer.', zh: '未尝试：该上限与缓冲区无关。' },
  wallNone: {
    en: (kernels: string, n: number) => `No limit of this device up to N = ${n}: ${kernels}.`,
    zh: (kernels: string, n: number) => `直到 N = ${n} 都不受本设备上限约束：${kernels}。`,
  },
  how: { en: 'How this was measured', zh: '测量方法' },
  howBefore: { en: 'How it is measured', zh: '测量方法' },
  saveSvg: { en: 'SVG', zh: 'SVG' },
  savePng: { en: 'PNG', zh: 'PNG' },
  saveOf: {
    en: (what: string, kind: string) => `${what}: save as ${kind}`,
    zh: (what: string, kind: string) => `${what}：保存为 ${kind}`,
  },
  csv: { en: 'CSV', zh: 'CSV' },
  json: { en: 'JSON', zh: 'JSON' },
  copyLink: { en: 'Copy link to these settings', zh: '复制此设置的链接' },
  linkCopied: { en: 'Link copied', zh: '链接已复制' },
  linkFailed: { en: 'The browser did not allow it: copy the address bar', zh: '浏览器不允许：请复制地址栏' },
  card: { en: 'Result card', zh: '结果卡片' },
  trust: { en: 'How far it can be trusted', zh: '可信程度' },
  table: { en: 'Every point', zh: '全部数据点' },
  download: { en: 'Take it along', zh: '导出' },
  colN: { en: 'N', zh: 'N' },
  colMask: { en: 'mask', zh: '掩码' },
  colKernel: { en: 'kernel', zh: 'kernel' },
  colTime: { en: 'median', zh: '耗时中位数' },
  colSpread: { en: 'p10–p90', zh: 'p10–p90' },
  colRounds: { en: 'rounds × runs, sample', zh: '轮数 × 次数，样本长' },
  colWall: { en: 'wall', zh: 'wall time' },
  colGpu: { en: 'GPU', zh: 'GPU' },
  colRatio: { en: (base: string) => `÷ ${base}, by round`, zh: (base: string) => `÷ ${base}（按轮）` },
  colRatioWhy: {
    en: 'Median with p10–p90 of the ratios of each round, not one median divided by the other; where there is no verdict, p10–p90 alone',
    zh: '各轮比值的中位数与 p10–p90，不是两个中位数相除；没有结论时只给 p10–p90',
  },
  colStanding: { en: 'verdict', zh: '结论' },
  colRate: { en: 'useful FLOP/s', zh: '有效 FLOP/s' },
  colShare: { en: '% of probe', zh: '占峰值 %' },
  colMemory: { en: 'memory', zh: '显存' },
  colCompile: { en: 'compile', zh: '编译' },
  colError: { en: 'max |error|', zh: '最大误差' },
  faster: { en: '▼ faster', zh: '▼ 更快' },
  slower: { en: '▲ slower', zh: '▲ 更慢' },
  'no-difference': { en: '= no measurable difference', zh: '= 没有可测出的差别' },
  'within-control': {
    en: (control: string) => `= no larger than the control’s own error (A/A ${control})`,
    zh: (control: string) => `= 差别不超过对照自身的误差（A/A ${control}）`,
  },
  'coarse-clock': {
    en: (sample: string, step: string) =>
      `? no verdict: the clock is too coarse (a sample is ${sample}, a step ${step})`,
    zh: (sample: string, step: string) => `? 不下结论：时钟步长太大（样本长 ${sample}，步长 ${step}）`,
  },
  'too-few': { en: '? too few rounds', zh: '? 轮数太少' },
  skipped: {
    en: (time: string, budget: string) =>
      `skipped: predicted ${time} a run; seven rounds with it would pass the ${budget} of a point`,
    zh: (time: string, budget: string) => `跳过：预计单次 ${time}，加上它七轮将超过每点 ${budget} 的预算`,
  },
  refused: {
    en: (limit: string, need: string, have: string) => `does not fit: ${limit} is ${have}, ${need} needed`,
    zh: (limit: string, need: string, have: string) => `放不下：${limit} 为 ${have}，需要 ${need}`,
  },
  failed: { en: (reason: string) => `failed: ${reason}`, zh: (reason: string) => `失败：${reason}` },
  factDevice: { en: 'Device', zh: '设备' },
  factBrowser: { en: 'Browser', zh: '浏览器' },
  factDate: { en: 'Measured', zh: '测量时间' },
  factShape: { en: 'Shape', zh: '形状' },
  factClock: { en: 'Clock', zh: '时钟' },
  timestamp: {
    en: (step: string) => `GPU timestamps (timestamp-query), smallest step ${step}`,
    zh: (step: string) => `GPU 时间戳（timestamp-query），最小步长 ${step}`,
  },
  wall: {
    en: (step: string) =>
      `wall clock from submit to done, which the browser tells in steps of ${step}; this device has no usable timestamp-query`,
    zh: (step: string) =>
      `从 submit 到完成的 wall time，浏览器告知完成的步长为 ${step}；本设备没有可用的 timestamp-query`,
  },
  factWall: { en: 'performance.now()', zh: 'performance.now()' },
  step: { en: (step: string) => `smallest step ${step}`, zh: (step: string) => `最小步长 ${step}` },
  coarse: { en: 'coarsened: the page is not cross-origin isolated', zh: '精度被降低：页面没有跨源隔离' },
  fine: { en: 'cross-origin isolated', zh: '已跨源隔离' },
  factNull: { en: 'Empty submit', zh: '空 submit' },
  colon: { en: ': ', zh: '：' },
  factControl: { en: 'A/A control', zh: 'A/A 对照' },
  controlOf: { en: (kernel: string) => `${kernel} against itself`, zh: (kernel: string) => `${kernel} 与自身比较` },
  controlBand: {
    en: (low: string, high: string) => `only ratios below ${low} or above ${high} count`,
    zh: (low: string, high: string) => `比值低于 ${low} 或高于 ${high} 才算数`,
  },
  factProbes: { en: 'Probes', zh: '峰值测试' },
  probes: {
    en: (flops: string, bytes: string) => `f32 multiply-adds (no tensor cores) ${flops}, copy ${bytes}`,
    zh: (flops: string, bytes: string) => `f32 乘加（不含 Tensor Core）${flops}，复制 ${bytes}`,
  },
  copied: {
    en: (size: string, cache: string) =>
      `copied between two buffers of ${size}: the rate of memory, unless a cache of this device holds over ${cache}`,
    zh: (size: string, cache: string) => `在两个 ${size} 的缓冲区之间复制：即显存带宽，除非本设备的缓存大于 ${cache}`,
  },
  probeRange: { en: (range: string) => `over the points ${range}`, zh: (range: string) => `各点之间 ${range}` },
  factCompile: { en: 'Compiling', zh: '编译' },
  factError: { en: 'Largest error vs f64', zh: '与 f64 的最大误差' },
  factRounds: { en: 'Rounds', zh: '轮数' },
  rounds: {
    en: (range: string, gone: number) => `${range} a point, ${gone} thrown away`,
    zh: (range: string, gone: number) => `每点 ${range} 轮，作废 ${gone}`,
  },
  factSample: { en: 'Shortest sample', zh: '最短样本' },
  atLeast: { en: (ms: string) => `≥ ${ms}`, zh: (ms: string) => `≥ ${ms}` },
  close: { en: 'Close', zh: '关闭' },
} as const satisfies Dictionary;
