// Words of the merges.
import type { Dictionary } from '../../../words';
import { plural } from '../../../ui/whole';

export const mergeWords = {
  merges: { en: 'merges', zh: '合并次数' },
  bpe: { en: 'BPE: the pair that occurs most', zh: 'BPE：出现最多的一对' },
  wordpiece: { en: 'WordPiece: f(ab) ÷ (f(a) · f(b))', zh: 'WordPiece：f(ab) ÷ (f(a)·f(b))' },
  times: { en: (n: number) => plural(n, 'time'), zh: (n: number) => `${n} 次` },
  score: {
    en: (ab: number, a: number, b: number, score: string) => `${ab} ÷ (${a} · ${b}) = ${score}`,
    zh: (ab: number, a: number, b: number, score: string) => `${ab} ÷ (${a}·${b}) = ${score}`,
  },
  part: {
    en: (n: number) => `The rules take another pair at merge ${n}.`,
    zh: (n: number) => `第 ${n} 次合并，两种规则选了不同的一对。`,
  },
  alike: { en: 'On this text both rules take the same pairs.', zh: '在这段文字上两种规则一直选同一对。' },
  nothing: {
    en: 'No pair occurs twice within words: type a longer text.',
    zh: '没有在词内出现两次的一对：请写长一点。',
  },
  note: {
    en: 'Trained here on the text above; pairs that occur once alone are left out.',
    zh: '就用上面的文字现场训练；只出现一次的一对不算。',
  },
  cutWords: { en: 'Words of the text, cut so far', zh: '文中的词目前的切法' },
  word: { en: 'A word', zh: '一个词' },
  tryWord: {
    en: 'Type a word, and see how it is cut: by this page’s tokenizer, and by the merges above.',
    zh: '输入一个词，看它怎么切：用本页的分词器，以及上面的合并。',
  },
  shipped: { en: 'this page’s tokenizer (byte-level BPE)', zh: '本页的分词器（字节级 BPE）' },
  byBpe: { en: 'the BPE merges above, replayed', zh: '按上面的 BPE 合并重放' },
  byPiece: { en: 'WordPiece above, longest match first', zh: '按上面的 WordPiece 最长匹配' },
  rank: { en: (n: string) => `merge ${n}`, zh: (n: string) => `第 ${n} 次合并` },
  whole: { en: 'no merge', zh: '未合并' },
  tokens: { en: (n: number) => plural(n, 'token'), zh: (n: number) => `${n} 个 token` },
  describe: {
    en: (a: string, b: string) => `First merge: BPE ${a}, WordPiece ${b}.`,
    zh: (a: string, b: string) => `第一次合并：BPE ${a}，WordPiece ${b}。`,
  },
} satisfies Dictionary;
