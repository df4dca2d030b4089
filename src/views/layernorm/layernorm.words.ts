// The words of LayerNorm's picture, in both languages.
import { plural } from '../../ui/whole';
import type { Dictionary } from '../../words';

export const layernormWords = {
  given: {
    en: 'X is what attention has as Q: rows of the small model’s head, or seeded ones. γ (1 ± 0.2) and β (0 ± 0.2) are drawn from a fixed seed, the same for everybody; ε = 1e-5, as PyTorch’s.',
    zh: 'X 就是注意力中的 Q：小模型某个头的各行，或由种子生成。γ（1 ± 0.2）和 β（0 ± 0.2）由固定种子生成，人人相同；ε = 1e-5，与 PyTorch 相同。',
  },
  describe: {
    en: (phase: string, rows: number, features: number, r0: number, r1: number) =>
      `LayerNorm of ${plural(rows, 'row')} of ${plural(features, 'feature')}; phase ${phase}. The workgroup works on rows ${r0} to ${r1}.`,
    zh: (phase: string, rows: number, features: number, r0: number, r1: number) =>
      `LayerNorm，${rows} 行，每行 ${features} 个特征；阶段 ${phase}。此工作组处理第 ${r0} 到 ${r1} 行。`,
  },
} satisfies Dictionary;
