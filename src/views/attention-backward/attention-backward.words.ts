// The words of the backward pass's picture, in both languages.
import { plural } from '../../ui/whole';
import type { Dictionary } from '../../words';

export const backwardWords = {
  given: {
    en: 'dO is drawn from a fixed seed (uniform, mean 0, variance 1), the same for everybody; O and LSE are those of the forward pass, computed in f64 from Q, K and V and rounded to f32. The hatched middle is never written to HBM by the tiled kernel: P is computed anew from Q, K and LSE, tile by tile.',
    zh: 'dO 由固定种子生成（均匀分布，均值 0，方差 1），人人相同；O 和 LSE 来自前向，由 Q、K、V 以 f64 算出再舍入为 f32。分块 kernel 从不把画斜线的中间矩阵写入 HBM：P 由 Q、K 和 LSE 逐块重算。',
  },
  describe: {
    en: (phase: string, queries: number, keys: number, dim: number) =>
      `Attention backward, ${plural(queries, 'query', 'queries')} by ${plural(keys, 'key')}, d = ${dim}; phase ${phase}.`,
    zh: (phase: string, queries: number, keys: number, dim: number) =>
      `注意力反向，${queries} 个 query × ${keys} 个 key，d = ${dim}；阶段 ${phase}。`,
  },
} satisfies Dictionary;
