// Lesson 14: why it repeats itself.
import type { Facts } from '../figure/facts';
import type { Reading } from '../model/reading';
import { count, percent } from '../ui/format';
import { whole } from '../ui/whole';
import { step, type Lesson } from './lesson';
import { chanceOf, CRANE, mean, modelState, settingsText } from './model-reading';

const COPIES = 8;
const [START, COPY] = ['The whale', ', and the whale'] as const;
const LOOP = START + COPY.repeat(COPIES);
const GREEDY = { temperature: 0 } as const;

/** What each copy's tokens were given on average (geometric), copy by copy. */
function copies(reading: Reading | undefined): number[] | undefined {
  if (!reading) return undefined;
  // The beginning has fewer tokens than there are copies.
  const length = Math.floor(reading.ids.length / COPIES);
  const from = reading.losses.length - COPIES * length;
  return Array.from({ length: COPIES }, (_, i) =>
    Math.exp(-mean(reading.losses.subarray(from + i * length, from + (i + 1) * length))),
  );
}

/** All copies but the first: there is something to copy. */
const copied = (reading: Reading | undefined): number | undefined => {
  const all = copies(reading)?.slice(1);
  return all && mean(all);
};

/** How often the most frequent run of four tokens occurs in what was grown. */
export function mostRepeated({ model }: Facts): number | undefined {
  const tokens = model?.grown.map(({ token }) => token);
  if (!tokens || tokens.length < 4) return undefined;
  const times = new Map<string, number>();
  for (let i = 0; i + 4 <= tokens.length; i++) {
    const run = tokens.slice(i, i + 4).join();
    times.set(run, (times.get(run) ?? 0) + 1);
  }
  return Math.max(...times.values());
}

const grownBy = (penalty: number): string =>
  settingsText({ text: START, sampling: { ...GREEDY, ...(penalty > 1 && { penalty }) }, more: 60 });

