// Lesson 17: WordPiece and BPE.
import type { Facts } from '../figure/facts';
import { trainMerges, type Merge, type MergeRule } from '../model/merges';
import { count } from '../ui/format';
import { whole } from '../ui/whole';
import { step, type Lesson } from './lesson';
import { modelState, settingsText } from './model-reading';

const TEXT =
  'she sells sea shells by the sea shore. the shells that she sells are sea shells, for sure. so if she sells shells on the sea shore, the shells are sea shore shells.';

const cutting = (word: string): string => modelState('merge', { text: TEXT, word });
const TRAINING = modelState('merge', { text: TEXT });

/** The word's pieces. */
const cut = ({ model }: Facts): { pieces: string; tokens: string } | undefined =>
  model?.cut && { pieces: model.cut.map(({ label }) => label).join(' | '), tokens: whole(model.cut.length) };

const mergesOf = ({ model }: Facts, rule: MergeRule): Merge[] | undefined => model && trainMerges(model.text, rule, 12);

const pair = ({ left, right }: Merge): string => `${left} + ${right}`;

/** The first merge, from 1, at which the rules take other pairs; 0 where they do not. */
function parting(facts: Facts): number | undefined {
  const [bpe, piece] = [mergesOf(facts, 'bpe'), mergesOf(facts, 'wordpiece')];
  if (!bpe || !piece) return undefined;
  const plain = (merge: Merge | undefined): string | undefined => merge && pair(merge).replaceAll('##', '');
  return bpe.findIndex((merge, i) => plain(merge) !== plain(piece[i])) + 1;
}

