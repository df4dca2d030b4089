// What the menu of masks says.
import type { Dictionary } from '../../words';

export const masksWords = {
  other: { en: 'other', zh: '其他' },
  kind: { en: 'mask', zh: '掩码' },
  window: { en: 'sliding window', zh: '滑动窗口' },
  prefix: { en: 'prefix (prefix LM)', zh: '前缀（prefix LM）' },
  left: { en: 'keys before', zh: '之前的 key' },
  right: { en: 'after', zh: '之后的 key' },
  length: { en: 'keys of the prefix', zh: '前缀的 key 数' },
  all: { en: 'all', zh: '全部' },
  softcap: { en: 'softcap', zh: 'softcap' },
  alibi: { en: 'ALiBi', zh: 'ALiBi' },
  none: { en: 'none', zh: '无' },
  softcapRange: {
    en: 'A number from 0.001 to 1,000,000, or empty for none.',
    zh: '0.001 到 1,000,000 之间的数；空着即不用。',
  },
  scoresNote: {
    en: 'A score s = q·k / √d becomes c·tanh(s / c) with softcap c, as in Gemma 2; with ALiBi it then loses its head’s slope × the distance of query and key. Mask and softmax come after.',
    zh: '分数 s = q·k / √d：设了 softcap c 就变为 c·tanh(s / c)（Gemma 2 的做法）；用 ALiBi 再减去该头的斜率 × query 与 key 的距离；之后才是掩码和 softmax。',
  },
  windowNote: {
    en: 'FlashAttention’s window_size = (before, after), counted from a query’s own place; an empty box is −1: all.',
    zh: '即 FlashAttention 的 window_size =（之前，之后），从 query 自己的位置数起；空着即 −1：全部。',
  },
  prefixNote: {
    en: 'Every query sees the prefix; behind it attention is causal.',
    zh: '每个 query 都看得到前缀；其余按因果。',
  },
  topLeftNote: {
    en: 'Query i sees keys 0 to i: PyTorch’s causal_upper_left. The usual causal mask is aligned bottom-right.',
    zh: 'query i 看得到 key 0 到 i，即 PyTorch 的 causal_upper_left；通常的因果掩码按右下角对齐。',
  },
} as const satisfies Dictionary;
