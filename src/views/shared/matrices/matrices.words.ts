// The words of a picture of several matrices, in both languages.
import type { Dictionary } from '../../../words';

export const matricesWords = {
  hbm: { en: 'in HBM', zh: '在 HBM 中' },
  sram: { en: 'only in SRAM, tile by tile', zh: '只在 SRAM 中，逐块出现' },
  reg: { en: 'only in registers, tile by tile', zh: '只在寄存器中，逐块出现' },
  later: { en: 'nothing there at this step', zh: '本步此处尚无值' },
  masked: { en: 'masked, the query does not see this key', zh: '被掩掉：这个 query 看不到这个 key' },
  matrix: {
    en: (name: string, rows: number, cols: number) => `${name}, ${rows} × ${cols}`,
    zh: (name: string, rows: number, cols: number) => `${name}，${rows} × ${cols}`,
  },
  cell: {
    en: (name: string, row: number, col: number, value: string) => `${name}, row ${row}, column ${col}: ${value}`,
    zh: (name: string, row: number, col: number, value: string) => `${name}，第 ${row} 行，第 ${col} 列：${value}`,
  },
  reads: { en: 'read in this step', zh: '本步读取' },
  writes: { en: 'written in this step, HBM or chip', zh: '本步写入（HBM 或片上）' },
  live: { en: 'touched last by this workgroup', zh: '此工作组最近触及' },
  inputs: { en: 'inputs of the cell you point at', zh: '所指格子的输入' },
  row: { en: 'the chosen row', zh: '所选的行' },
  middle: { en: 'Middle matrix', zh: '中间的矩阵' },
  readList: { en: (names: string) => ` It reads ${names}.`, zh: (names: string) => `读取 ${names}。` },
  writeList: { en: (names: string) => ` It writes ${names}.`, zh: (names: string) => `写入 ${names}。` },
  noCapture: { en: 'This workgroup is being captured…', zh: '正在采集此工作组……' },
} satisfies Dictionary;
