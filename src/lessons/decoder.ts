// Lesson 6: why most large models are decoder-only.
import type { Frame } from '../frame/frame-types';
import type { Facts } from '../figure/facts';
import { bytes, count } from '../ui/format';
import { whole } from '../ui/whole';
import { step, type Lesson } from './lesson';
import { mean, modelState, POEM, settingsText, targetsOf } from './model-reading';
import { asker, bytesIn, ZH } from './reading';

/** Characters drawn by lot, each once. */
const RANDOM = '舟春情有无老门光白不青金日下河天石山长叶少雪秋玉';

/** What one token more did to the old rows of K: how many rows it changed, and by how much at most, layer by layer. */
function oldKeys({ model }: Facts): { old: string; changed: string; most: string } | undefined {
  const held = model?.reading?.difference;
  return (
    held && {
      old: whole(held.tokens),
      changed: held.changed.map(whole).join(' · '),
      most: held.k.map(count).join(' · '),
    }
  );
}

/** Log10 of |det P| of the plane on screen, by elimination in f64. */
function sizeOf({ trace, plane }: Frame): number | undefined {
  const n = trace.header.run.shape.keys;
  const p = trace.tensors.find(({ id }) => id === 'P')?.data.subarray(plane * n * n, (plane + 1) * n * n);
  if (p?.length !== n * n) return undefined;
  const rows = Array.from({ length: n }, (_, i) => Float64Array.from(p.subarray(i * n, (i + 1) * n)));
  let log = 0;
  for (let i = 0; i < n; i++) {
    // The largest of the column goes first: no quotient is then above 1.
    const best = rows.slice(i).reduce((at, row, k) => (Math.abs(row[i]!) > Math.abs(rows[at]![i]!) ? i + k : at), i);
    [rows[i], rows[best]] = [rows[best]!, rows[i]!];
    const pivot = rows[i]!;
    log += Math.log10(Math.abs(pivot[i]!));
    for (const row of rows.slice(i + 1)) {
      const share = row[i]! / pivot[i]!;
      for (let c = i; c < n; c++) row[c]! -= share * pivot[c]!;
    }
  }
  return log;
}

const [RAISED, ZERO] = ['⁰¹²³⁴⁵⁶⁷⁸⁹', 0x30] as const;

/** A size so small that a plain number cannot say it: 10⁻¹⁵⁷. */
const power = (log: number): string =>
  `10${String(Math.round(log)).replaceAll(/./g, (sign) => RAISED[sign.charCodeAt(0) - ZERO] ?? '⁻')}`;

/** The text against the poem, token by token: a causal cache serves up to the first that differs. */
function againstPoem({ model }: Facts): { changed: number; all: number; again: number } | undefined {
  if (!model?.reading) return undefined;
  const poem = [...POEM];
  const { labels } = model;
  const differs = labels.map((label, i) => label !== poem[i]);
  const first = differs.indexOf(true);
  return {
    changed: differs.filter(Boolean).length,
    all: labels.length,
    again: first < 0 ? 0 : labels.length - first,
  };
}