export const merging: Lesson = {
  kills: {
    en: '“WordPiece, too, merges the most frequent pair”; “Chinese is cut into words.”',
    zh: '“WordPiece 也合并频率最高的一对”；“中文按词切”。',
  },
  steps: [
    step({
      state: cutting('parameters'),
      show: ['model-merge'],
      controls: ['word'],
      ring: { of: 'mark', id: 'word' },
      read: cut,
      say: ({ pieces }) => ({
        en: `This page’s tokenizer: ${pieces}. Merged in the order of training, whatever the word means.`,
        zh: `本页的分词器：${pieces}。按训练时的名次合并，不看词义。`,
      }),
    }),
    step({
      state: cutting('whaling'),
      show: ['model-merge'],
      controls: ['word'],
      ring: { of: 'mark', id: 'word' },
      read: cut,
      say: ({ pieces }) => ({
        en: `And ${pieces}: pieces need not be the stem and its ending.`,
        zh: `再看 ${pieces}：切出来的不一定是词根和词尾。`,
      }),
    }),
    step({
      state: cutting('注意力1750亿😀'),
      show: ['model-merge'],
      controls: ['word'],
      ring: { of: 'mark', id: 'word' },
      read: cut,
      say: ({ tokens }) => ({
        en: `Chinese is a token a character, an emoji falls back to bytes: ${tokens} tokens, and nothing is unknown.`,
        zh: `中文一字一 token，表情落到字节：共 ${tokens} 个，没有“未知”。`,
      }),
    }),
    step({
      state: TRAINING,
      show: ['model-merge'],
      controls: ['merges'],
      ring: { of: 'mark', id: 'bpe' },
      read: (facts) => {
        const merge = mergesOf(facts, 'bpe')?.[0];
        return merge && { pair: pair(merge), times: whole(merge.count) };
      },
      say: ({ pair: first, times }) => ({
        en: `Train on the text on screen. BPE merges the pair that occurs most: ${first}, ${times} times.`,
        zh: `就用眼前的文字训练。BPE 合并出现最多的一对：${first}，${times} 次。`,
      }),
    }),
    step({
      state: TRAINING,
      show: ['model-merge'],
      controls: ['merges'],
      ring: { of: 'mark', id: 'wordpiece' },
      read: (facts) => {
        const merge = mergesOf(facts, 'wordpiece')?.[0];
        return (
          merge && {
            other: pair(merge),
            sum: `${merge.count} ÷ (${merge.lefts} · ${merge.rights}) = ${count(merge.score)}`,
          }
        );
      },
      say: ({ other, sum }) => ({
        en: `WordPiece divides by how often each part occurs: ${other}, ${sum}. It likes those who are rarely apart.`,
        zh: `WordPiece 再除以各自的次数：${other}，${sum}。偏爱彼此专属的一对。`,
      }),
    }),
    step({
      state: TRAINING,
      show: ['model-merge'],
      controls: ['merges'],
      ring: { of: 'mark', id: 'rules' },
      read: (facts) => {
        const at = parting(facts);
        return at === undefined ? undefined : { at: whole(at) };
      },
      say: ({ at }) => ({
        en: `Same text, and they part at merge ${at}.`,
        zh: `同一语料，第 ${at} 次合并就分道扬镳。`,
      }),
    }),
    step({
      state: cutting('shells'),
      show: ['model-merge'],
      controls: ['word', 'merges'],
      ring: { of: 'mark', id: 'word' },
      say: () => ({
        en: 'To encode, BPE replays its merges in order; WordPiece takes the longest piece that fits, marks what goes on with ##, or gives [UNK].',
        zh: '编码时：BPE 按合并顺序重放；WordPiece 最长匹配优先，续段写 ##，切不出则整词 [UNK]。',
      }),
    }),
  ],
  predict: {
    before: 4,
    ask: {
      en: 'Trained on this text: do both rules merge the same pair first?',
      zh: '用这段文字训练：第一次合并，两种方法选同一对吗？',
    },
    choices: [
      { id: 'same', label: { en: 'the same pair', zh: '同一对' } },
      { id: 'other', label: { en: 'different pairs', zh: '不同的一对' } },
    ],
    veil: ['pair', 'times', 'other', 'sum', 'at'],
    truth: parting,
    right: (truth) => (truth === 1 ? 'other' : 'same'),
    tell: (truth) => whole(truth),
    after: {
      en: 'That is the merge at which they part. A frequent pair of frequent letters scores low in WordPiece.',
      zh: '这就是两者分开的那一次。常见字母组成的常见对，在 WordPiece 里得分反而低。',
    },
  },
  exercise: {
    ask: {
      en: 'Write a word of at most 8 letters that is cut into 6 tokens or more.',
      zh: '写一个不超过 8 个字母、却切成 ≥ 6 个 token 的词。',
    },
    state: cutting('whale'),
    show: ['model-merge'],
    ring: { of: 'mark', id: 'word' },
    control: {
      kind: 'text',
      key: 'model',
      label: { en: 'Word', zh: '词' },
      limit: 8,
      write: (word) => settingsText({ text: TEXT, ...(word.trim() !== '' && { word: word.trim() }) }),
      read: (value) => {
        const written = /(?:^|_)word-([^_*]+)/.exec(value)?.[1] ?? '';
        try {
          return decodeURIComponent(written);
        } catch {
          return '';
        }
      },
    },
    read: cut,
    say: ({ pieces = '', tokens = '' }) => ({
      en: `${pieces}: ${tokens} tokens.`,
      zh: `${pieces}：${tokens} 个 token。`,
    }),
    pass: ({ model }) => {
      const { word = '' } = model?.settings ?? {};
      return model?.cut && /^\p{Script=Latin}{1,8}$/u.test(word) && model.cut.length >= 6;
    },
    hints: [
      { en: 'Rare words have no merges of their own: try a name.', zh: '少见的词没有自己的合并：试试人名。' },
      { en: 'Call me …', zh: '《白鲸》的第一句里就有一个。' },
    ],
    passed: { en: 'Right: what was rare in training stays in pieces.', zh: '对：训练时少见的，就只能是碎片。' },
  },
  answers: [
    {
      faq: ['16'],
      question: { en: 'BPE and WordPiece: what differs?', zh: 'WordPiece 与 BPE 的区别？' },
      answer: {
        en: 'Both grow units by merging. BPE merges the most frequent pair and replays merges by rank; byte-level BPE knows no unknowns. WordPiece merges what raises likelihood most, about f(ab)/(f(a)f(b)), encodes by longest match with ##, and falls back to [UNK]. Chinese is by character in BERT. WordPiece’s training code was never published; the formula is the common reconstruction.',
        zh: '都从小单元出发逐步合并。BPE 每次合并频率最高的相邻对，编码时按合并名次重放；GPT 系用字节级 BPE，没有未知词。WordPiece（BERT）选使语料似然增加最多的一对，近似 f(ab)/(f(a)f(b))，编码时贪心最长匹配，词内续段加 ##，无法切分则 [UNK]。中文在 BERT 里按字。谷歌未公开 WordPiece 训练代码，公式是通行的复现。',
      },
    },
  ],
  sources: [
    {
      authors: 'Sennrich, Haddow, Birch',
      year: 2016,
      title: 'Neural Machine Translation of Rare Words with Subword Units',
      section: '§3.2, Algorithm 1',
    },
    { authors: 'Schuster, Nakajima', year: 2012, title: 'Japanese and Korean Voice Search', section: '§3' },
  ],
  notShown: {
    en: 'Not shown: Unigram (SentencePiece), which starts large and prunes.',
    zh: '这里没有演示的：Unigram（SentencePiece），它从大词表往下剪。',
  },
};
