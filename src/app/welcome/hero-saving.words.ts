// What the number of a first visit says.
import type { Dictionary } from '../../words';

export const savingWords = {
  saves: {
    en: (size: string, standard: string, tiled: string, grows: boolean) =>
      `S and P, ${size}, never leave the chip: ${standard} of HBM traffic become ${tiled} (computed)${grows ? '; longer texts save more' : ''}.`,
    zh: (size: string, standard: string, tiled: string, grows: boolean) =>
      `${size} 的 S 和 P 从不离开芯片：HBM 访存量从 ${standard} 降到 ${tiled}（计算值）${grows ? '，文本越长省得越多' : ''}。`,
  },
  note: {
    en: (standard: string, tiled: string) =>
      `By the papers’ IO model, for the run on screen: ${standard} for standard attention, which writes S and P, ${tiled} for the tiles.`,
    zh: (standard: string, tiled: string) =>
      `按论文公式，对屏幕上的这次运行：要写出 S 和 P 的标准注意力 ${standard}，分块 ${tiled}。`,
  },
} satisfies Dictionary;
