// The page's frame in words: the header. Messages and the key map have theirs in notices.words.ts and keymap.words.ts,
// which come late.
import type { Dictionary } from '../words';

export const shellWords = {
  skip: { en: 'Skip to playback', zh: '跳到播放控件' },
  skipToLesson: { en: 'Skip to the lesson', zh: '跳到课程正文' },
  tagline: { en: 'a microscope for attention kernels', zh: '注意力算子（attention kernel）的显微镜' },
  labs: { en: 'Labs', zh: '实验室' },
  kernel: { en: 'kernel', zh: 'kernel' },
  theme: { en: 'Theme', zh: '主题' },
  toLight: { en: 'Light theme', zh: '浅色主题' },
  toDark: { en: 'Dark theme', zh: '深色主题' },
  toOther: { en: '中文', zh: 'English' },
  language: { en: 'Language: switch to Chinese', zh: '语言：切换到英文' },
  keyMap: { en: 'Keys', zh: '按键' },
  share: { en: 'Copy link', zh: '复制链接' },
  copied: { en: 'Link copied', zh: '链接已复制' },
  copyFailed: { en: 'Copy it from the address bar', zh: '请从地址栏复制' },
  exportTrace: { en: 'Export trace (.attn)', zh: '导出 trace（.attn）' },
  importTrace: { en: 'Import trace (.attn)', zh: '导入 trace（.attn）' },
  messages: { en: 'Messages', zh: '消息' },
  starting: { en: 'asking for the GPU…', zh: '正在申请 GPU…' },
  noDevice: { en: 'no GPU', zh: '无 GPU' },
  noDeviceNote: {
    en: 'Small runs are computed on the CPU. Nothing can be timed here; times of a CPU would say nothing about a GPU.',
    zh: '小规模的运行由 CPU 计算。这里没法测速：CPU 的耗时不能代表 GPU。',
  },
  softwareChip: { en: 'software', zh: '软件实现' },
  software: {
    en: 'This adapter computes on the CPU: values and bytes are real, times say nothing about a GPU.',
    zh: '这个适配器在 CPU 上计算：数值与字节是真的，耗时不代表 GPU。',
  },
  device: { en: 'this device', zh: '本设备' },
  labelled: {
    en: (label: string, text: string) => `${label}: ${text}`,
    zh: (label: string, text: string) => `${label}：${text}`,
  },
  thisDevice: { en: 'captured here', zh: '本机采集' },
  recordedOn: { en: (device: string) => `recorded on ${device}`, zh: (device: string) => `录制于 ${device}` },
  importedFrom: {
    en: (device: string) => `imported, captured on ${device}`,
    zh: (device: string) => `导入，采集于 ${device}`,
  },
  interpreted: { en: 'computed on the CPU', zh: '由 CPU 计算' },
  interpretedNote: {
    en: 'Interpreted, without a GPU: the kernel’s own text ran on the CPU, all threads of a workgroup from barrier to barrier. Values and bytes are those that a GPU gives; how long it took says nothing about a GPU.',
    zh: '没有 GPU，由解释器执行：kernel 源码在 CPU 上解释执行，工作组的所有线程在每个同步点对齐推进。数值与字节和 GPU 一致；耗时不代表 GPU。',
  },
  plainTapped: { en: 'plain − instrumented', zh: '未插桩 − 插桩' },
  plainTappedNote: {
    en: 'Largest difference between the outputs of the plain kernel and of its instrumented copy, on the device that ran them. 0 means bit-identical.',
    zh: '同一台设备上，未插桩的 kernel 与插桩副本的输出相差多少（取最大）。0 表示逐位相同。',
  },
  error: { en: 'error vs f64', zh: '与 f64 之差' },
  bothErrors: {
    en: (kernel: string, plain: string) => `Error vs f64: ${kernel} (plain f32: ${plain}). `,
    zh: (kernel: string, plain: string) => `与 f64 之差：${kernel}（普通 f32：${plain}）。`,
  },
  errorNote: {
    en: 'Largest difference between the kernel’s O and a reference computed in f64; in brackets that of plain f32 arithmetic, one operation after the other. A kernel may be off by twice that and 4e-6 (1 + max |O|).',
    zh: 'kernel 的 O 与 f64 参考值之间的最大差；括号内是逐步用普通 f32 计算时的差。允许的误差为它的两倍加 4e-6 (1 + max |O|)。',
  },
} satisfies Dictionary;
