// What the memory scene says.
import { speak, type Dictionary, type Language } from '../../words';
import { plural } from '../../ui/whole';

export const spaceWords = {
  hbm: { en: 'HBM', zh: 'HBM' },
  sram: { en: 'SRAM', zh: 'SRAM' },
  reg: { en: 'Registers', zh: '寄存器' },
  hbmIs: {
    en: (head: string, bytes: string) => `storage buffers, ${head}${bytes}`,
    zh: (head: string, bytes: string) => `存储缓冲区，${head}${bytes}`,
  },
  head: {
    en: (n: number, of: number) => `head ${n} of ${of}: `,
    zh: (n: number, of: number) => `第 ${n} / ${of} 个头：`,
  },
  sramIs: { en: (used: string) => `workgroup memory, ${used}`, zh: (used: string) => `共享内存，${used}` },
  regIs: {
    en: (threads: number) => `or spilled: private to each of ${plural(threads, 'thread')}`,
    zh: (threads: number) => `或溢出：${threads} 个线程各自私有`,
  },
  never: {
    en: (bytes: string) => `never written, would be ${bytes}`,
    zh: (bytes: string) => `从不写入；若写入需 ${bytes}`,
  },
  each: { en: (bytes: string) => `${bytes} each`, zh: (bytes: string) => `各 ${bytes}` },
  part: {
    en: (part: string, whole: string) => `${part} of ${whole} in use`,
    zh: (part: string, whole: string) => `${whole} 中使用 ${part}`,
  },
  scale: { en: 'to scale', zh: '比例尺' },
  other: { en: 'other workgroups', zh: '其他工作组' },
  home: { en: 'Reset view', zh: '复位视角' },
  top: { en: 'Top', zh: '俯视' },
  front: { en: 'Front', zh: '正视' },
  zoom: { en: 'Distance', zh: '远近' },
  closer: { en: 'Closer', zh: '拉近' },
  farther: { en: 'Farther', zh: '拉远' },
  views: { en: 'Point of view', zh: '视角' },
  scene: { en: '3D scene', zh: '三维场景' },
  stage: {
    en: 'Memory levels in space. Arrow keys walk from cell to cell, Page Up and Page Down from matrix to matrix, Enter pins; with Shift they turn, plus and minus zoom; T top, F front, R reset.',
    zh: '立体的内存层次。方向键逐格移动，Page Up / Page Down 切换矩阵，Enter 固定；Shift + 方向键转动，加减号缩放；T 俯视，F 正视，R 复位。',
  },
  hint: {
    en: 'Drag to turn, Ctrl + wheel to zoom, click a cell to pin it.',
    zh: '拖动旋转，Ctrl + 滚轮缩放，点一个格子可固定。',
  },
  touch: { en: 'Drag to turn, tap a cell to pin it.', zh: '拖动旋转，点按一个格子可固定。' },
  keys: {
    en: 'Arrows walk, Page Up and Down change the matrix, Shift + arrows turn.',
    zh: '方向键逐格移动，Page Up / Down 换矩阵，Shift + 方向键转动。',
  },
  area: {
    en: 'Area is true to bytes: every cell is 4 bytes, on every level. Gaps and trays hold nothing.',
    zh: '面积与字节成正比：每一层的每个格子都是 4 字节。间隙和托盘不含数据。',
  },
  moved: {
    en: (bytes: string, from: string, to: string) => `${from} → ${to} ${bytes}`,
    zh: (bytes: string, from: string, to: string) => `${from} → ${to} ${bytes}`,
  },
  idle: { en: 'nothing moves between levels in this step', zh: '本步各层之间没有数据移动' },
  movedNote: {
    en: 'Bytes that this step asked for between two levels. On its way between HBM and SRAM every value passes a register.',
    zh: '这一步在两层之间发出的访存量。HBM 与 SRAM 之间的数据都要经过寄存器。',
  },
  workgroups: {
    en: (n: number) => `${plural(n, 'workgroup')} in this dispatch`,
    zh: (n: number) => `这次 dispatch 共 ${n} 个工作组（≈ 线程块）`,
  },
  both: { en: (a: string, b: string) => `${a}, ${b}`, zh: (a: string, b: string) => `${a}，${b}` },
  oneWorkgroup: { en: '1 workgroup in this dispatch', zh: '这次 dispatch 共 1 个工作组（≈ 线程块）' },
  fit: {
    en: (fit: number, limit: string) => `${fit} would fit into ${limit}`,
    zh: (fit: number, limit: string) => `${limit} 可容纳 ${fit} 个`,
  },
  fitNote: {
    en: (used: string, limit: string) =>
      `${limit} is what this adapter grants one workgroup; one takes ${used}. The brighter outlines are those that would share memory of that size with the selected one. WebGPU tells neither how many cores there are nor how many workgroups really run at once.`,
    zh: (used: string, limit: string) =>
      `${limit} 是这个适配器给单个工作组的上限；一个工作组占 ${used}。较亮的线框是这么大的内存里还放得下的其他工作组。有多少个核心、实际同时运行多少个工作组，WebGPU 都不告诉我们。`,
  },
  noSram: { en: 'this kernel uses no workgroup memory', zh: '这个 kernel 不用共享内存' },
  noSramNote: {
    en: 'No workgroup memory limits how many run at once. WebGPU does not tell how many do.',
    zh: '不占共享内存，因此同时运行多少个不受它限制。实际有多少个，WebGPU 不告诉我们。',
  },
  readKey: { en: 'read this step', zh: '本步读取' },
  writeKey: { en: 'written this step', zh: '本步写入' },
  emptyKey: { en: 'no value yet, or masked', zh: '还没有值，或被掩掉' },
  ghostKey: { en: 'never in HBM, at true scale', zh: '从不进 HBM，按真实比例' },
  otherKey: { en: 'other workgroups', zh: '其他工作组' },
  signedKey: { en: 'value', zh: '数值' },
  weightKey: { en: 'weight', zh: '权重' },
  most: { en: 'max', zh: '最大' },
  loading: { en: 'Loading the 3D scene…', zh: '正在加载三维场景…' },
  missing: {
    en: 'This browser has no WebGL 2 here, so there is no 3D scene. The flat memory view shows the same numbers.',
    zh: '此浏览器在这里没有 WebGL 2，因此没有三维场景。平面的内存视图显示同样的数据。',
  },
  lost: {
    en: 'The graphics process stopped. The picture comes back by itself.',
    zh: '图形进程已停止。画面会自行恢复。',
  },
  failed: { en: 'The 3D scene could not be loaded.', zh: '三维场景加载失败。' },
  again: { en: 'Try again', zh: '重试' },
  describe: {
    en: (hbm: string, ghosts: string, sram: string, reg: string, moved: string, groups: string) =>
      `Memory as levels above one another; area is true to bytes. HBM: ${hbm}. ${ghosts}${sram}Registers: ${reg}. This step: ${moved}. ${groups}.`,
    zh: (hbm: string, ghosts: string, sram: string, reg: string, moved: string, groups: string) =>
      `逐层叠放的内存，面积与字节成正比。HBM：${hbm}。${ghosts}${sram}寄存器：${reg}。本步：${moved}。${groups}。`,
  },
  describeGhosts: {
    en: (names: string, bytes: string) => `${names} are never written to HBM and would take ${bytes} each. `,
    zh: (names: string, bytes: string) => `${names} 从不写入 HBM，若写入各需 ${bytes}。`,
  },
  describeSram: { en: (names: string) => `SRAM: ${names}. `, zh: (names: string) => `SRAM：${names}。` },
  comma: { en: ', ', zh: '、' },
  none: { en: 'none captured', zh: '未采集到' },
} satisfies Dictionary;

export const spaceSpeech = (language: Language) => speak(spaceWords, language);
export type SpaceWords = ReturnType<typeof spaceSpeech>;
