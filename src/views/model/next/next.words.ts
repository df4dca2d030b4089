// Words of the next-token picture.
import type { Dictionary } from '../../../words';
import { plural } from '../../../ui/whole';

export const nextWords = {
  waiting: { en: 'The model reads the text …', zh: '模型正在读这段文本……' },
  strip: { en: 'Tokens; choose after which one to look', zh: 'token；选择看哪一个之后' },
  stripCaption: {
    en: 'Bars: how many tokens may follow here (log scale). Choose a token to look after it.',
    zh: '条高：这里之后还留几个候选（对数刻度）。点一个 token，看它之后。',
  },
  size: { en: (n: string) => `${n} may follow`, zh: (n: string) => `之后留 ${n} 个` },
  after: { en: (token: string) => `After ${token}:`, zh: (token: string) => `${token} 之后：` },
  note: {
    en: 'The last row of the model, times the vocabulary, through a softmax.',
    zh: '模型最后一行乘词表矩阵，再过 softmax。',
  },
  entropy: { en: (h: string) => `entropy ${h} nats`, zh: (h: string) => `熵 ${h} nats` },
  kept: {
    en: (n: string, mass: string) => `${n} may be drawn, ${mass} together`,
    zh: (n: string, mass: string) => `可抽 ${n} 个，合计 ${mass}`,
  },
  keptShort: { en: (n: string) => `${n} kept`, zh: (n: string) => `留 ${n} 个` },
  bars: { en: 'Likeliest tokens', zh: '最可能的 token' },
  cut: { en: 'cut', zh: '截断' },
  more: { en: (n: string) => `and ${n} more may be drawn`, zh: (n: string) => `另有 ${n} 个可抽` },
  curve: {
    en: (n: string, mass: string) => `The likeliest ${n} have ${mass} of the probability together`,
    zh: (n: string, mass: string) => `前 ${n} 个合计占 ${mass}`,
  },
  rank: { en: 'rank (log scale)', zh: '名次（对数刻度）' },
  together: { en: 'together', zh: '累计' },
  off: { en: 'off', zh: '关' },
  greedy: { en: '0 greedy', zh: '0 贪心' },
  temperature: { en: 'temperature', zh: '温度' },
  topK: { en: 'top-k', zh: 'top-k' },
  topP: { en: 'top-p', zh: 'top-p' },
  penalty: { en: 'repetition penalty', zh: '重复惩罚' },
  cutFirst: { en: 'cut first, then temperature', zh: '先截断，后除温度' },
  grow: { en: '▶ Grow the text', zh: '▶ 往下续写' },
  goOn: { en: '▶ Go on', zh: '▶ 继续' },
  stop: { en: '■ Stop', zh: '■ 停' },
  clear: { en: 'Clear', zh: '清除' },
  seed: { en: 'seed', zh: '种子' },
  gave: { en: (p: string) => `the model gave it ${p}`, zh: (p: string) => `模型给它 ${p}` },
  grown: {
    en: (n: number, loss: string) => `${plural(n, 'token')}; mean −ln p = ${loss} nats`,
    zh: (n: number, loss: string) => `${n} 个 token；平均 −ln p = ${loss} nats`,
  },
  ended: {
    en: 'The model ended the text here, or all 256 places are taken.',
    zh: '模型在这里结束了文本，或 256 个位置已用完。',
  },
  describe: {
    en: (top: string, kept: string) => `Next token: ${top}. ${kept} may be drawn.`,
    zh: (top: string, kept: string) => `下一个 token：${top}。可抽 ${kept} 个。`,
  },
} satisfies Dictionary;
