// What the SRAM meter says.
import type { Limits } from '../../ops/limits';
import type { Dictionary, Language } from '../../words';

export const meterWords = {
  colon: { en: ': ', zh: '：' },
  title: { en: 'Workgroup memory (SRAM) of one workgroup', zh: '一个工作组的共享内存（SRAM）' },
  none: { en: 'This kernel uses no workgroup memory.', zh: '这个 kernel 不用共享内存。' },
  fits: {
    en: (need: string, limit: string) =>
      `Fits: ${need} of the ${limit} that WebGPU grants a workgroup on this adapter (not the size of an SM).`,
    zh: (need: string, limit: string) =>
      `放得下：需要 ${need}，WebGPU 在这个适配器上允许每个工作组 ${limit}（不是 SM 的容量）。`,
  },
  aboveDefault: {
    en: (standard: string) =>
      `Needs more than the ${standard} that every WebGPU device offers, so it does not run everywhere.`,
    zh: (standard: string) => `超过 WebGPU 保证每台设备都有的 ${standard}，不是哪里都能运行。`,
  },
  tooLarge: {
    en: (what: string, need: string, have: string) =>
      `Too large: ${what} would be ${need}, WebGPU allows ${have} on this adapter.`,
    zh: (what: string, need: string, have: string) =>
      `太大：${what}需要 ${need}，WebGPU 在这个适配器上只允许 ${have}。`,
  },
  space: { en: ' ', zh: '' },
  fitsShort: { en: 'fits', zh: '放得下' },
  tooLargeShort: { en: 'too large', zh: '太大' },
  limit: { en: (limit: string) => `limit ${limit}`, zh: (limit: string) => `上限 ${limit}` },
  standard: { en: (limit: string) => `default ${limit}`, zh: (limit: string) => `默认 ${limit}` },
  total: { en: 'total', zh: '合计' },
  partNote: { en: 'Rows × columns × 4 bytes, from the kernel’s card.', zh: '行 × 列 × 4 字节，来自 kernel 的说明卡。' },
  limitNote: {
    en: (name: string) => `${name}, as the adapter reports it: what one workgroup may take, not what an SM has.`,
    zh: (name: string) => `适配器报告的 ${name}：一个工作组可用的上限，不是 SM 的容量。`,
  },
  maxComputeWorkgroupStorageSize: { en: 'workgroup memory', zh: '共享内存' },
  maxComputeInvocationsPerWorkgroup: { en: 'threads of a workgroup', zh: '每个工作组的线程数' },
  maxComputeWorkgroupSizeX: { en: 'workgroup width', zh: '工作组宽度' },
  maxComputeWorkgroupsPerDimension: { en: 'workgroups in one dimension', zh: '单个维度的工作组数' },
  maxStorageBufferBindingSize: { en: 'the largest storage binding', zh: '最大的存储绑定' },
  maxBufferSize: { en: 'the largest buffer', zh: '最大的缓冲区' },
  maxStorageBuffersPerShaderStage: { en: 'the number of storage buffers', zh: '存储缓冲区的个数' },
} satisfies Dictionary & Record<keyof Limits, Record<Language, string>>;
