// Lesson 1: where the next token comes from.
import { count, percent } from '../ui/format';
import { whole } from '../ui/whole';
import { step, type Lesson } from './lesson';
import { chanceOf, CRANE, modelState, nextOf, settingsText, topOf } from './model-reading';

const [TWICE, CRANE_SIGN] = ['黄', '鹤'] as const;
const ONE = modelState('stack', { text: CRANE });

export const next: Lesson = {
  kills: { en: '“The model thinks up the whole sentence, then writes it.”', zh: '“模型先想好整句再写出来。”' },
  steps: [
    step({
      state: ONE,
      show: ['model-stack'],
      ring: { of: 'mark', id: 'strip' },
      read: ({ model }) =>
        model?.reading && { tokens: whole(model.labels.length), width: whole(model.reading.config.width) },
      say: ({ tokens, width }) => ({
        en: `This line becomes ${tokens} tokens, each a row of ${width} numbers. Nothing else goes in.`,
        zh: `这句话变成 ${tokens} 个 token，每个是 ${width} 个数，别的什么也没进去。`,
      }),
    }),
    step({
      state: ONE,
      show: ['model-stack'],
      ring: { of: 'mark', id: 'layers' },
      read: ({ model }) => {
        const rms = model?.reading?.rms.map((row) => row[model.at] ?? 0);
        return rms && { from: count(rms[0]!), to: count(rms.at(-1)!) };
      },
      say: ({ from, to }) => ({
        en: `Layer after layer adds to the same residual stream: for the last token it grows from ${from} to ${to}.`,
        zh: `一层层往同一条残差流里加东西：最后一个 token 从 ${from} 涨到 ${to}。`,
      }),
    }),
    step({
      state: ONE,
      show: ['model-stack'],
      ring: { of: 'mark', id: 'head.2.2' },
      also: {
        state: `input=text&text=${CRANE}&layer=2&head=2`,
        label: { en: 'Open this head, step by step', zh: '单步打开这个头' },
      },
      say: () => ({
        en: 'Attention does one thing: it carries information from earlier tokens to later ones. Each small map is one head.',
        zh: '注意力只做一件事：从前面的 token 搬信息过来。每一格是一个头，点开就能单步。',
      }),
    }),
    step({
      state: modelState('next', { text: CRANE }),
      show: ['model-next'],
      ring: { of: 'mark', id: 'bar.0' },
      read: (facts) => {
        const dist = nextOf(facts);
        const top = topOf(facts);
        const label = (rank: number) => (dist && facts.model?.vocabulary[dist.order[rank]!]) ?? '';
        return (
          dist &&
          top && {
            top: top.label,
            p: percent(top.p),
            second: `${label(1)} ${percent(dist.p[1]!)}`,
            third: `${label(2)} ${percent(dist.p[2]!)}`,
          }
        );
      },
      say: ({ top, p, second, third }) => ({
        en: `The last row, times the vocabulary, through a softmax: ${top} ${p}, ${second}, ${third}.`,
        zh: `最后一行乘词表，过 softmax：${top} ${p}，${second}，${third}。`,
      }),
    }),
    step({
      state: modelState('stack', { text: CRANE + CRANE_SIGN, cache: true }),
      show: ['model-stack'],
      ring: { of: 'mark', id: 'layers' },
      read: ({ model }) => {
        const held = model?.reading?.difference;
        return held && { old: whole(held.tokens), changed: whole(held.changed.reduce((sum, n) => sum + n, 0)) };
      },
      say: ({ old, changed }) => ({
        en: `Append it and run again: of the ${old} old rows of K, ${changed} changed. They come from the cache; one row is new.`,
        zh: `接上它再来一遍：${old} 行旧 K 里变了 ${changed} 行。旧行从缓存读，只新算一行。`,
      }),
    }),
    step({
      state: modelState('next', { text: CRANE, at: 4 }),
      show: ['model-next'],
      ring: { of: 'mark', id: 'headline' },
      read: (facts) => {
        const p = chanceOf(facts, CRANE_SIGN);
        return p === undefined ? undefined : { first: percent(p) };
      },
      say: ({ first }) => ({
        en: `At the first ${TWICE} ${CRANE_SIGN} had only ${first}: what was likely later was copied from the text itself.`,
        zh: `第一次见到${TWICE}时，${CRANE_SIGN}只有 ${first}：后来那么高，是从上文抄来的。`,
      }),
    }),
  ],
  predict: {
    before: 4,
    ask: {
      en: '黄鹤 (yellow crane) stood once in this line. After the second 黄, how likely is 鹤?',
      zh: '“黄鹤”在这句里出现过一次。第二个“黄”之后，模型给“鹤”的概率？',
    },
    choices: [
      { id: 'low', label: { en: 'about 1 %', zh: '约 1 %' } },
      { id: 'some', label: { en: 'about 20 %', zh: '约 20 %' } },
      { id: 'high', label: { en: 'over 80 %', zh: '80 % 以上' } },
    ],
    veil: ['top', 'p', 'second', 'third'],
    truth: (facts) => chanceOf(facts, CRANE_SIGN),
    right: (truth) => (truth > 0.5 ? 'high' : truth > 0.05 ? 'some' : 'low'),
    tell: percent,
    after: {
      en: 'Nothing was planned: the condition is all that stands before.',
      zh: '没有任何“计划”：条件就是前面的全部文字。',
    },
  },
  exercise: {
    ask: {
      en: 'Write a beginning after which the likeliest token has 90 % or more.',
      zh: '写一个开头，让第一名的概率 ≥ 90 %。',
    },
    state: modelState('next', { text: '昔人已乘' }),
    show: ['model-next'],
    ring: { of: 'mark', id: 'headline' },
    control: {
      kind: 'text',
      key: 'model',
      label: { en: 'Beginning', zh: '开头' },
      limit: 120,
      write: (text) => settingsText({ text }),
      read: (value) => value.slice(value.indexOf('*') + 1),
    },
    read: (facts) => {
      const top = topOf(facts);
      return top && { top: top.label, p: percent(top.p) };
    },
    say: ({ top = '', p = '' }) => ({ en: `The first: ${top}, ${p}.`, zh: `第一名：${top}，${p}。` }),
    pass: (facts) => {
      const top = topOf(facts);
      return top && top.p >= 0.9;
    },
    hints: [
      {
        en: 'Let the text repeat itself: what came before comes again.',
        zh: '让文字重复自己：上次之后是什么，这次也是。',
      },
      { en: 'Or end a line of the poem: its mark is certain.', zh: '或者写到诗句的末尾：句号很确定。' },
    ],
    passed: { en: 'Right: what stands before decides.', zh: '对：全由前文决定。' },
  },
  answers: [
    {
      faq: ['4'],
      question: { en: 'How does a language model write?', zh: '语言模型是怎样生成文本的？' },
      answer: {
        en: 'A language model learns one thing: the distribution of the next token given a prefix. Embedding and layers (attention moves information between tokens, the FFN works within each) give a last vector, which times the vocabulary matrix gives logits; one token is chosen, appended, and the loop repeats. Prompt positions run in parallel (prefill); generation adds one row a step and reads old K, V from the cache (decode). Nothing plans the sentence; coherence comes from conditioning on all that was said.',
        zh: '语言模型只学一件事：给定前缀，下一个 token 的概率分布。前缀经嵌入和若干层（注意力在 token 之间搬信息，FFN 在每个 token 内部加工），最后位置的向量乘词表矩阵得 logits，softmax 后选一个 token 接到末尾，循环到结束符。提示阶段（prefill）各位置并行算，生成阶段（decode）每步只算一行，旧 K、V 来自缓存。没有“先想好整句”的一步；连贯来自每步都以全部前文为条件。',
      },
    },
  ],
  sources: [
    { authors: 'Vaswani et al.', year: 2017, title: 'Attention Is All You Need', section: '§3' },
    {
      authors: 'Olsson et al.',
      year: 2022,
      title: 'In-context Learning and Induction Heads',
      section: 'key concepts (copying)',
    },
  ],
  notShown: {
    en: 'Not shown: a large model, which may well represent more than one token ahead inside; its output is still one at a time.',
    zh: '这里没有演示的：大模型内部或许有更远的表示；但输出仍是一次一个。',
  },
};
