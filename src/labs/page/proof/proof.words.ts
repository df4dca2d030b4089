// The words of the proof panel.
import type { Dictionary } from '../../../words';
import { plural } from '../../../ui/whole';

export const proofWords = {
  about: {
    en: 'The paged kernel runs over this pool, through these block tables, with this step’s batch: chunks of prompts and single decode rows side by side. It is held against the same kernel over each request’s keys in one piece, and against the definition in f64.',
    zh: 'paged kernel 在这个池上、经由这些块表、按这一步的 batch 真的跑一遍：prompt 的 chunk 与 decode 的单行在同一批里。结果与两个基准对比：同一 kernel 读连续存放的 K、V，以及按定义用 f64 算出的注意力。',
  },
  step: {
    en: (step: number, requests: number, queries: number, keys: number) =>
      `Step ${step}: ${plural(requests, 'request')}, ${plural(queries, 'query row')}, ${plural(keys, 'key')}`,
    zh: (step: number, requests: number, queries: number, keys: number) =>
      `第 ${step} 步：${requests} 个请求，${queries} 行 query，${keys} 个 key`,
  },
  equal: { en: 'Equal, up to rounding', zh: '相等（只差舍入）' },
  unequal: { en: 'Not equal: more than rounding', zh: '不相等：超出舍入误差' },
  pagedContiguous: { en: 'max |paged − contiguous|', zh: 'max |paged − 连续|' },
  pagedF64: { en: 'max |paged − f64|', zh: 'max |paged − f64|' },
  bound: {
    en: (f32: string, bound: string) =>
      `allowed: 2 × ${f32} (what plain f32 is off by) + 4e-6 (1 + max |O|) = ${bound}`,
    zh: (f32: string, bound: string) => `允许：2 × ${f32}（普通 f32 的误差）+ 4e-6 (1 + max |O|) = ${bound}`,
  },
  differenceNote: {
    en: 'Both answers were read back from the kernels that ran here; the largest difference over O of all requests of the step.',
    zh: '两个结果都由 kernel 在本机跑出后读回；取这一步所有请求的 O 的最大差。',
  },
  f64Note: {
    en: 'The answer was read back from the kernel that ran here; the reference is the definition of attention in f64, from each request’s own tokens.',
    zh: '结果由 kernel 在本机跑出后读回；参考值用各请求自己的 token、按注意力的定义以 f64 算出。',
  },
  fromModel: {
    en: (n: number, layer: number, head: number) =>
      `K and V of ${plural(n, 'position')}: the trained model read that text (layer ${layer}, head ${head})`,
    zh: (n: number, layer: number, head: number) =>
      `${n} 个位置的 K 与 V：由训练好的小模型读该文本得到（第 ${layer} 层第 ${head} 头）`,
  },
  generated: {
    en: (n: number) =>
      `K and V of ${plural(n, 'position')}: generated, seeded by the token and everything before it, so that equal prefixes are equal`,
    zh: (n: number) => `${n} 个位置的 K 与 V：生成的数，种子是该 token 及其之前的全部 token，因此相同前缀的值相同`,
  },
  poison: {
    en: (n: string, of: string) =>
      `Poison in ${n} of ${plural(of, 'slot')}: reading a single one would ruin the answer`,
    zh: (n: string, of: string) => `${of} 个槽中有 ${n} 个填了毒值：只要读错一个，结果就会坏掉`,
  },
  scattered: {
    en: (n: number, of: number) =>
      `${n} of ${plural(of, 'table entry', 'table entries')} differ from their logical number`,
    zh: (n: number, of: number) => `${of} 个块表项中有 ${n} 个与逻辑块号不同`,
  },
  idle: { en: 'Nothing has been computed yet: the first step is still to come.', zh: '还没有计算：第一步还没发生。' },
  rests: { en: 'Runs as soon as the picture rests.', zh: '播放停下后自动运行。' },
  older: {
    en: (step: number) => `These figures are of step ${step}.`,
    zh: (step: number) => `以下数字属于第 ${step} 步。`,
  },
  layout: { en: 'Laying the pool out', zh: '正在铺好 KV 块池' },
  kernel: { en: 'Running the paged kernel', zh: '正在运行 paged kernel' },
  noDevice: {
    en: 'Not run: there is no WebGPU here, and no figure stands in for it. The step can still be looked at in the Step lab, interpreted.',
    zh: '未运行：这里没有 WebGPU，也不用别的数字代替。仍可在单步实验室中以解释执行的方式查看这一步。',
  },
  failed: { en: 'Not run: see the message above.', zh: '未运行：原因见上方消息。' },
  large: {
    en: (bytes: string) => `Not run unasked: both memories take ${bytes}.`,
    zh: (bytes: string) => `未自动运行：两份内存共需 ${bytes}。`,
  },
  runIt: { en: 'Run this step', zh: '运行这一步' },
  software: {
    en: 'Software adapter: a CPU plays GPU. Answers are as good, times are not a GPU’s.',
    zh: '软件适配器：由 CPU 模拟 GPU。结果同样有效，时间不代表真正的 GPU。',
  },
  ofRequest: {
    en: (name: string, rows: number, keys: number) => `${name}: ${plural(rows, 'query row')}, ${plural(keys, 'key')}`,
    zh: (name: string, rows: number, keys: number) => `${name}：${rows} 行 query，${keys} 个 key`,
  },
  open: { en: 'Open its step in the Step lab', zh: '在单步实验室中打开它的这一步' },
  opening: { en: 'Capturing…', zh: '正在采集…' },
  openNote: {
    en: 'The same query rows, with K and V gathered block by block through its table. The capture lives in this tab, like an imported file: its link works only here.',
    zh: '同样的 query 行，K 与 V 经块表逐块取出。该采集只存在于本标签页中，与导入的文件一样：其链接只在此处有效。',
  },
  'not-in-batch': {
    en: (name: string) => `${name} computed nothing in this step.`,
    zh: (name: string) => `${name} 在这一步没有计算。`,
  },
  'slid-out': {
    en: (name: string) =>
      `${name}’s first blocks have slid out of the window: its step is proved here, but not shown in the Step lab.`,
    zh: (name: string) => `${name} 最前面的块已滑出窗口：这一步在此验证，但不能在单步实验室中查看。`,
  },
  captureName: {
    en: (name: string, step: number) => `${name}, step ${step}`,
    zh: (name: string, step: number) => `${name}，第 ${step} 步`,
  },
  timeTitle: { en: 'Paged against contiguous decode', zh: 'decode 耗时：分页 KV 对连续 KV' },
  timeKeys: { en: 'Keys', zh: 'key 数' },
  timeNote: {
    en: (blockSize: number) =>
      `One query row, 32 heads on 8 KV heads; blocks of ${blockSize} scattered over their pool, against one piece.`,
    zh: (blockSize: number) =>
      `一行 query，32 个 query 头共用 8 个 KV 头；KV 块（每块 ${blockSize} 个槽）打散在池中，对比连续存放。`,
  },
  protocol: { en: 'The protocol', zh: '测量方法' },
  close: { en: 'Close', zh: '关闭' },
} as const satisfies Dictionary;
