// Lesson 16: where 175 billion parameters come from.
import type { Facts } from '../figure/facts';
import { kvBytes, NETS, netOf, parametersOf, partsOf, type Net, type PartId } from '../model/ledger';
import { percent } from '../ui/format';
import { whole } from '../ui/whole';
import { step, type Lesson } from './lesson';
import { modelState } from './model-reading';

const SMALL = modelState('ledger', {});
const GPT3 = modelState('ledger', { net: 'gpt3' });

/** The network on screen. */
const netIn = ({ model }: Facts): Net | undefined =>
  model && (model.settings.net === 'small' ? model.config && netOf(model.config) : NETS[model.settings.net]);

const partOf = (net: Net, id: PartId): number => partsOf(net).find((part) => part.id === id)?.count ?? 0;

/** Parameters of attention and FFN in all layers. */
const blocksOf = (net: Net): number => partOf(net, 'attention') + partOf(net, 'ffn');

/** Decimal units, as papers have them. */
const giga = (bytes: number): string => `${whole(Math.round(bytes / 1e9))} GB`;

export const parameters: Lesson = {
  kills: { en: '“Most parameters sit in the vocabulary and in attention.”', zh: '“参数主要在词表和注意力里。”' },
  steps: [
    step({
      state: SMALL,
      show: ['model-ledger'],
      ring: { of: 'mark', id: 'part.embedding' },
      read: (facts) => {
        const net = netIn(facts);
        if (!net) return undefined;
        const count = partOf(net, 'embedding');
        return {
          vocabulary: whole(net.vocabulary),
          width: whole(net.width),
          count: whole(count),
          share: percent(count / parametersOf(net)),
        };
      },
      say: ({ vocabulary, width, count, share }) => ({
        en: `The small model’s vocabulary: ${vocabulary} × ${width} = ${count}, which is ${share} of it.`,
        zh: `小模型的词表：${vocabulary} × ${width} = ${count}，占 ${share}。`,
      }),
    }),
    step({
      state: SMALL,
      show: ['model-ledger'],
      ring: { of: 'mark', id: 'part.ffn' },
      read: (facts) => {
        const net = netIn(facts);
        return (
          net && {
            attention: whole(partOf(net, 'attention') / net.layers),
            ffn: whole(partOf(net, 'ffn') / net.layers),
          }
        );
      },
      say: ({ attention, ffn }) => ({
        en: `One layer: attention ${attention}, FFN ${ffn}. The FFN is the larger part.`,
        zh: `一层：注意力 ${attention}，FFN ${ffn}。大头是 FFN。`,
      }),
    }),
    step({
      state: SMALL,
      show: ['model-ledger'],
      ring: { of: 'mark', id: 'sum' },
      read: (facts) => {
        const net = netIn(facts);
        const counted = facts.model?.parts;
        if (!net || !counted) return undefined;
        const file = Object.values(counted).reduce((sum, n) => sum + n, 0);
        return { sum: whole(parametersOf(net)), file: whole(file) };
      },
      say: ({ sum, file }) => ({
        en: `Together ${sum} by the formulas; the tensors of the weights file hold ${file}.`,
        zh: `按公式合计 ${sum}；权重文件逐张量相加 ${file}。`,
      }),
    }),
    step({
      state: GPT3,
      show: ['model-ledger'],
      ring: { of: 'mark', id: 'bars' },
      read: (facts) => {
        const net = netIn(facts);
        return (
          net && {
            layers: whole(net.layers),
            width: whole(net.width),
            blocks: whole(blocksOf(net)),
            each: whole(blocksOf(net) / (net.layers * net.width ** 2)),
          }
        );
      },
      say: ({ layers, width, blocks, each }) => ({
        en: `GPT-3: ${layers} layers of width ${width}. Attention and FFN alone: ${each} L d² = ${blocks}.`,
        zh: `GPT-3：${layers} 层，宽 ${width}。只算注意力和 FFN：${each} L d² = ${blocks}。`,
      }),
    }),
    step({
      state: GPT3,
      show: ['model-ledger'],
      ring: { of: 'mark', id: 'sum' },
      read: (facts) => {
        const net = netIn(facts);
        return net && { sum: whole(parametersOf(net)) };
      },
      say: ({ sum }) => ({
        en: `With embeddings, positions, biases and norms: ${sum}. That is the famous round number.`,
        zh: `加上嵌入、位置、偏置和归一化：${sum}。常说的那个整数，就是它取整。`,
      }),
    }),
    step({
      state: GPT3,
      show: ['model-ledger'],
      ring: { of: 'mark', id: 'part.embedding' },
      read: (facts) => {
        const net = netIn(facts);
        return net && { share: percent(partOf(net, 'embedding') / parametersOf(net)) };
      },
      say: ({ share }) => ({
        en: `The token embedding is ${share} of it: in a large model the vocabulary hardly counts.`,
        zh: `词嵌入只占 ${share}：模型一大，词表就不值一提。`,
      }),
    }),
    step({
      state: GPT3,
      show: ['model-ledger'],
      ring: { of: 'mark', id: 'bytes' },
      read: (facts) => {
        const net = netIn(facts);
        if (!net) return undefined;
        const all = parametersOf(net);
        const cache = kvBytes(net, 2) / 1e6;
        return { weights: giga(2 * all), training: giga(16 * all), cache: `${cache.toFixed(1)} MB` };
      },
      say: ({ weights, training, cache }) => ({
        en: `At half precision ${weights}; to train, ${training}; and ${cache} of KV cache for every token. No single GPU holds that.`,
        zh: `半精度权重 ${weights}；训练要 ${training}；每个 token 的 KV 缓存 ${cache}。单卡放不下，所以要并行。`,
      }),
    }),
  ],
  predict: {
    before: 6,
    ask: { en: 'How much of GPT-3 is its token embedding?', zh: 'GPT-3 里，词嵌入占多少？' },
    choices: [
      { id: 'half', label: { en: 'nearly half, as in the small model', zh: '近一半，和小模型一样' } },
      { id: 'twentieth', label: { en: 'about 5 %', zh: '约 5 %' } },
      { id: 'less', label: { en: 'less than 1 %', zh: '不到 1 %' } },
    ],
    veil: ['share'],
    truth: (facts) => {
      const net = netIn(facts);
      return net && partOf(net, 'embedding') / parametersOf(net);
    },
    right: (truth) => (truth < 0.01 ? 'less' : truth < 0.2 ? 'twentieth' : 'half'),
    tell: percent,
    after: {
      en: 'The vocabulary grows with d, the layers with L d².',
      zh: '词表随 d 增长，各层随 L d² 增长。',
    },
  },
  exercise: {
    ask: {
      en: 'How many parameters has Llama 2 7B? d = 4096, L = 32, FFN three matrices of 4096 × 11008, vocabulary 32000 twice (in and out), no biases, norms of one gain.',
      zh: 'Llama 2 7B 有多少参数？d = 4096，L = 32，FFN 三个 4096 × 11008 的矩阵，词表 32000（输入、输出各一份），无偏置，归一化只有增益。',
    },
    state: SMALL,
    show: ['model-ledger'],
    controls: [],
    ring: { of: 'mark', id: 'sum' },
    control: { kind: 'typed', label: { en: 'Parameters', zh: '参数量' } },
    pass: (_facts, typed) => typed === parametersOf(NETS.llama2),
    hints: [
      {
        en: 'Attention L·4d², FFN L·3·d·F, both vocabularies 2·V·d, norms (2L + 1)·d.',
        zh: '注意力 L·4d²，FFN L·3·d·F，两份词表 2·V·d，归一化 (2L + 1)·d。',
      },
      {
        en: 'In the Model lab choose Llama 2 7B: the ledger adds it up.',
        zh: '在模型实验室里选 Llama 2 7B：账本会替你加好。',
      },
    ],
    passed: { en: 'Right, to the last parameter.', zh: '对，一个都不差。' },
  },
  answers: [
    {
      faq: ['18'],
      question: { en: 'Where do 175 billion parameters come from?', zh: '1750 亿参数是怎么算出来的？' },
      answer: {
        en: 'Per layer 4d² (attention) + 8d² (FFN) = 12d²; 12 · 96 · 12288² ≈ 173.9 B; token embedding 50257·d ≈ 0.62 B, positions 0.025 B, output tied; about 174.6 B, called 175 B. Heads are a way of cutting and add nothing.',
        zh: '每层：注意力 W_q、W_k、W_v、W_o 共 4d²，FFN 两个矩阵 d×4d 共 8d²，合 12d²，偏置和 LN 约 13d 可忽略。GPT-3：d = 12288、96 层，12×96×12288² ≈ 1739 亿；词表 50257×d 约 6.2 亿，位置 2048×d 约 0.25 亿，输出层与词嵌入共享。总计约 1746 亿，称 1750 亿。96 个头各 128 维只是切法，不改变参数量。',
      },
    },
  ],
  sources: [
    { authors: 'Brown et al.', year: 2020, title: 'Language Models are Few-Shot Learners', section: 'table 2.1' },
    {
      authors: 'Rajbhandari, Rasley, Ruwase, He',
      year: 2020,
      title: 'ZeRO: Memory Optimizations Toward Training Trillion Parameter Models',
      section: '§3.1 (16 B a parameter)',
    },
  ],
  notShown: {
    en: 'Not shown: activations, which training keeps beside the 16 B a parameter.',
    zh: '这里没有演示的：训练时的激活值，它们不在每参数 16 B 之内。',
  },
};
