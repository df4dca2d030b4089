// Lesson 12: PagedAttention.
import type { PagingEvent, Request } from '../paging';
import { contiguousWaste, pagedWaste } from '../paging';
import { count, percent, times, value } from '../ui/format';
import type { PageFrame } from '../views/paging/view';
import { step, type Lesson } from './lesson';
import { apart, asker, requested } from './reading';

/** The story, in the language of the page. */
const STORY = 'lab=page&page=story{-zh}';

/** A request of the moment: in the story, the first is the one that is forked. */
const requestOf = (page: PageFrame | undefined, id: number): Request | undefined =>
  page && id < page.moment.state.requests.length ? page.moment.state.requests.at(id) : undefined;

const eventOf = <K extends PagingEvent['kind']>(page: PageFrame | undefined, kind: K) =>
  page?.moment.events.find((event): event is Extract<PagingEvent, { kind: K }> => event.kind === kind);

export const paging: Lesson = {
  kills: {
    en: '“It makes attention itself faster”, “it removes all waste”.',
    zh: '“它让注意力算得更快”“它消灭一切浪费”。',
  },
  steps: [
    step({
      state: 'lab=page&page=long-tail&moment=60..waste',
      show: ['waste'],
      ring: { of: 'view', id: 'waste' },
      read: ({ page }) => {
        const memory = page?.moment.contiguous[0];
        if (!page || !memory) return undefined;
        const [one, other] = [contiguousWaste(memory), pagedWaste(page.moment.state)];
        const held = (of: typeof one): string => percent(of.token / Math.max(1, of.token + of.reserved + of.internal));
        return { longest: held(one), paged: held(other) };
      },
      say: ({ longest, paged }) => ({
        en: `What hurts: reserving the maximum length, ${longest} of the held slots have a token; in blocks it would be ${paged}.`,
        zh: `先看病：按最大长度预留，占住的槽位只有 ${longest} 有 token；分块则是 ${paged}。`,
      }),
    }),
    step({
      state: `${STORY}&moment=2.0..r0`,
      show: ['pool'],
      ring: { of: 'view', id: 'pool' },
      read: ({ page }) => {
        const request = requestOf(page, 0);
        return (
          page && request && { slots: String(page.moment.state.config.blockSize), blocks: request.table.join(' · ') }
        );
      },
      say: ({ slots, blocks }) => ({
        en: `The cure: blocks of ${slots} slots, taken when needed, anywhere: this request has blocks ${blocks}.`,
        zh: `切成 ${slots} 槽的块，用到才取，位置任意：这个请求拿到 ${blocks} 号块。`,
      }),
    }),
    step({
      state: `${STORY}&moment=3.0.tables.r0p9`,
      show: ['tables'],
      ring: { of: 'view', id: 'tables' },
      read: ({ page }) => {
        const request = requestOf(page, 0);
        const position = page?.selection.position;
        if (!page || !request || position === undefined) return undefined;
        const { blockSize } = page.moment.state.config;
        const block = request.table[Math.floor(position / blockSize)] ?? 0;
        return {
          position: String(position),
          size: String(blockSize),
          block: String(block),
          slot: String(block * blockSize + (position % blockSize)),
        };
      },
      say: ({ position, size, block, slot }) => ({
        en: `Token ${position} is in slot table[${position} ÷ ${size}] · ${size} + ${position} mod ${size} = ${slot}, in block ${block}: a page table.`,
        zh: `第 ${position} 个 token 在 table[${position}÷${size}]·${size} + ${position} mod ${size} = ${slot} 号槽（${block} 号块）：就是页表。`,
      }),
    }),
    step({
      state: `${STORY}&moment=5.1`,
      show: ['tables'],
      ring: { of: 'view', id: 'tables' },
      read: ({ page }) => {
        const request = requestOf(page, 1);
        return request && { hit: String(request.hitTokens), left: String(request.promptLength - request.hitTokens) };
      },
      say: ({ hit, left }) => ({
        en: `A second request begins alike: ${hit} tokens are found in full blocks, only ${left} are computed.`,
        zh: `第二个请求开头相同：${hit} 个 token 直接命中，只算 ${left} 个。`,
      }),
    }),
    step({
      state: `${STORY}&moment=9`,
      show: ['pool'],
      ring: { of: 'view', id: 'pool' },
      read: ({ page }) => {
        const fork = eventOf(page, 'fork');
        return fork && { shared: String(fork.shared.length) };
      },
      say: ({ shared }) => ({
        en: `A fork copies the block table alone: ${shared} blocks now count one holder more.`,
        zh: `分叉：只复制块表，${shared} 个块的引用计数加一。`,
      }),
    }),
    step({
      state: `${STORY}&moment=10`,
      show: ['pool'],
      ring: { of: 'view', id: 'pool' },
      read: ({ page }) => {
        const copy = eventOf(page, 'copy-on-write');
        return copy && { from: String(copy.from), to: String(copy.to) };
      },
      say: ({ from, to }) => ({
        en: `Who writes into a shared block copies it first, ${from} → ${to}: copy on write.`,
        zh: `要写进共享的块，先复制这一块 ${from} → ${to}：写时复制。`,
      }),
    }),
    step({
      state: `${STORY}&moment=18.1.timeline`,
      show: ['timeline'],
      ring: { of: 'view', id: 'timeline' },
      read: ({ page }) => {
        const admit = eventOf(page, 'admit');
        if (!page || !admit?.resumed) return undefined;
        const [before, now] = [page.before, page.moment.state].map(({ requests }) => requests.at(admit.request));
        return { hit: String(admit.hitTokens), again: String((now?.recomputed ?? 0) - (before?.recomputed ?? 0)) };
      },
      say: ({ hit, again }) => ({
        en: `With no block left a request was preempted; back now, ${again} tokens are computed again and ${hit} found.`,
        zh: `没块了就抢占；现在回来：重算 ${again} 个 token，命中 ${hit} 个。`,
      }),
    }),
    step({
      state:
        'lab=compare&kernel=paged&input=seed&n=256&nq=1&d=32&heads=1&mask=full&vs=kernel:decode&both=share.99999.memory',
      show: ['memory'],
      ring: { of: 'traffic' },
      also: {
        state: 'lab=time&t.q=1&t.kernels=decode.paged',
        label: { en: 'And the time? Measure', zh: '耗时呢？实测' },
      },
      read: ({ frame, second }) =>
        frame &&
        second && {
          apart: value(apart(frame, second, 'O')),
          scattered: count(requested(frame)),
          whole: count(requested(second)),
        },
      say: ({ apart: off, scattered, whole }) => ({
        en: `Same result, max|ΔO| = ${off}, and no fewer reads: ${scattered} B against ${whole} B in one piece. More requests fit, that is the gain.`,
        zh: `结果相同（max|ΔO| = ${off}），读得并不更少：${scattered} B 对 ${whole} B。赚的是同时装下更多请求。`,
      }),
    }),
  ],
  predict: {
    before: 8,
    ask: {
      en: 'The same sequence: how many bytes does the paged kernel ask HBM for, against the one with K and V in one piece?',
      zh: '同样的序列：paged kernel 向显存要的字节，和 K、V 连续存放时相比？',
    },
    choices: [
      { id: 'less', label: { en: 'fewer', zh: '更少' } },
      { id: 'same', label: { en: 'the same, or a little more', zh: '一样，或略多' } },
      { id: 'double', label: { en: 'twice as many', zh: '多一倍' } },
    ],
    veil: ['scattered', 'whole'],
    truth: ({ frame, second }) => frame && second && requested(frame) / requested(second),
    right: (truth) => (truth < 1 ? 'less' : truth < 1.5 ? 'same' : 'double'),
    tell: times,
    after: {
      en: 'The block table is read besides. Paging is about what fits into memory, not about the kernel.',
      zh: '还要多读一张块表。分页 KV 解决的是装得下多少，不是 kernel 的快慢。',
    },
  },
  exercise: {
    ask: {
      en: 'Chat: request B1 finds 32 tokens in the cache. Change only the block size, so that it finds 40.',
      zh: '对话：请求 B1 命中 32 个 token。只改块大小，让它命中 40 个。',
    },
    state: 'lab=page&page=chat&moment=5',
    show: ['tables'],
    control: {
      kind: 'pick',
      key: 'page',
      label: { en: 'Slots a block', zh: '每块槽数' },
      values: ['chat', 'chat_block-8', 'chat_block-32', 'chat_block-64'],
    },
    name: (settings) => settings.split('-')[1] ?? '16',
    read: ({ page }) => {
      const request = asker(page);
      return request && { name: request.name, hit: String(request.hitTokens), prompt: String(request.promptLength) };
    },
    say: ({ name = '', hit = '', prompt = '' }) => ({
      en: `${name} finds ${hit} of the ${prompt} tokens of its prompt.`,
      zh: `${name} 的提示有 ${prompt} 个 token，命中 ${hit} 个。`,
    }),
    pass: ({ page }) => {
      const request = asker(page);
      return request && request.hitTokens >= 40;
    },
    hints: [
      { en: 'Only full blocks can be found by their hash.', zh: '只有填满的块才能按哈希命中。' },
      {
        en: 'The system prompt has 42 tokens: how many whole blocks is that?',
        zh: '系统提示有 42 个 token：能凑几个整块？',
      },
    ],
    passed: {
      en: 'Right: small blocks share more of a prefix, at the price of longer tables.',
      zh: '对：块小，公共前缀能共享得更多，代价是块表更长。',
    },
  },
  answers: [
    {
      faq: ['05'],
      question: { en: 'What is PagedAttention for?', zh: 'PagedAttention 解决什么问题？' },
      answer: {
        en: 'KV caches grow by unknown amounts; contiguous reservation wastes by reservation, internal and external fragmentation (20-38 % useful in the paper). PagedAttention cuts the cache into blocks, maps logical to physical by a table, allocates on demand: only the last block’s rest is wasted (96 %). Blocks are shared by reference count and copied on write; when none is left, requests are preempted. It fixes memory and batch size, hence throughput; the kernel itself is slightly slower.',
        zh: '自回归生成时 KV 缓存逐 token 增长、长度未知；按最大长度连续预留会有预留、内部、外部三种浪费，论文测得有效利用仅 20 % 到 38 %。PagedAttention 仿操作系统的页表：缓存切成固定大小的块，块表把逻辑块映射到任意物理块，按需分配，只剩末块的零头浪费（论文 96 %）。块可带引用计数共享（公共前缀、并行采样、束搜索），写时复制；不够时抢占，重算或换出。它解决的是显存管理和批大小，从而提高吞吐，单个 kernel 反而略慢。',
      },
    },
  ],
  sources: [
    {
      authors: 'Kwon, Li, Zhuang, Sheng, Zheng, Yu, Gonzalez, Zhang, Stoica',
      year: 2023,
      title: 'Efficient Memory Management for Large Language Model Serving with PagedAttention (SOSP)',
      section: '§3, Fig. 2; §4.1–4.5',
    },
  ],
  notShown: {
    en: 'Not shown: a real server; requests are simulated by named rules, the kernel is real.',
    zh: '这里没有演示的：真实的推理服务（请求按具名规则模拟；kernel 是真的）。',
  },
};
