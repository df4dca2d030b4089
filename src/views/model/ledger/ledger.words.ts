// Words of the ledger.
import type { Dictionary } from '../../../words';

export const ledgerWords = {
  waiting: { en: 'The model is loading …', zh: '模型加载中……' },
  net: { en: 'network', zh: '网络' },
  small: { en: 'the small model of this page', zh: '本页的小模型' },
  gpt3: { en: 'GPT-3 175B (Brown et al. 2020)', zh: 'GPT-3 175B（Brown 等 2020）' },
  llama2: { en: 'Llama 2 7B (Touvron et al. 2023)', zh: 'Llama 2 7B（Touvron 等 2023）' },
  width: { en: 'width d', zh: '宽度 d' },
  layers: { en: 'layers L', zh: '层数 L' },
  vocabulary: { en: 'vocabulary V', zh: '词表 V' },
  factor: { en: 'FFN ÷ d', zh: 'FFN ÷ d' },
  part: { en: 'part', zh: '部分' },
  formula: { en: 'formula', zh: '公式' },
  parameters: { en: 'parameters', zh: '参数量' },
  share: { en: 'share', zh: '占比' },
  sum: { en: 'sum', zh: '合计' },
  embedding: { en: 'token embedding', zh: '词嵌入' },
  positions: { en: 'learned positions', zh: '位置嵌入' },
  attention: { en: 'attention', zh: '注意力' },
  ffn: { en: 'FFN', zh: 'FFN' },
  biases: { en: 'biases', zh: '偏置' },
  norms: { en: 'norms', zh: '归一化' },
  output: { en: 'output matrix', zh: '输出矩阵' },
  counted: {
    en: 'Counted: the tensors of the weights file hold the same numbers, part by part.',
    zh: '计数核对：与权重文件逐张量相加一致。',
  },
  differs: {
    en: 'The tensors of the weights file hold other numbers.',
    zh: '与权重文件的张量不一致。',
  },
  changed: { en: 'Sizes were changed: computed by the formulas alone.', zh: '尺寸已改：仅由公式算出。' },
  back: { en: 'Its own sizes', zh: '恢复原尺寸' },
  weigh: { en: 'What it weighs', zh: '占多少字节' },
  fp16: { en: 'weights, 2 B each (fp16)', zh: '权重，每个 2 B（fp16）' },
  fp32: { en: 'weights, 4 B each (f32)', zh: '权重，每个 4 B（f32）' },
  training: { en: 'training with Adam, 16 B each (mixed precision)', zh: '训练（Adam 混合精度，每个 16 B）' },
  kv: { en: 'KV cache a token, fp16: 2·L·d·K/H·2 B', zh: '每个 token 的 KV 缓存，fp16：2·L·d·K/H·2 B' },
  letters: {
    en: (d: string, l: string, v: string, f: string) => `d = ${d}, L = ${l}, V = ${v}, F (FFN) = ${f}`,
    zh: (d: string, l: string, v: string, f: string) => `d = ${d}，L = ${l}，V = ${v}，F（FFN）= ${f}`,
  },
  describe: {
    en: (sum: string, parts: string) => `${sum} parameters: ${parts}.`,
    zh: (sum: string, parts: string) => `参数 ${sum}：${parts}。`,
  },
} satisfies Dictionary;
