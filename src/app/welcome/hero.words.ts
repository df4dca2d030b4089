// What a first visit reads above the Step lab.
import type { Dictionary } from '../../words';

export const heroWords = {
  welcome: { en: 'What this is', zh: '这是什么' },
  headline: {
    en: 'See what an attention kernel really does on your GPU, tile by tile',
    zh: 'Attention 的 kernel，在你的显卡上一步一步看清',
  },
  onCpu: {
    en: 'See an attention kernel tile by tile: here the CPU plays the GPU',
    zh: 'Attention 的 kernel，一步一步看清：这里由 CPU 扮演显卡',
  },
  sentence: {
    en: 'Every number below is from a kernel that really ran.',
    zh: '下面每个数都由真实跑过的 kernel 算出，每个字节都数过。',
  },
  why: {
    en: 'Every byte was counted: watch why FlashAttention never writes S = QKᵀ to memory.',
    zh: '看 FlashAttention 为什么从不把 S = QKᵀ 写进显存。',
  },
  space: { en: ' ', zh: '' },
  learn: { en: 'Learn, step by step', zh: '准备面试' },
  learnIs: { en: 'guess, run it, check yourself', zh: '一课一课：先猜、再跑、有练习' },
  tour: { en: '90-second tour', zh: '90 秒导览' },
  tourIs: { en: 'six steps to what tiling saves', zh: '六步：从 S = QKᵀ 到分块省了什么' },
  explore: { en: 'Explore', zh: '自己玩' },
  exploreIs: { en: 'any sentence, kernel and step', zh: '换句子、换 kernel，逐步看' },
  measure: { en: 'Measure my GPU', zh: '测我的显卡' },
  measureHere: { en: 'Measure here', zh: '在本机测' },
  measureIs: { en: 'naive against tiled, honestly', zh: '朴素（naive）对分块，如实测' },
  close: { en: 'Close', zh: '关闭' },
} satisfies Dictionary;
