// The words of the cross, in both languages.
import { speak } from '../../../words';
import { some } from '../../../ui/format';
import { phaseName } from '../../shared/phases.words';
import { plural } from '../../../ui/whole';

export const crossWords = {
  title: { en: 'The whole problem and the live tile', zh: '整个问题与当前分块' },
  written: { en: (part: string) => `in HBM, ${part} written`, zh: (part: string) => `在 HBM 中，已写 ${part}` },
  inSram: { en: 'only in SRAM, tile by tile', zh: '只在 SRAM 中，逐块出现' },
  onlyRegisters: { en: 'only in registers, tile by tile', zh: '只在寄存器中，逐块出现' },
  inRegisters: { en: 'in registers, not in HBM; not yet ÷ l', zh: '在寄存器中，不在 HBM；尚未 ÷ l' },
  never: { en: 'S and P are never written to HBM', zh: 'S 和 P 从不写入 HBM' },
  middle: { en: 'Middle matrix', zh: '中间的矩阵' },
  scores: { en: 'S (scores)', zh: 'S（分数）' },
  weights: { en: 'P (weights)', zh: 'P（权重）' },
  keyRead: { en: 'read in this step', zh: '本步读取' },
  keyWrite: { en: 'written in this step, HBM or chip', zh: '本步写入（HBM 或片上）' },
  keyWhere: {
    en: 'Wherever the matrix is at this step: in HBM, in SRAM or in registers.',
    zh: '不论矩阵此刻在哪里：HBM、SRAM 或寄存器。',
  },
  keyNever: { en: 'never written to HBM', zh: '从不写入 HBM' },
  keyMasked: { en: 'masked', zh: '被掩掉' },
  keyPast: { en: 'earlier tile, existed only on chip', zh: '先前的分块，只在片上存在过' },
  keyInput: { en: 'inputs of the cell you point at', zh: '所指格子的输入' },
  tile: {
    en: (role: string, rows: string, keys: string) => `${role}, ${some('row', rows)} × ${some('key', keys)}`,
    zh: (role: string, rows: string, keys: string) => `${role}，行 ${rows} × key ${keys}`,
  },
  tilePart: { en: ' (part)', zh: '（局部）' },
  tileTitle: { en: 'Live tile', zh: '当前分块' },
  sideBlock: {
    en: (role: string, rows: string, channels: string) =>
      `${role}, ${some('row', rows)} × ${some('channel', channels)}`,
    zh: (role: string, rows: string, channels: string) => `${role}，行 ${rows} × 第 ${channels} 维`,
  },
  keyBlock: {
    en: (keys: string, channels: string) => `K, ${some('key', keys)} × ${some('channel', channels)}`,
    zh: (keys: string, channels: string) => `K，key ${keys} × 第 ${channels} 维`,
  },
  waiting: { en: 'not computed yet at this step', zh: '本步尚未算出' },
  table: { en: 'Table', zh: '表格' },
  picture: { en: 'Picture', zh: '图形' },
  tableView: { en: 'Show the live tile as', zh: '当前分块显示为' },
  query: { en: 'query', zh: 'query' },
  key: { en: 'key', zh: 'key' },
  matrix: {
    en: (name: string, rows: number, cols: number) => `${name}, ${plural(rows, 'row')} by ${plural(cols, 'column')}`,
    zh: (name: string, rows: number, cols: number) => `${name}，${rows} 行 ${cols} 列`,
  },
  zoomed: {
    en: (name: string) => `${name}, the live tile enlarged`,
    zh: (name: string) => `${name}，放大的当前分块`,
  },
  cell: {
    en: (role: string, row: string, col: string, value: string) => `${role}, row ${row}, column ${col}: ${value}`,
    zh: (role: string, row: string, col: string, value: string) => `${role}，第 ${row} 行，第 ${col} 列：${value}`,
  },
  masked: { en: 'masked, the query does not see this key', zh: '被掩掉：这个 query 看不到这个 key' },
  later: { en: 'not written yet', zh: '尚未写入' },
  neverCell: { en: 'of another workgroup, never written to HBM', zh: '属于别的工作组，从不写入 HBM' },
  hbm: { en: 'HBM', zh: 'HBM' },
  sram: { en: 'SRAM', zh: 'SRAM' },
  reg: { en: 'registers', zh: '寄存器' },
  past: { en: 'earlier tile', zh: '先前的分块' },
  noCapture: { en: 'This workgroup is being captured…', zh: '正在采集此工作组……' },
  describe: {
    en: (phase: string, queries: number, keys: number, dim: number, r0: number, r1: number) =>
      `Attention of ${plural(queries, 'query', 'queries')} over ${plural(keys, 'key')}, head dimension ${dim}. Step: ${phase}. The workgroup works on query rows ${r0} to ${r1}.`,
    zh: (phase: string, queries: number, keys: number, dim: number, r0: number, r1: number) =>
      `${queries} 个 query 对 ${keys} 个 key 的注意力，头维度 ${dim}。当前步骤：${phaseName(phase, 'zh')}。该工作组处理 query 行 ${r0} 到 ${r1}。`,
  },
  describeTile: {
    en: (role: string, c0: number, c1: number) => ` The live tile covers keys ${c0} to ${c1} and holds ${role}.`,
    zh: (role: string, c0: number, c1: number) => `当前分块覆盖 key ${c0} 到 ${c1}，里面是 ${role}。`,
  },
  describeNever: {
    en: ' S and P live in workgroup memory only; they are never written to HBM.',
    zh: 'S 和 P 只存在于共享内存，从不写入 HBM。',
  },
  describeHbm: {
    en: (name: string, part: string) => ` ${name} is a matrix in HBM, ${part} of it written.`,
    zh: (name: string, part: string) => `${name} 是 HBM 中的矩阵，已写入 ${part}。`,
  },
  describeRead: {
    en: (names: string) => ` Read from HBM in this step: ${names}.`,
    zh: (names: string) => `本步从 HBM 读取：${names}。`,
  },
  describeWritten: {
    en: (names: string) => ` Written to HBM in this step: ${names}.`,
    zh: (names: string) => `本步写入 HBM：${names}。`,
  },
} as const;

/** Both languages, spoken once: a step asks for words many times. */
export const crossSpoken = { en: speak(crossWords, 'en'), zh: speak(crossWords, 'zh') };
export type CrossWords = (typeof crossSpoken)['en'];
