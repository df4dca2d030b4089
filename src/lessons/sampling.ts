// Lesson 13: temperature, top-k, top-p.
import type { Facts } from '../figure/facts';
import { percent } from '../ui/format';
import { whole } from '../ui/whole';
import { step, type Lesson } from './lesson';
import { keptAt, modelState, OPEN_AT, POEM, settingsText, SURE_AT, topOf } from './model-reading';

const at = (position: number, sampling: Partial<Parameters<typeof modelState>[1]['sampling']> = {}): string =>
  modelState('next', { text: POEM, at: position, sampling: { temperature: 1, ...sampling } });

const first = (facts: Facts) => {
  const top = topOf(facts);
  return top && { top: top.label, p: percent(top.p) };
};

/** How many are kept after each token. */
function sizes(facts: Facts): number[] | undefined {
  const all = facts.model?.reading?.ids.map((_, i) => keptAt(facts, i) ?? 0);
  return all?.toSorted((a, b) => a - b);
}

const heat = (temperature: number): string =>
  settingsText({ text: POEM, at: OPEN_AT, sampling: { temperature, topP: 0.9 } });

export const sampling: Lesson = {
  kills: {
    en: '“They are one and the same knob”; “top-p takes what stays below p”.',
    zh: '“它们是同一个旋钮”；“top-p 取累计不超过 p 的”。',
  },
  steps: [
    step({
      state: at(SURE_AT),
      show: ['model-next'],
      ring: { of: 'mark', id: 'bar.0' },
      read: first,
      say: ({ top, p }) => ({
        en: `After 楼 the model is sure: ${top} ${p}.`,
        zh: `“楼”之后模型很确定：${top} ${p}。`,
      }),
    }),
    step({
      state: at(OPEN_AT),
      show: ['model-next'],
      ring: { of: 'mark', id: 'bars' },
      read: first,
      say: ({ top, p }) => ({
        en: `After 余 it is not: the first, ${top}, has only ${p}.`,
        zh: `“余”之后很不确定：第一名“${top}”只有 ${p}。`,
      }),
    }),
    step({
      state: at(OPEN_AT, { temperature: 0.5 }),
      show: ['model-next'],
      controls: ['t'],
      ring: { of: 'mark', id: 'bars' },
      read: first,
      say: ({ top, p }) => ({
        en: `Temperature divides the logits: at 0.5 ${top} has ${p}. Steeper or flatter, but the ranks stay.`,
        zh: `温度除在 logits 上：T = 0.5 时“${top}”有 ${p}。只改陡缓，名次不变。`,
      }),
    }),
    step({
      state: at(SURE_AT, { topK: 50 }),
      show: ['model-next'],
      controls: ['k'],
      ring: { of: 'mark', id: 'curve' },
      read: (facts) => {
        const [sure, open] = [keptAt(facts, SURE_AT), keptAt(facts, OPEN_AT)];
        return sure === undefined || open === undefined
          ? undefined
          : { sureK: whole(sure), openK: whole(open), p: first(facts)?.p ?? '' };
      },
      say: ({ sureK, openK, p }) => ({
        en: `Top-k has fixed places: ${sureK} here, where the first alone has ${p}, and ${openK} after 余.`,
        zh: `top-k 是固定名额：这里留 ${sureK} 个（第一名就有 ${p}），“余”后也留 ${openK} 个。`,
      }),
    }),
    step({
      state: at(OPEN_AT, { topP: 0.9 }),
      show: ['model-next'],
      controls: ['p'],
      ring: { of: 'mark', id: 'curve' },
      read: (facts) => {
        const [sure, open] = [keptAt(facts, SURE_AT), keptAt(facts, OPEN_AT)];
        return sure === undefined || open === undefined ? undefined : { sure: whole(sure), open: whole(open) };
      },
      say: ({ sure, open }) => ({
        en: `Top-p keeps the smallest set that reaches 0.9: ${sure} after 楼, ${open} after 余.`,
        zh: `top-p 留累计达到 0.9 的最小集合：“楼”后 ${sure} 个，“余”后 ${open} 个。`,
      }),
    }),
    step({
      state: at(OPEN_AT, { topP: 0.9 }),
      show: ['model-next'],
      controls: [],
      ring: { of: 'mark', id: 'strip' },
      read: (facts) => {
        const all = sizes(facts);
        return (
          all && {
            least: whole(all[0]!),
            middle: whole(all[Math.floor(all.length / 2)]!),
            most: whole(all.at(-1)!),
          }
        );
      },
      say: ({ least, middle, most }) => ({
        en: `How many stay, along the poem: from ${least} to ${most}, the median ${middle}; lowest at the ends of lines.`,
        zh: `全诗各处留下几个：${least} 到 ${most}，中位数 ${middle}；句末最少。`,
      }),
    }),
    step({
      state: at(OPEN_AT, { temperature: 1.5, topP: 0.9 }),
      show: ['model-next'],
      controls: ['t', 'order'],
      ring: { of: 'mark', id: 'curve' },
      read: (facts) => {
        const [hot, cut] = [keptAt(facts, OPEN_AT), keptAt(facts, OPEN_AT, { cutFirst: true })];
        return hot === undefined || cut === undefined ? undefined : { hot: whole(hot), cutFirst: whole(cut) };
      },
      say: ({ hot, cutFirst }) => ({
        en: `The order matters: temperature 1.5 first, the set of 0.9 has ${hot}; cut first, ${cutFirst}.`,
        zh: `次序要紧：先除温度 1.5，0.9 的核有 ${hot} 个；先截断则 ${cutFirst} 个。`,
      }),
    }),
    step({
      state: modelState('next', { text: POEM, sampling: { temperature: 0.8, topP: 0.9 }, more: 40, seed: 3 }),
      show: ['model-next'],
      controls: ['t', 'p', 'grow'],
      ring: { of: 'mark', id: 'grown' },
      read: ({ model }) => model && { grown: whole(model.grown.length) },
      say: ({ grown }) => ({
        en: `${grown} tokens at temperature 0.8 and top-p 0.9. Colder it loops, hotter it babbles: try.`,
        zh: `温度 0.8、top-p 0.9 续写了 ${grown} 个 token。更低就复读，更高就乱码：试试看。`,
      }),
    }),
  ],
  predict: {
    before: 5,
    ask: {
      en: 'Top-p = 0.9: how many tokens stay after 楼 (sure), and after 余 (open)?',
      zh: 'top-p = 0.9：“楼”（很确定）和“余”（很不确定）之后各留几个？',
    },
    choices: [
      { id: 'alike', label: { en: 'about as many at both', zh: '两处差不多' } },
      { id: 'tens', label: { en: 'one, and some tens', zh: '1 个，和几十个' } },
      { id: 'many', label: { en: 'one, and more than a thousand', zh: '1 个，和一千多个' } },
    ],
    veil: ['sure', 'open'],
    truth: (facts) => keptAt(facts, OPEN_AT),
    right: (truth) => (truth > 1000 ? 'many' : truth > 10 ? 'tens' : 'alike'),
    tell: whole,
    after: {
      en: 'The set follows the model’s certainty; a fixed k cannot.',
      zh: '集合大小随模型的把握变化；固定的 k 做不到。',
    },
  },
  exercise: {
    ask: {
      en: 'Only by temperature: make the set of 0.9 after 余 at most 50 tokens.',
      zh: '只动温度，使“余”之后 0.9 的核 ≤ 50 个。',
    },
    state: `lab=model&picture=next&model=${heat(1)}`,
    show: ['model-next'],
    ring: { of: 'mark', id: 'curve' },
    control: {
      kind: 'pick',
      key: 'model',
      label: { en: 'Temperature', zh: '温度' },
      values: [0.2, 0.4, 0.6, 0.8, 1, 1.2].map(heat),
    },
    name: (value) => /_t-([\d.]+)/.exec(value)?.[1] ?? '1',
    read: (facts) => {
      const kept = keptAt(facts, OPEN_AT);
      return kept === undefined ? undefined : { kept: whole(kept) };
    },
    say: ({ kept = '' }) => ({ en: `It keeps ${kept}.`, zh: `留下 ${kept} 个。` }),
    pass: (facts) => {
      const kept = keptAt(facts, OPEN_AT);
      return kept === undefined ? undefined : kept <= 50;
    },
    hints: [
      {
        en: 'Below 1 the distribution gets steeper: fewer tokens reach 0.9.',
        zh: 'T 小于 1，分布更陡：达到 0.9 的更少。',
      },
    ],
    passed: { en: 'Right: a cold distribution has a small nucleus.', zh: '对：温度低，核就小。' },
  },
  answers: [
    {
      faq: ['19', '17'],
      question: { en: 'Temperature, top-k, top-p: what do they do?', zh: '温度、top-k、top-p 各做什么？' },
      answer: {
        en: 'T divides the logits: below 1 sharper, above 1 flatter, ranks unchanged, T→0 is greedy. Top-k keeps k tokens; top-p keeps the smallest set whose mass reaches p, so its size follows the model’s certainty; then renormalise and draw. The usual order is penalties, temperature, top-k, top-p, and order matters.',
        zh: '温度 T 在 softmax 前除 logits：T<1 更尖，T>1 更平，名次不变，T→0 即贪心。top-k 只留概率最高的 k 个；top-p 留累计概率达到 p 的最小集合，个数随模型的把握自动变化；截断后重新归一化再采样。常见顺序是惩罚 → 温度 → top-k → top-p，先后会影响集合。需要确定答案时低温，创作时 0.7-1 配 top-p 0.9 左右。',
      },
    },
  ],
  sources: [
    {
      authors: 'Holtzman, Buys, Du, Forbes, Choi',
      year: 2020,
      title: 'The Curious Case of Neural Text Degeneration',
      section: '§3.1 (nucleus sampling)',
    },
    {
      authors: 'Fan, Lewis, Dauphin',
      year: 2018,
      title: 'Hierarchical Neural Story Generation',
      section: '§5.4 (top-k)',
    },
  ],
  notShown: {
    en: 'Not shown: min-p, typical and beam search.',
    zh: '这里没有演示的：min-p、typical sampling 和束搜索。',
  },
};
