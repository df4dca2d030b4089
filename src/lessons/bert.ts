// Lesson 5: GPT and BERT, causal and masked language modelling.
import type { Frame } from '../frame/frame-types';
import type { Facts } from '../figure/facts';
import { keysFrom, keysSeen } from '../ops/attention/cost';
import { count, times, value } from '../ui/format';
import { whole } from '../ui/whole';
import { step, type Lesson } from './lesson';
import { mean, modelState, POEM, targetsOf } from './model-reading';
import { ZH } from './reading';

/** The head and the token that every mask here is shown with. */
const HEAD = 'kernel=naive&input=text&passage=zh&layer=2&head=2';
/** Tokens of the poem's first half: a token is a character here. */
const PROMPT = [...POEM].indexOf('晴');

/** The chosen token, and how many of all it sees. */
function seen({ frame }: Facts): { token: string; seen: string; all: string } | undefined {
  if (!frame) return undefined;
  const { run, tokens } = frame.trace.header;
  const { row } = frame.selection;
  return {
    token: tokens?.[row] ?? '',
    seen: whole(keysSeen(run.shape, row) - keysFrom(run.shape, row)),
    all: whole(run.shape.keys),
  };
}

/** The mean loss without the mask, and with it. */
function lossesHere({ model }: Facts): { now: number; plain: number } | undefined {
  const { reading, plain } = model ?? {};
  return reading && plain && { now: mean(reading.losses), plain: mean(plain.losses) };
}

/** Read off P: tokens of the prompt that see all of it, and weights of later tokens on what comes after them. */
function visibility(frame: Frame | undefined): { both: number; ahead: number } | undefined {
  const p = frame?.trace.tensors.find(({ id }) => id === 'P')?.data;
  if (!frame || !p) return undefined;
  const n = frame.trace.header.run.shape.keys;
  const places = Array.from({ length: n }, (_, i) => i);
  const sees = (i: number, j: number): boolean => p[i * n + j]! > 0;
  const [prompt, rest] = [places.slice(0, PROMPT), places.slice(PROMPT)];
  return {
    both: prompt.filter((i) => prompt.every((j) => sees(i, j))).length,
    ahead: rest.reduce((sum, i) => sum + places.slice(i + 1).filter((j) => sees(i, j)).length, 0),
  };
}

