// What the bytes-by-buffer table says.
import type { Dictionary } from '../../words';
import { phaseName } from '../shared/phases.words';

export const bufferWords = {
  caption: {
    en: (phase: string) => `Bytes requested at ${phase}, and Σ since the start of the replay for this head`,
    zh: (phase: string) => `阶段“${phaseName(phase, 'zh')}”发出的访存量；Σ 是这个头播放到现在的总和`,
  },
  buffer: { en: 'buffer', zh: '缓冲区' },
  thisStep: { en: 'this step', zh: '本步' },
  soFar: { en: 'Σ so far', zh: 'Σ 到目前' },
  read: { en: 'read', zh: '读' },
  written: { en: 'written', zh: '写' },
  storage: { en: 'HBM (storage buffers)', zh: 'HBM（存储缓冲区）' },
  workgroup: { en: 'SRAM (workgroup memory)', zh: 'SRAM（共享内存）' },
  all: { en: 'all', zh: '合计' },
  note: {
    en: 'Bytes that the source asks for, before caches.',
    zh: '源码发出的访存量，经过缓存之前。',
  },
  bars: {
    en: 'Bars: Σ read above, Σ written below, each group to its own longest.',
    zh: '细条：上为 Σ 读，下为 Σ 写，每组按自己最长的一条缩放。',
  },
  describe: {
    en: (phase: string, list: string) => `Bytes by buffer at ${phase}: ${list || 'nothing was read or written'}.`,
    zh: (phase: string, list: string) => `阶段“${phaseName(phase, 'zh')}”各缓冲区的字节：${list || '没有读写'}。`,
  },
  item: {
    en: (name: string, read: string, written: string) => `${name} ${read} read, ${written} written`,
    zh: (name: string, read: string, written: string) => `${name} 读 ${read}、写 ${written}`,
  },
  semicolon: { en: '; ', zh: '；' },
} satisfies Dictionary;