export const decoder: Lesson = {
  kills: {
    en: '“Because causal attention was proved to be of full rank.”',
    zh: '“因为已证明因果矩阵满秩。”',
  },
  steps: [
    step({
      state: 'kernel=decode&input=seed&n=256&nq=1&d=32&heads=1',
      show: ['cross'],
      ring: { of: 'matrix', role: 'K' },
      read: ({ frame }) =>
        frame && {
          keys: whole(frame.trace.header.run.shape.keys),
          cache: bytes(bytesIn(frame, 'K', 'V')),
        },
      say: ({ keys, cache }) => ({
        en: `Generating one token: a single row of Q reads the whole cache, K and V of ${keys} tokens, ${cache}.`,
        zh: `生成一步：一行 query 读完整个缓存，${keys} 个 token 的 K、V，共 ${cache}。`,
      }),
    }),
    step({
      state: modelState('stack', { text: POEM, cache: true }),
      show: ['model-stack'],
      ring: { of: 'mark', id: 'layers' },
      read: oldKeys,
      say: ({ old, changed, most }) => ({
        en: `Append one token. Of ${old} old rows of K, layer by layer: ${changed} changed, by ${most} at most.`,
        zh: `追加一个 token：${old} 行旧 K，逐层变了 ${changed} 行，最多变 ${most}。`,
      }),
    }),
    step({
      state: modelState('stack', { text: POEM, options: { mask: 'full' }, cache: true }),
      show: ['model-stack'],
      ring: { of: 'mark', id: 'layers' },
      read: oldKeys,
      say: ({ old, changed, most }) => ({
        en: `Without the mask ${changed} of ${old} rows change, by ${most}: the cache is void, all is computed again.`,
        zh: `去掉掩码：${old} 行里逐层变了 ${changed} 行，最多 ${most}。缓存作废，全部重算。`,
      }),
    }),
    step({
      state: 'lab=page&page=chat&moment=5',
      show: ['tables'],
      ring: { of: 'view', id: 'tables' },
      read: ({ page }) => {
        const request = asker(page);
        return request && { name: request.name, hit: whole(request.hitTokens), prompt: whole(request.promptLength) };
      },
      say: ({ name, hit, prompt }) => ({
        en: `A prefix that never changes can be shared: ${name} finds ${hit} of its ${prompt} prompt tokens computed already.`,
        zh: `前缀不变，不同请求就能共用：${name} 的 ${prompt} 个提示 token 有 ${hit} 个不用算。`,
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
        en: `Every token with a bar is a training target: ${causal} in this text, where BERT’s masking has about ${masked}.`,
        zh: `有条的 token 都是训练目标：这段 ${causal} 个；BERT 式挖空约 ${masked} 个。`,
      }),
    }),
    step({
      state: modelState('stack', { text: RANDOM + RANDOM }),
      show: ['model-stack'],
      ring: { of: 'mark', id: 'strip' },
      read: ({ model }) => {
        const losses = model?.reading?.losses;
        const half = (losses?.length ?? 0) >> 1;
        return losses && { first: count(mean(losses.subarray(0, half))), again: count(mean(losses.subarray(half))) };
      },
      say: ({ first, again }) => ({
        en: `It learns from the context: random characters, twice. Mean loss ${first} the first time, ${again} the second.`,
        zh: `同一个模型会从上文学：随机汉字念两遍，平均损失 ${first}，第二遍 ${again}。`,
      }),
    }),
    step({
      state: `lab=compare&kernel=naive&${ZH}&vs=mask:full`,
      show: ['cross'],
      ring: { of: 'scores' },
      read: ({ frame, second }) => {
        const [causal, full] = [frame && sizeOf(frame), second && sizeOf(second)];
        return causal === undefined || full === undefined ? undefined : { causal: power(causal), full: power(full) };
      },
      say: ({ causal, full }) => ({
        en: `“Full rank”? A causal P’s determinant is never zero, yet here ${causal}; unmasked, ${full}. It proves nothing.`,
        zh: `“满秩”？因果 P 的行列式理论上大于零，实测 ${causal}；去掉掩码 ${full}：别当证明讲。`,
      }),
    }),
  ],
  predict: {
    before: 2,
    ask: {
      en: 'Append one token to a text. In a causal model, how much does an old row of K in the last layer change at most?',
      zh: '追加一个 token，因果模型最后一层的旧 K 最多变多少？',
    },
    choices: [
      { id: 'exact', label: { en: 'exactly 0', zh: '恰好 0' } },
      { id: 'tiny', label: { en: 'about 0.000001', zh: '约 0.000001' } },
      { id: 'much', label: { en: 'more than 1', zh: '大于 1' } },
    ],
    veil: ['changed', 'most'],
    truth: ({ model }) => model?.reading?.difference?.k.at(-1),
    right: (truth) => (truth === 0 ? 'exact' : truth < 0.01 ? 'tiny' : 'much'),
    tell: count,
    after: {
      en: 'An old row sees nothing that is new, in any layer. That is why it can be kept.',
      zh: '每一层里，旧行都看不到新 token。所以才能缓存。',
    },
  },
  exercise: {
    ask: {
      en: 'The cache holds the poem as it was written, with 昔 in front. Change one character only, so that the fewest rows are computed again.',
      zh: '缓存里是《黄鹤楼》原文（“昔”开头）。只改一个字，使需要重算的行最少。',
    },
    state: modelState('stack', { text: `今${POEM.slice(1)}` }),
    show: ['model-stack'],
    ring: { of: 'mark', id: 'strip' },
    control: {
      kind: 'text',
      key: 'model',
      label: { en: 'Text', zh: '文本' },
      limit: 120,
      write: (text) => settingsText({ text }),
      read: (value) => value.slice(value.indexOf('*') + 1),
    },
    read: (facts) => {
      const now = againstPoem(facts);
      return now && { changed: whole(now.changed), all: whole(now.all), again: whole(now.again) };
    },
    say: ({ changed = '', all = '', again = '' }) => ({
      en: `${changed} of ${all} tokens differ from the cached ones: rows to compute again: ${again}.`,
      zh: `${all} 个 token 里有 ${changed} 个与缓存不同：要重算 ${again} 行。`,
    }),
    pass: (facts) => {
      const now = againstPoem(facts);
      return now && now.changed === 1 && now.again === 1 && now.all === [...POEM].length;
    },
    hints: [
      {
        en: 'A row depends on all tokens before it, and on none after.',
        zh: '一行取决于它前面的所有 token，与后面的无关。',
      },
      {
        en: 'Put 昔 back first. Which place has nothing after it?',
        zh: '先把“昔”改回来。哪个位置后面什么都没有？',
      },
    ],
    passed: {
      en: 'Right: what changes goes to the end. So prompts put the fixed part first.',
      zh: '对：会变的放最后。所以写 prompt 时，固定的部分放前面。',
    },
  },
  answers: [
    {
      faq: ['3', '8'],
      question: { en: 'Why are most large models decoder-only?', zh: '为什么现在的大模型多是 decoder-only？' },
      answer: {
        en: 'One dense objective fits every task: each token is a target, and any task can be written as a continuation. Causality leaves old K and V unchanged, so caches, shared prefixes and chats are cheap. One uniform stack scales and gets the best kernels. After pure self-supervised pretraining causal decoders were best zero-shot, while models with bidirectional input won after multitask fine-tuning (Wang et al. 2022): not superiority as such. The rank argument is a hypothesis, and our measured determinants do not support it.',
        zh: '一是目标统一且信号密：每个 token 都是目标，任何任务都能写成续写。二是因果使旧 K、V 不变，KV 缓存、前缀共享、多轮对话都便宜。三是结构单一，易扩展，FlashAttention、并行、服务系统都先为它优化。四是实验：纯自监督预训练后零样本以因果 decoder 最好，而经多任务微调时带双向输入的模型可更好（Wang 等 2022），所以不是绝对优越。“低秩/满秩”只是一种假说。',
      },
      wrong: {
        en: '“Proved to be of full rank, hence stronger”: any triangular P with a positive diagonal has full rank, and that says nothing of what a model can do.',
        zh: '“已证明满秩，所以更强”：对角线为正的三角矩阵都满秩，这说明不了模型的能力。',
      },
    },
  ],
  sources: [
    {
      authors: 'Wang, Roberts, Hesslow, Le Scao, Chung, Beltagy, Launay, Raffel',
      year: 2022,
      title: 'What Language Model Architecture and Pretraining Objective Work Best for Zero-Shot Generalization?',
      section: 'abstract',
    },
    {
      authors: 'Devlin, Chang, Lee, Toutanova',
      year: 2019,
      title: 'BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding',
      section: '§3.1 (15 % of the tokens)',
    },
    {
      authors: 'Brown et al.',
      year: 2020,
      title: 'Language Models are Few-Shot Learners',
      section: '§1 (learning in context)',
    },
  ],
  notShown: {
    en: 'Not shown: an encoder-decoder, and a trained comparison; the determinants of other heads, where either may be the smaller.',
    zh: '这里没有演示的：encoder-decoder 与训练对比；其他头的行列式（哪边更小都有）。',
  },
};
