// What the memory view says.
import type { Frame } from '../../frame/frame-types';
import { speak, type Dictionary, type Language } from '../../words';
import { phaseName } from './phases.words';
import { plural } from '../../ui/whole';

export const memoryWords = {
  hbm: { en: 'HBM', zh: 'HBM' },
  hbmIs: { en: 'buffers', zh: '缓冲区' },
  hbmNote: {
    en: 'The device’s large memory. WebGPU calls it storage buffers.',
    zh: '设备的大容量内存，WebGPU 中称为存储缓冲区。',
  },
  sram: { en: 'SRAM', zh: 'SRAM' },
  sramIs: { en: 'shared memory', zh: '共享内存' },
  sramNote: {
    en: 'Memory that the threads of one workgroup (a thread block in CUDA) share; CUDA calls it shared memory. WebGPU does not promise where it lives; on most GPUs it is on-chip SRAM.',
    zh: '同一个工作组（≈ CUDA 的线程块）内的线程共用的内存，WGSL 叫 workgroup memory，CUDA 叫 shared memory。WebGPU 不保证它在哪里；在多数 GPU 上是片上 SRAM。',
  },
  reg: { en: 'Private', zh: '私有' },
  regIs: { en: 'registers or spill', zh: '寄存器，或溢出' },
  regTotal: {
    en: (each: string) => `${each}/thread`,
    zh: (each: string) => `每线程 ${each}`,
  },
  spills: {
    en: 'A GPU keeps about 1 KiB of a thread in registers (255 of 4 B): what is more spills to slower memory.',
    zh: 'GPU 的寄存器每线程约 1 KiB（255 个，每个 4 B）：多出的部分会溢出到更慢的内存。',
  },
  privateNote: {
    en: (all: string) =>
      `Elements × 4 bytes of the arrays shown; all threads of the workgroup together ${all}. GPUs keep about 1 KiB a thread in registers (255 of 4 B), the rest spills.`,
    zh: (all: string) =>
      `所示数组的元素数 × 4 字节；整个工作组共 ${all}。GPU 的寄存器每线程约 1 KiB（255 个，每个 4 B），其余溢出。`,
  },
  regNote: {
    en: 'Private memory: variables of one thread. The compiler decides which of them really sit in registers, and which spill.',
    zh: '私有内存：单个线程的变量。哪些真正放在寄存器里、哪些溢出，由编译器决定。',
  },
  plane: {
    en: (plane: number, planes: number) => `head ${plane + 1} of ${planes}`,
    zh: (plane: number, planes: number) => `头 ${plane + 1}/${planes}`,
  },
  of: {
    en: (used: string, limit: string) => `${used} of ${limit}`,
    zh: (used: string, limit: string) => `${used} / 上限 ${limit}`,
  },
  loads: { en: 'loads', zh: '读' },
  stores: { en: 'stores', zh: '写' },
  hbmLoads: { en: 'HBM loads', zh: '读 HBM' },
  hbmStores: { en: 'HBM stores', zh: '写 HBM' },
  sramLoads: { en: 'SRAM loads', zh: '读 SRAM' },
  sramStores: { en: 'SRAM stores', zh: '写 SRAM' },
  linkNote: {
    en: 'Bytes this step asked for; Σ: everything replayed so far for this head. Before caches: not DRAM traffic. On its way between HBM and SRAM every value passes a register.',
    zh: '这一步发出的访存量；Σ 是这个头播放到现在的总和。是经过缓存之前的量，不等于 DRAM 流量。HBM 与 SRAM 之间的数据都要经过寄存器。',
  },
  noSram: {
    en: 'No workgroup memory in this kernel: threads read HBM directly, and S and P are written to HBM in full.',
    zh: '此 kernel 不用共享内存：线程直接读写 HBM，S 和 P 完整地写到 HBM。',
  },
  registersOnly: {
    en: 'No workgroup memory in this kernel: each lane works in its registers on what it reads from HBM, and S and P are never stored.',
    zh: '此 kernel 不用共享内存：每个 lane 直接在寄存器里处理从 HBM 读来的数据，S 和 P 从不落到内存。',
  },
  ratio: { en: 'a QKV byte', zh: 'QKV 每字节' },
  ratioOf: { en: 'read', zh: '片上读' },
  ratioNote: {
    en: 'How often a byte that came from HBM is read again on chip: loads of the tiles of Q, K and V in SRAM ÷ loads of Q, K and V from HBM, so far for this head. Only for query rows and keys that exist: the padding of a tile past N does not count.',
    zh: '来自 HBM 的一个字节在片上被读取的次数：SRAM 中 Q、K、V 分块的读取量 ÷ 从 HBM 读取 Q、K、V 的量，按这个头到目前的总和。只计真实存在的行与 key：分块中超出 N 的填充不算。',
  },
  never: { en: 'unwritten', zh: '从不写入' },
  each: { en: (bytes: string) => `${bytes} each`, zh: (bytes: string) => `各 ${bytes}` },
  ghostNote: {
    en: (names: string, size: string, each: string) =>
      `${names} ${size}: this kernel never writes them to HBM. What each would take there: rows × columns × 4 bytes = ${each}, this head.`,
    zh: (names: string, size: string, each: string) =>
      `${names} ${size}：这个 kernel 从不把它们写到 HBM。要是写，每个要占：行 × 列 × 4 字节 = ${each}（只算这个头）。`,
  },
  bytesNote: { en: 'Elements × 4 bytes.', zh: '元素数 × 4 字节。' },
  holdsNote: {
    en: (name: string, size: string, each: string) => `${name}: ${plural(size, 'element')} × 4 bytes = ${each}.`,
    zh: (name: string, size: string, each: string) => `${name}：${size} 个元素 × 4 字节 = ${each}。`,
  },
  limitNote: {
    en: 'Sum of the arrays, beside the most that WebGPU grants one workgroup on this adapter. It is no size of an SM: how much shared memory a core has, and how many workgroups share it, WebGPU does not tell.',
    zh: '各数组之和，以及 WebGPU 在此适配器上允许一个工作组使用的上限。这不是 SM 的容量：一个核有多少共享内存、由几个工作组共用，WebGPU 都不说。',
  },
  waiting: { en: 'The capture of this workgroup is on its way.', zh: '正在采集这个工作组。' },
  none: { en: 'none captured', zh: '未采集到' },
  howToRead: { en: 'Colours, arrows and columns', zh: '颜色、箭头与各列的含义' },
  readChip: { en: 'R', zh: '读' },
  writeChip: { en: 'W', zh: '写' },
  readNow: { en: 'read this step', zh: '本步读取' },
  writtenNow: { en: 'written this step', zh: '本步写入' },
  unwrittenKey: { en: 'no value yet, or masked', zh: '还没有值，或被掩掉' },
  rowKey: { en: 'chosen row', zh: '所选行' },
  limitKey: {
    en: (limit: string) => `${limit}: what WebGPU grants a workgroup here, not an SM’s size`,
    zh: (limit: string) => `${limit}：WebGPU 在此允许每个工作组使用的上限，不是 SM 的容量`,
  },
  arrowKey: {
    en: 'arrow width: √ bytes this step; Σ: all workgroups of this head so far',
    zh: '箭头宽度：√ 本步字节；Σ：这个头的全部工作组到目前',
  },
  signedKey: { en: 'value', zh: '数值' },
  weightKey: { en: 'weight', zh: '权重' },
  most: { en: 'max', zh: '最大' },
  point: {
    en: 'Point at or tap a cell, or Tab to a matrix and use the arrow keys.',
    zh: '指向或点按一个格子，也可用 Tab 选中矩阵后按方向键。',
  },
  tap: { en: 'Tap a cell.', zh: '点按一个格子。' },
  row: { en: (row: number) => `row ${row}`, zh: (row: number) => `行 ${row}` },
  notWritten: { en: 'not written yet', zh: '尚未写入' },
  now: { en: 'not written yet', zh: '尚未写入' },
  later: { en: 'not written yet, a later workgroup does', zh: '尚未写入，由后面的工作组写' },
  gone: { en: 'existed only while an earlier workgroup ran', zh: '只在前面的工作组运行时存在过' },
  skipped: { en: 'masked, never computed', zh: '被掩掉，从不计算' },
  absent: { en: 'this kernel keeps none', zh: '这个 kernel 里没有' },
  capturing: { en: 'being captured', zh: '正在采集' },
  padding: { en: 'padding past N', zh: '超出 N 的填充' },
  unwritten: { en: 'not yet', zh: '未写' },
  matrix: { en: 'matrix', zh: '矩阵' },
  cellText: {
    en: (row: number, col: number, value: string) => `row ${row}, column ${col}: ${value}`,
    zh: (row: number, col: number, value: string) => `第 ${row} 行第 ${col} 列：${value}`,
  },
  matrixLabel: {
    en: (name: string, role: string, size: string, reads: boolean, writes: boolean, cell: string | undefined) =>
      `${name}${role === name || role === 'other' ? '' : `, holds ${role}`}, ${size}${reads ? ', read this step' : ''}${writes ? ', written this step' : ''}${cell ? `. ${cell}, captured` : ''}`,
    zh: (name: string, role: string, size: string, reads: boolean, writes: boolean, cell: string | undefined) =>
      `${name}${role === name || role === 'other' ? '' : `，存放 ${role}`}，${size}${reads ? '，本步读取' : ''}${writes ? '，本步写入' : ''}${cell ? `。${cell}，采集值` : ''}`,
  },
  describe: {
    en: (phase: string, hbm: string, sram: string | undefined, arrays: string) =>
      `Memory at ${phase}. HBM this step: ${hbm}. ${sram === undefined ? 'No workgroup memory is used.' : `SRAM this step: ${sram}.`} ${arrays}`,
    zh: (phase: string, hbm: string, sram: string | undefined, arrays: string) =>
      `内存，阶段“${phaseName(phase, 'zh')}”。本步 HBM：${hbm}。${sram === undefined ? '不使用共享内存。' : `本步 SRAM：${sram}。`}${arrays}`,
  },
  traffic: {
    en: (read: string, written: string) => `${read} read, ${written} written`,
    zh: (read: string, written: string) => `读 ${read}，写 ${written}`,
  },
  readList: { en: (names: string) => `Read: ${names}.`, zh: (names: string) => `读：${names}。` },
  writeList: { en: (names: string) => `Written: ${names}.`, zh: (names: string) => `写：${names}。` },
  comma: { en: ', ', zh: '、' },
  space: { en: ' ', zh: '' },
} satisfies Dictionary;

export const memorySpeech = (language: Language) => speak(memoryWords, language);
export type MemoryWords = ReturnType<typeof memorySpeech>;

/** Why a cell that is looked at has no value, in a few words. */
export function missingWords(explanation: Frame['explanation'], words: MemoryWords): string {
  const why = explanation?.absent?.why ?? 'now';
  return words[why === 'none' ? 'absent' : why];
}