export const bert: Lesson = {
  kills: {
    en: '“BERT is GPT without the mask; trained on the same objective it would do better.”',
    zh: '“BERT 就是去掉掩码的 GPT，同一个目标训练会更好。”',
  },
  steps: [
    step({
      state: `kernel=naive&${ZH}&at=1.0.2&row=35`,
      show: ['mask'],
      ring: { of: 'view', id: 'mask' },
      read: seen,
      say: ({ token, seen: visible, all }) => ({
        en: `Causal, as GPT: ${token} sees ${visible} of ${all} tokens, itself and what stands before it.`,
        zh: `因果（GPT）：“${token}”只看得见 ${all} 个里的 ${visible} 个，自己和前面的。`,
      }),
    }),
    step({
      state: `${HEAD}&mask=full&at=1.0.2&row=35`,
      show: ['mask'],
      ring: { of: 'view', id: 'mask' },
      read: seen,
      say: ({ token, seen: visible, all }) => ({
        en: `Bidirectional, as BERT: ${token} sees ${visible} of ${all}.`,
        zh: `双向（BERT）：“${token}”看得见 ${all} 个里的 ${visible} 个。`,
      }),
    }),
    step({
      state: modelState('stack', { text: POEM }),
      show: ['model-stack'],
      ring: { of: 'mark', id: 'strip' },
      read: ({ model }) => model?.reading && { plain: mean(model.reading.losses).toFixed(2) },
      say: ({ plain }) => ({
        en: `GPT’s objective: every token from those before it. The bars are its loss, ${plain} nats on average.`,
        zh: `GPT 的目标：由前文预测下一个。条高是每个 token 的损失，平均 ${plain} nats。`,
      }),
    }),
    step({
      state: modelState('stack', { text: POEM, options: { mask: 'full' } }),
      show: ['model-stack'],
      ring: { of: 'mark', id: 'strip' },
      read: (facts) => {
        const loss = lossesHere(facts);
        return loss && { plain: loss.plain.toFixed(2), now: loss.now.toFixed(2) };
      },
      say: ({ plain, now }) => ({
        en: `The same weights without the mask: ${plain} becomes ${now}. Not cleverer: the answer stands in plain view.`,
        zh: `同一套权重拆掉掩码：${plain} 变成 ${now}。不是变聪明，是答案就在眼前。`,
      }),
    }),
    step({
      state: modelState('stack', { text: POEM, options: { mask: 'full' }, cache: true }),
      show: ['model-stack'],
      ring: { of: 'mark', id: 'layers' },
      read: ({ model }) => {
        const held = model?.reading?.difference;
        return held && { rows: whole(held.changed.at(-1)!), old: whole(held.tokens), most: value(held.k.at(-1)!) };
      },
      say: ({ rows, old, most }) => ({
        en: `Generating has no “after”: append one token, and in the last layer ${rows} of ${old} old rows of K change, by up to ${most}.`,
        zh: `可生成时没有“后面”：追加一字，最后一层 ${old} 行旧 K 变了 ${rows} 行，最多 ${most}。`,
      }),
    }),
    step({
      state: modelState('stack', { text: POEM }),
      show: ['model-stack'],
      ring: { of: 'mark', id: 'strip' },
      read: (facts) => {
        const targets = targetsOf(facts);
        return targets && { causal: whole(targets.causal), masked: whole(targets.masked) };
      },
      say: ({ causal, masked }) => ({
        en: `So BERT hides some tokens and guesses them from both sides: about ${masked} targets here, where GPT has ${causal}.`,
        zh: `所以 BERT 挖掉一些字，看两边来猜：这段约 ${masked} 个目标，GPT 有 ${causal} 个。`,
      }),
    }),
    step({
      state: modelState('stack', { text: POEM }),
      show: ['model-stack'],
      ring: { of: 'mark', id: 'layers' },
      read: ({ model }) => {
        if (!model?.reading) return undefined;
        const { rms, added } = model.reading;
        const layer = added.length - 2;
        const share = (half: 0 | 1): string => count(added[layer + half]![model.at]! / rms[layer + half]![model.at]!);
        return { attention: share(0), ffn: share(1) };
      },
      say: ({ attention, ffn }) => ({
        en: `GPT and BERT both stack self-attention and FFN (last layer here: × ${attention}, × ${ffn}); mask, objective and use differ.`,
        zh: `两边每层都是自注意力加 FFN（这里末层 × ${attention}、× ${ffn}）；差别是掩码、目标和用法。`,
      }),
    }),
  ],
  predict: {
    before: 4,
    ask: {
      en: 'The same weights, the causal mask taken off: what becomes of the mean loss of predicting the next token?',
      zh: '同一套权重，拆掉因果掩码：预测下一个 token 的平均损失会？',
    },
    choices: [
      { id: 'double', label: { en: 'about twice as high', zh: '升一倍' } },
      { id: 'same', label: { en: 'about the same', zh: '差不多' } },
      { id: 'half', label: { en: 'about half', zh: '降一半' } },
    ],
    veil: ['now'],
    truth: (facts) => {
      const loss = lossesHere(facts);
      return loss && loss.now / loss.plain;
    },
    right: (truth) => (truth > 1.5 ? 'double' : truth > 0.75 ? 'same' : 'half'),
    tell: times,
    after: {
      en: 'Each position sees the very token it should predict: the answer leaks, and the loss says nothing.',
      zh: '每个位置都看得到要预测的那个 token：答案泄漏了，这个损失说明不了什么。',
    },
  },
  exercise: {
    ask: {
      en: 'The poem up to 悠悠。is a prompt: every token of it shall see all of it. What follows is generated: no token may look ahead. Choose the mask.',
      zh: '到“悠悠。”为止是提示：其中每个 token 都要看得见整段提示。后面要逐字生成：不许偷看。选掩码。',
    },
    state: `${HEAD}&mask=full&row=20`,
    show: ['mask'],
    ring: { of: 'view', id: 'mask' },
    control: {
      kind: 'pick',
      key: 'mask',
      label: { en: 'Mask', zh: '掩码' },
      values: ['full', 'causal', 'prefix-16', 'prefix-32', 'prefix-48'],
    },
    read: ({ frame }) => {
      const now = visibility(frame);
      return now && { both: whole(now.both), prompt: whole(PROMPT), ahead: whole(now.ahead) };
    },
    say: ({ both = '', prompt = '', ahead = '' }) => ({
      en: `${both} of the ${prompt} tokens of the prompt see all of it; weights that look ahead after it: ${ahead}.`,
      zh: `prompt 的 ${prompt} 个 token 里有 ${both} 个看得见整段 prompt；之后偷看的权重有 ${ahead} 个。`,
    }),
    pass: ({ frame }) => {
      const now = visibility(frame);
      return now && now.both === PROMPT && now.ahead === 0;
    },
    hints: [
      {
        en: 'A prefix mask: the first so many keys are seen by all, the others only from behind.',
        zh: 'prefix 掩码：最前面若干个 key 谁都看得见，其余只能往前看。',
      },
      { en: 'Count the tokens up to 悠悠。, marks included.', zh: '数一数到“悠悠。”有几个 token，标点也算。' },
    ],
    passed: {
      en: 'Right: a prefix LM, bidirectional on its input and causal on its output, in one stack.',
      zh: '对：这就是 prefix LM，输入双向、输出因果，一个栈里两者兼有。',
    },
  },
  answers: [
    {
      faq: ['01'],
      question: { en: 'How do GPT and BERT differ?', zh: 'GPT 和 BERT 有什么区别？' },
      answer: {
        en: 'GPT: decoder-only, causal mask, next-token objective, generation and prompting. BERT: encoder-only, bidirectional, MLM (NSP proved dispensable), fine-tuned with small heads for understanding. Both stack self-attention and FFN; GPT has no cross-attention.',
        zh: 'GPT 是 decoder-only：因果掩码，自左向右预测下一个 token，擅长生成，用提示或指令微调做各种任务。BERT 是 encoder-only：双向注意力，用 MLM（和后来被证明可去掉的 NSP）预训练，加小的输出层微调做分类、抽取、表示。两者的层都有自注意力和 FFN；GPT 没有交叉注意力。',
      },
      wrong: {
        en: '“BERT uses both self-attention and a feed-forward network” sounds as if GPT had no FFN: each of its layers has one.',
        zh: '“BERT 同时使用了自注意力和前馈”像是说 GPT 没有 FFN：GPT 每层也都有。',
      },
    },
    {
      faq: ['02'],
      question: {
        en: 'Causal and masked language modelling: what is the difference?',
        zh: 'CLM 与 MLM 有什么不同？',
      },
      answer: {
        en: 'CLM factorises the sequence, every position is a target, training matches generation. MLM picks 15 % (80/10/10), scores only those, sees both sides, suits understanding, cannot generate directly, and [MASK] never occurs downstream. Next-token prediction with bidirectional attention would leak the answer.',
        zh: 'CLM 把序列概率分解为逐 token 条件概率，每个位置都是目标，训练与生成一致。MLM 选 15 % 的 token（80 % 换 [MASK]、10 % 随机、10 % 不变），只在这些位置算损失，看两侧上下文，适合理解，但不能直接逐字生成，且 [MASK] 在下游不出现。若双向去做“预测下一个”，答案会泄漏。',
      },
    },
  ],
  sources: [
    {
      authors: 'Radford, Narasimhan, Salimans, Sutskever',
      year: 2018,
      title: 'Improving Language Understanding by Generative Pre-Training',
      section: '§3.1 (the causal objective)',
    },
    {
      authors: 'Devlin, Chang, Lee, Toutanova',
      year: 2019,
      title: 'BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding',
      section: '§3.1 (masked LM, next sentence prediction)',
    },
    {
      authors: 'Liu et al.',
      year: 2019,
      title: 'RoBERTa: A Robustly Optimized BERT Pretraining Approach',
      section: '§4.2 (without next sentence prediction)',
    },
    {
      authors: 'Raffel et al.',
      year: 2020,
      title: 'Exploring the Limits of Transfer Learning with a Unified Text-to-Text Transformer',
      section: '§3.2.1 (prefix LM)',
    },
  ],
  notShown: {
    en: 'Not shown: a model trained on masked tokens. This one was trained causally, and with its mask off it is no BERT: so no hole is filled here.',
    zh: '这里没有演示的：用挖空训练的双向模型。本模型按因果训练，拆掉掩码也不是 BERT，所以没有挖空填字。',
  },
};
