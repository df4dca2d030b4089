// Words of the model's stack.
import type { Dictionary } from '../../../words';
import { plural } from '../../../ui/whole';

export const stackWords = {
  waiting: { en: 'The model reads the text …', zh: '模型正在读这段文本……' },
  strip: { en: 'Tokens; choose which one to look at', zh: 'token；选择看哪一个' },
  stripCaption: {
    en: 'Bars: how surprised the model was by each token, −ln p.',
    zh: '条高：模型对每个 token 有多意外，−ln p。',
  },
  toneCaption: {
    en: 'Amber: more than in the plain pass; teal: less.',
    zh: '琥珀色：比原来更意外；青色：更不意外。',
  },
  lossNote: {
    en: 'The mean of −ln p over all tokens but the first.',
    zh: '除第一个之外所有 token 的 −ln p 的平均。',
  },
  loss: { en: (x: string) => `mean loss ${x} nats`, zh: (x: string) => `平均损失 ${x} nats` },
  lossChanged: {
    en: (a: string, b: string, d: string) => `mean loss ${a} → ${b} nats (${d})`,
    zh: (a: string, b: string, d: string) => `平均损失 ${a} → ${b} nats（${d}）`,
  },
  tokenLoss: { en: (x: string) => `loss ${x}`, zh: (x: string) => `损失 ${x}` },
  tokenChanged: { en: (a: string, b: string) => `loss ${a} → ${b}`, zh: (a: string, b: string) => `损失 ${a} → ${b}` },
  layersOf: { en: (token: string) => `Layers, for ${token}`, zh: (token: string) => `各层，看 ${token}` },
  heads: { en: 'heads: who looks at whom', zh: '头：谁看谁' },
  attention: { en: 'attention adds', zh: '注意力加上' },
  ffn: { en: 'FFN adds', zh: 'FFN 加上' },
  rms: {
    en: (token: string) => `size of ${token}’s stream (RMS)`,
    zh: (token: string) => `${token} 的残差流大小（RMS）`,
  },
  keys: { en: 'max |ΔK|, to plain', zh: 'max|ΔK|，对原来' },
  oldKeys: { en: 'max |ΔK| of old tokens', zh: '旧 token 的 max|ΔK|' },
  changedRows: {
    en: (n: number, all: number) => `${n} of ${all} changed`,
    zh: (n: number, all: number) => `${all} 个里变了 ${n} 个`,
  },
  embedding: { en: 'emb.', zh: '嵌入' },
  embeddingSays: {
    en: (width: number) => `a row of ${plural(width, 'number')} for each token`,
    zh: (width: number) => `每个 token 一行 ${width} 个数`,
  },
  open: {
    en: (layer: number, head: number, sharp: string) =>
      `Layer ${layer}, head ${head}: mean largest weight ${sharp}. Open in the Step lab`,
    zh: (layer: number, head: number, sharp: string) => `L${layer}·H${head}：最大权重平均 ${sharp}。在单步实验室打开`,
  },
  silence: {
    en: (layer: number, head: number) => `Switch off layer ${layer}, head ${head}`,
    zh: (layer: number, head: number) => `关掉 L${layer}·H${head}`,
  },
  next: {
    en: (token: string) => `After ${token}, the model expects`,
    zh: (token: string) => `${token} 之后，模型认为是`,
  },
  came: { en: 'the token that came', zh: '原文里的下一个' },
  mask: { en: 'mask', zh: '掩码' },
  causal: { en: 'causal', zh: '因果' },
  full: { en: 'none: all see all', zh: '无：全都看得见' },
  rope: { en: 'positions', zh: '位置' },
  ropeOn: { en: 'RoPE', zh: 'RoPE' },
  ropeOff: { en: 'off', zh: '去掉' },
  offset: { en: (n: number) => `all + ${n}`, zh: (n: number) => `整体 + ${n}` },
  scale: { en: 'scale', zh: '缩放' },
  layers: { en: 'layers', zh: '层数' },
  groups: { en: 'KV heads', zh: 'KV 头数' },
  weights: { en: 'weights', zh: '权重' },
  activations: { en: 'activations', zh: '激活' },
  kv: { en: 'KV cache', zh: 'KV 缓存' },
  exact: { en: 'f32', zh: 'f32' },
  rounded: {
    en: (bits: number, per: string) => `int${bits}, ${per}`,
    zh: (bits: number, per: string) => `int${bits}，${per}`,
  },
  perRow: { en: 'scale a row', zh: '每行一尺度' },
  perTensor: { en: 'one scale', zh: '整张量一尺度' },
  perToken: { en: 'scale a token', zh: '每 token 一尺度' },
  perChannel: { en: 'K a channel, V a token', zh: 'K 按维（per-channel），V 按 token' },
  cache: { en: 'against one token less', zh: '与少一个 token 时相比' },
  plain: { en: 'Plain pass', zh: '还原' },
  describe: {
    en: (n: number, token: string, from: string, to: string, loss: string) =>
      `${plural(n, 'token')}. For ${token} the stream grows from ${from} to ${to}. ${loss}`,
    zh: (n: number, token: string, from: string, to: string, loss: string) =>
      `${n} 个 token。${token} 的残差流从 ${from} 涨到 ${to}。${loss}`,
  },
} satisfies Dictionary;
