// The words of the waste view.
import type { ContiguousPolicy, PaperColumn } from '../../../paging';
import type { Dictionary, Language } from '../../../words';
import { plural, whole } from '../../../ui/whole';

export const wasteWords = {
  title: { en: 'Where the memory goes', zh: '内存用在哪里' },
  pool: { en: 'Pool, set aside once', zh: '启动时划出的池' },
  poolSlots: {
    en: (slots: number) => `${plural(slots, 'slot')}, fixed`,
    zh: (slots: number) => `${whole(slots)} 个槽，固定不变`,
  },
  poolNote: {
    en: 'Memory set aside when the server starts. It is the frame of everything below, not waste: use inside it is the next bar.',
    zh: '服务启动时一次性划出的内存。它是下面各条的总量，不算浪费；池内怎么用见下一条。',
  },
  inside: { en: 'This workload at this moment', zh: '当前负载，此刻' },
  insideNote: {
    en: 'All four have the same slots and the same requests; whoever has less room lets them wait and falls behind. Contiguous memory sets aside for each request the longest sequence allowed, the next power of two of its length, or exactly its length, which only an oracle knows.',
    zh: '四种方式的槽数相同，请求也相同；空间不够的一方只能让请求等待，进度落后。连续分配为每个请求划出允许的最大长度、其长度向上取 2 的幂，或恰好其长度（只有预知未来才做得到）。',
  },
  mean: { en: 'Mean over the run so far', zh: '运行至今的平均' },
  meanNote: {
    en: (steps: number) =>
      `Over ${steps === 1 ? 'the one step' : `the ${plural(steps, 'step')}`} up to this moment, each counted once.`,
    zh: (steps: number) => `到此刻共 ${whole(steps)} 步，每步计一次。`,
  },
  noSteps: { en: 'No step yet: nothing to average.', zh: '还没有执行过一步，无从平均。' },
  meanWhat: {
    en: 'This workload, averaged over its scheduler steps, each as its batch ran, before whoever finished let go; the paper’s figure beside it is an average as well, of another workload.',
    zh: '本负载按调度步取平均，取每步运行时的占用（完成的请求释放之前）；旁边论文的图也是平均值，但来自另一个负载。',
  },
  meanSaid: {
    en: (share: string, steps: number) =>
      ` On average over ${plural(steps, 'step')}, paged memory holds tokens in ${share}.`,
    zh: (share: string, steps: number) => `${whole(steps)} 步平均，分页 KV 缓存中 ${share} 存有 token。`,
  },
  paged: { en: 'Paged', zh: '分页 KV' },
  crowd: {
    en: (running: number, finished: number, refused: number) =>
      `${whole(running)} running · ${whole(finished)} done${refused ? ` · ${whole(refused)} too long` : ''}`,
    zh: (running: number, finished: number, refused: number) =>
      `运行 ${whole(running)} · 完成 ${whole(finished)}${refused ? ` · 过长 ${whole(refused)}` : ''}`,
  },
  token: { en: 'tokens', zh: 'token' },
  reserved: { en: 'reserved', zh: '预留' },
  internal: { en: 'internal', zh: '内部' },
  external: { en: 'external', zh: '外部' },
  free: { en: 'free', zh: '空闲' },
  tokenNote: {
    en: 'Slots with K and V of a token that somebody holds; a shared one counts once.',
    zh: '存有某个被持有 token 的 K、V 的槽；共享的只计一次。',
  },
  reservedNote: { en: 'Empty, but its request will fill it.', zh: '尚空，但它的请求之后会填上。' },
  internalNote: {
    en: 'Internal fragmentation: set aside for a request that will never fill it.',
    zh: '内部碎片：划给了某个请求，却永远用不上。',
  },
  externalNote: {
    en: 'External fragmentation: free, and enough in all for the request that waits, yet no hole is large enough. Paging has none.',
    zh: '外部碎片：空闲总量够等待的请求用，却没有一段足够大的连续空间。分页 KV 没有外部碎片。',
  },
  freeNote: {
    en: 'Free otherwise. In the paged pool, what is dotted can still be found by a prefix lookup.',
    zh: '其余的空闲。分页 KV 池中带点的部分仍可被前缀查找命中。',
  },
  simulated: { en: 'Simulated by the named rule set.', zh: '由所选规则集模拟得出。' },
  unit: { en: 'Unit', zh: '单位' },
  percent: { en: '%', zh: '%' },
  slots: { en: 'slots', zh: '槽' },
  paperTitle: { en: 'The PagedAttention paper’s own numbers', zh: 'PagedAttention 论文自己的数字' },
  paperNote: {
    en: 'Kwon et al., SOSP 2023, Fig. 2: averages of the paper’s own experiment and workload, in percent of its KV cache memory (“external” includes others). They say nothing about the workload above.',
    zh: 'Kwon 等，SOSP 2023，图 2：论文自己的实验与负载的平均值，占其 KV 缓存内存的百分比（“外部”含其他），与上面的负载无关。',
  },
  paperMark: { en: 'Quoted from the paper; not measured or simulated here.', zh: '引自论文；并非此处测量或模拟。' },
  notGiven: { en: 'not given', zh: '未给出' },
  bar: {
    en: (name: string, parts: string) => `${name}: ${parts}`,
    zh: (name: string, parts: string) => `${name}：${parts}`,
  },
  describe: {
    en: (slots: number, rows: string) => `Where ${plural(slots, 'slot')} of KV cache go. ${rows}.`,
    zh: (slots: number, rows: string) => `${whole(slots)} 个 KV 缓存槽的去向。${rows}。`,
  },
} as const satisfies Dictionary;

export const policyWords: Record<ContiguousPolicy, Record<Language, string>> = {
  'max-length': { en: 'Contiguous, max length', zh: '连续，按最大长度' },
  'power-of-two': { en: 'Contiguous, power of 2', zh: '连续，按 2 的幂' },
  oracle: { en: 'Contiguous, oracle', zh: '连续，预知长度' },
};

export const paperNames: Record<PaperColumn['id'], string> = {
  vllm: 'vLLM',
  'orca-max': 'Orca (Max)',
  'orca-pow2': 'Orca (Pow2)',
  'orca-oracle': 'Orca (Oracle)',
};