export const repeat: Lesson = {
  kills: { en: '“It repeats only because the training data did.”', zh: '“复读只因训练数据有重复。”' },
  steps: [
    step({
      state: modelState('next', { text: START, sampling: GREEDY, more: 24 }),
      show: ['model-next'],
      controls: ['t', 'grow'],
      ring: { of: 'mark', id: 'grown' },
      read: (facts) => {
        const { model } = facts;
        const most = mostRepeated(facts);
        return most === undefined || !model ? undefined : { grown: whole(model.grown.length), most: whole(most) };
      },
      say: ({ grown, most }) => ({
        en: `Greedy, from “The whale”: within ${grown} tokens the same four come ${most} times.`,
        zh: `贪心续写 The whale：${grown} 个 token 里，同样的四个连着出现了 ${most} 次。`,
      }),
    }),
    step({
      state: modelState('stack', { text: LOOP }),
      show: ['model-stack'],
      ring: { of: 'mark', id: 'strip' },
      read: ({ model }) => {
        const all = copies(model?.reading);
        return all && { before: count(all[0]!), last: count(all.at(-1)!) };
      },
      say: ({ before, last }) => ({
        en: `The more it repeats, the surer it gets: a token of the first copy ${before}, of the last ${last}.`,
        zh: `越复读越自信：第一遍每 token 概率 ${before}，最后一遍 ${last}。`,
      }),
    }),
    step({
      state: modelState('stack', { text: LOOP }),
      show: ['model-stack'],
      ring: { of: 'mark', id: 'head.3.2' },
      say: () => ({
        en: 'Stripes beside the diagonal: this head looks at what followed the same token the last time.',
        zh: '平行于对角线的条纹：这个头正看着“上次这里后面是什么”。',
      }),
    }),
    step({
      state: modelState('stack', { text: LOOP, options: { ablate: [{ layer: 0, head: 2 }] } }),
      show: ['model-stack'],
      controls: ['ablate'],
      ring: { of: 'mark', id: 'head.0.2' },
      read: ({ model }) => {
        const [plain, silent] = [copied(model?.plain), copied(model?.reading)];
        return plain === undefined || silent === undefined ? undefined : { plain: count(plain), silent: count(silent) };
      },
      say: ({ plain, silent }) => ({
        en: `Switch off L0·H2, and a copied token falls from ${plain} to ${silent}: a circuit, no accident. Try others.`,
        zh: `关掉 L0·H2：每 token 概率从 ${plain} 降到 ${silent}。是电路，不是偶然。可以关别的试试。`,
      }),
    }),
    step({
      state: `lab=model&picture=next&model=${grownBy(1.3)}`,
      show: ['model-next'],
      controls: ['t', 'p', 'penalty', 'grow'],
      ring: { of: 'mark', id: 'grown' },
      read: (facts) => {
        const most = mostRepeated(facts);
        return most === undefined ? undefined : { most: whole(most) };
      },
      say: ({ most }) => ({
        en: `A penalty of 1.3 breaks the loop: no four tokens come more than ${most} times. Sampling does, too.`,
        zh: `惩罚 1.3 打破循环：四个连着的 token 最多出现 ${most} 次。采样也行。`,
      }),
    }),
    step({
      state: modelState('next', { text: CRANE, sampling: { temperature: 1, penalty: 1.3 } }),
      show: ['model-next'],
      controls: ['penalty'],
      ring: { of: 'mark', id: 'bars' },
      read: (facts) => {
        const p = chanceOf(facts, '鹤');
        return p === undefined ? undefined : { price: percent(p) };
      },
      say: ({ price }) => ({
        en: `The price: what should come again is held down, too. 鹤 after 黄 has only ${price} now.`,
        zh: `代价：该重复的也被压住。“黄”后的“鹤”只剩 ${price}。`,
      }),
    }),
  ],
  predict: {
    before: 2,
    ask: {
      en: 'The same words eight times over: how likely is a token of the last copy, against the first?',
      zh: '同样的话重复八遍：最后一遍每个 token 的概率，与第一遍相比？',
    },
    choices: [
      { id: 'lower', label: { en: 'lower: it gets bored', zh: '更低：该换花样了' } },
      { id: 'same', label: { en: 'about the same', zh: '差不多' } },
      { id: 'higher', label: { en: 'higher: it gets surer', zh: '更高：越来越自信' } },
    ],
    veil: ['before', 'last'],
    truth: ({ model }) => {
      const all = copies(model?.reading);
      return all && all.at(-1)! / all[0]!;
    },
    right: (truth) => (truth > 1.2 ? 'higher' : truth > 0.8 ? 'same' : 'lower'),
    tell: (truth) => `× ${count(truth)}`,
    after: {
      en: 'Each repetition is one more example of repeating.',
      zh: '每重复一次，上文里就多一个“该重复”的例子。',
    },
  },
  exercise: {
    ask: {
      en: 'Greedy, 60 tokens after “The whale”: find a penalty with which no four tokens in a row come three times.',
      zh: '贪心续写 The whale 60 个 token：找一个惩罚系数，使没有任何四连出现三次。',
    },
    state: `lab=model&picture=next&model=${grownBy(1)}`,
    show: ['model-next'],
    ring: { of: 'mark', id: 'grown' },
    control: {
      kind: 'pick',
      key: 'model',
      label: { en: 'Penalty', zh: '惩罚' },
      values: [1, 1.02, 1.05, 1.1, 1.2, 1.3].map(grownBy),
    },
    name: (value) => /penalty-([\d.]+)/.exec(value)?.[1] ?? '1',
    read: (facts) => {
      const most = mostRepeated(facts);
      return most === undefined ? undefined : { most: whole(most) };
    },
    say: ({ most = '' }) => ({ en: `Most often: ${most} times.`, zh: `最多出现 ${most} 次。` }),
    pass: (facts) => {
      const most = mostRepeated(facts);
      return most === undefined ? undefined : most < 3;
    },
    hints: [
      { en: 'Begin low: every tenth costs repetitions that are wanted.', zh: '从小的试起：系数越大，误伤越多。' },
    ],
    passed: { en: 'Right: the loop is broken.', zh: '对：循环打破了。' },
  },
  answers: [
    {
      faq: ['11'],
      question: { en: 'Why do language models repeat themselves?', zh: '为什么会出现复读机？怎么办？' },
      answer: {
        en: 'The model conditions on its own output, and repeated context raises the chance of repeating again; the mechanism is induction-like copying; greedy and beam search fall in most easily, duplicated data makes it worse. Decoding cures: sampling, repetition/frequency/presence penalties, n-gram blocking, at the price of harming wanted repetition. Training cures: deduplication, unlikelihood, better tuning.',
        zh: '最大似然训练的模型在自己的输出上续写，重复的上文会提高再次重复的概率（自我强化），机制上是“上次之后是什么就抄什么”的归纳头；贪心和束搜索总走最大概率，最容易陷入循环，训练语料重复会加重。解码侧：采样（温度、top-p）、重复/频率/存在惩罚、禁止 n-gram 重复，代价是误伤正常重复。训练侧：去重、unlikelihood 训练、更好的指令/偏好微调。',
      },
    },
  ],
  sources: [
    {
      authors: 'Xu, Liu, Yan, Cai, Li, Li',
      year: 2022,
      title: 'Learning to Break the Loop: Analyzing and Mitigating Repetitions for Neural Text Generation',
      section: '§2',
    },
    { authors: 'Keskar et al.', year: 2019, title: 'CTRL: A Conditional Transformer Language Model', section: '§4.1' },
    { authors: 'Olsson et al.', year: 2022, title: 'In-context Learning and Induction Heads', section: 'key concepts' },
  ],
  notShown: {
    en: 'Not shown: the training cures (deduplication, unlikelihood).',
    zh: '这里没有演示的：训练侧的办法（去重、unlikelihood）。',
  },
};
