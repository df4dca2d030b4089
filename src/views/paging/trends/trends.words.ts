// The words of the trends.
import type { Dictionary } from '../../../words';
import { plural, whole } from '../../../ui/whole';

export const trendsWords = {
  title: { en: 'Trends over the run', zh: '随时间的变化' },
  'hit-rate': { en: 'prefix hit rate', zh: '前缀命中率' },
  saved: { en: 'prefill tokens saved', zh: '省下的 prefill token' },
  tax: { en: 'recompute tax', zh: '重算占比' },
  preemptions: { en: 'preemptions', zh: '抢占次数' },
  free: { en: 'free blocks', zh: '空闲块' },
  'hit-rateNote': {
    en: 'Tokens found by the prefix lookups of new requests ÷ tokens they asked for, since the start. A request that comes back after a preemption finds its own blocks: that is counted apart.',
    zh: '自开始以来：新请求的前缀查找命中的 token ÷ 它们查找的 token。被抢占后恢复的请求会找到自己的块，另行计数。',
  },
  savedNote: {
    en: 'Tokens of new requests whose K and V were found, so their prefill was not computed. Reuse saves prefill, never decode.',
    zh: '新请求中已有 K 和 V、无须再做预填充的 token。复用只省预填充，不省解码。',
  },
  taxNote: {
    en: 'Tokens computed again after a preemption ÷ all tokens computed, since the start.',
    zh: '自开始以来：抢占后重算的 token ÷ 计算过的全部 token。',
  },
  preemptionsNote: {
    en: 'Requests that were preempted, since the start, by recomputing or by swapping.',
    zh: '自开始以来被抢占的次数，含重算与换出。',
  },
  freeNote: {
    en: 'Free blocks at this moment, those that can still be found by hash among them.',
    zh: '此刻的空闲块，包括仍可按哈希命中的。',
  },
  simulated: { en: 'Simulated by the named rule set.', zh: '由所选规则集模拟得出。' },
  none: { en: 'no lookup yet', zh: '尚无查找' },
  of: {
    en: (value: string, all: number) => `${value} of ${whole(all)}`,
    zh: (value: string, all: number) => `${value}，共 ${whole(all)}`,
  },
  off: {
    en: 'Nothing is found because sharing is switched off: no block is published.',
    zh: '没有命中：前缀共享已关闭，没有块进入前缀缓存。',
  },
  alone: {
    en: 'Nothing to find yet: nobody came before the first request.',
    zh: '还没有可命中的内容：它是第一个请求。',
  },
  different: {
    en: 'Nothing is found because no two prompts begin with the same token.',
    zh: '没有命中：没有两个 prompt 以相同的 token 开头。',
  },
  short: {
    en: (prefix: number, block: number, suits: number, saved: number) =>
      `Hit rate 0: the longest common prefix has ${plural(prefix, 'token')}, a block holds ${whole(block)}, and only full blocks can be found. With blocks of ${whole(suits)}, ${plural(saved, 'token')} of it could be.`,
    zh: (prefix: number, block: number, suits: number, saved: number) =>
      `命中率为 0：最长的公共前缀只有 ${whole(prefix)} 个 token，而一个块有 ${whole(block)} 个槽，只有写满的块才能被找到。若块大小为 ${whole(suits)}，其中 ${whole(saved)} 个 token 可以命中。`,
  },
  absent: {
    en: (prefix: number) =>
      `Hit rate 0, although at least ${plural(prefix, 'first token')} agree: when they were looked up, their blocks were not computed yet, or already taken for something else.`,
    zh: (prefix: number) =>
      `命中率为 0，尽管开头至少 ${whole(prefix)} 个 token 相同：查找时它们的块尚未算出，或已被挪作他用。`,
  },
  forgotten: {
    en: (prefix: number) =>
      `Hit rate 0, although at least ${plural(prefix, 'first token')} agree: this rule set shares only blocks that somebody still holds.`,
    zh: (prefix: number) => `命中率为 0，尽管开头至少 ${whole(prefix)} 个 token 相同：此规则集只共享仍有请求持有的块。`,
  },
  lost: {
    en: (name: string, hits: number, partial: number) =>
      `${name}’s lookup found ${plural(hits, 'token')}; ${whole(partial)} more agree, but not a whole block of them: lost.`,
    zh: (name: string, hits: number, partial: number) =>
      `${name} 的查找命中 ${whole(hits)} 个 token；其后还有 ${whole(partial)} 个相同，但不足一整块，只能重新计算。`,
  },
  again: {
    en: (found: number, asked: number) =>
      `Requests that came back after a preemption found ${whole(found)} of the ${plural(asked, 'token')} they looked up, counted apart: they may be their own.`,
    zh: (found: number, asked: number) =>
      `被抢占后恢复的请求查找 ${whole(asked)} 个 token，找到 ${whole(found)} 个；可能是自己的块，因此另行计数。`,
  },
  chart: {
    en: (name: string, value: string) => `${name}: ${value}`,
    zh: (name: string, value: string) => `${name}：${value}`,
  },
  describe: {
    en: (index: number, values: string, why: string) => `Trends up to moment ${index}. ${values}. ${why}`,
    zh: (index: number, values: string, why: string) => `到时刻 ${index} 为止的变化。${values}。${why}`,
  },
} as const satisfies Dictionary;
