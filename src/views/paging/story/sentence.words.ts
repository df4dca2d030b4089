// Sentences about requests: arrival, admission, preemption, end; and why. Names, ranges and numbers are passed in as
// text.
import type { Dictionary } from '../../../words';
import { plural, whole } from '../../../ui/whole';
import type { RefusalReason, RequestStatus, VictimPolicy } from '../../../paging';

export const requestWords = {
  start: {
    en: (blocks: number, size: number) =>
      `A KV cache in pages, as servers keep it: ${plural(blocks, 'block')} of ${plural(size, 'slot')}, all free. Play: requests come, take blocks, share them and give them back.`,
    zh: (blocks: number, size: number) =>
      `推理服务用的分页 KV 缓存：${whole(blocks)} 个块，每块 ${size} 个槽，全部空闲。点播放，看请求到来，取块、共享、归还。`,
  },
  startWhy: {
    en: 'The pool is set aside once. That is not waste: what counts is how much of it holds tokens. Block 0 is the null block and holds none.',
    zh: '块池在启动时一次性划出。划出本身不算浪费，要看其中有多少真正存着 token。0 号是空块（null block），不存 token。',
  },
  arrive: {
    en: (name: string, tokens: number, final: number, place: number) =>
      `${name} arrives with ${plural(tokens, 'token')} and ends at ${whole(final)}. Place ${place} in the waiting queue.`,
    zh: (name: string, tokens: number, final: number, place: number) =>
      `${name} 到达，带 ${whole(tokens)} 个 token，生成到共 ${whole(final)} 个为止。在等待队列中排第 ${place} 位。`,
  },
  arriveWhy: {
    en: 'It holds no block before the scheduler admits it.',
    zh: '调度器调度它之前，它不占任何块。',
  },
  admit: {
    en: (name: string, count: number, hits: number) =>
      `${name} is admitted: ${plural(count, 'token')} computed in this step${hits > 0 ? `, ${whole(hits)} found in the cache` : ''}.`,
    zh: (name: string, count: number, hits: number) =>
      `${name} 被调度：本步计算 ${whole(count)} 个 token${hits > 0 ? `，另有 ${whole(hits)} 个在缓存中找到` : ''}。`,
  },
  resume: {
    en: (name: string, count: number, hits: number, again: number) =>
      `${name} is back: ${plural(count, 'token')} computed, ${whole(again)} of them for the second time${hits > 0 ? `; ${whole(hits)} were found in the cache` : ''}.`,
    zh: (name: string, count: number, hits: number, again: number) =>
      `${name} 恢复运行：计算 ${whole(count)} 个 token，其中 ${whole(again)} 个是重算${hits > 0 ? `；另有 ${whole(hits)} 个在缓存中找到` : ''}。`,
  },
  roomWhy: {
    en: (fresh: number, idle: number, free: number, mark: number) =>
      `There is room: ${plural(fresh, 'new block')} and ${plural(idle, 'idle hit')} fit into the ${whole(free)} that ${free === 1 ? 'was' : 'were'} free${mark > 0 ? `, of which ${whole(mark)} must stay` : ''}.`,
    zh: (fresh: number, idle: number, free: number, mark: number) =>
      `够用：${whole(fresh)} 个新块 + ${whole(idle)} 个命中的空闲块，不超过此前空闲的 ${whole(free)} 块${mark > 0 ? `（其中 ${whole(mark)} 块是预留水位，不能动）` : ''}。`,
  },
  grant: {
    en: (names: string, fresh: number, copies: number) =>
      `${names} may take ${plural(fresh, 'block')}${copies > 0 ? `, ${copies} of them to copy into` : ''}.`,
    zh: (names: string, fresh: number, copies: number) =>
      `${names} 可以取 ${whole(fresh)} 个块${copies > 0 ? `，其中 ${copies} 个用于写时复制` : ''}。`,
  },
  refuseAdmit: { en: (name: string) => `${name} is not admitted.`, zh: (name: string) => `${name} 这一步没有被调度。` },
  refuseRun: { en: (name: string) => `${name} cannot go on.`, zh: (name: string) => `${name} 无法继续。` },
  refuseBack: { en: (name: string) => `${name} cannot come back yet.`, zh: (name: string) => `${name} 还不能换回。` },
  refuseOut: {
    en: (name: string) => `${name} cannot move to CPU memory.`,
    zh: (name: string) => `${name} 无法换出到 CPU 内存。`,
  },
  refuseAdd: { en: 'The request is turned away.', zh: '请求被拒绝。' },
  refuseAppend: {
    en: (name: string) => `${name} takes no more tokens.`,
    zh: (name: string) => `${name} 不能再追加 token。`,
  },
  refuseFork: { en: (name: string) => `${name} cannot be forked.`, zh: (name: string) => `${name} 无法分叉。` },
  refuseFree: { en: (name: string) => `${name} cannot be ended.`, zh: (name: string) => `${name} 无法结束。` },
  blocksWhy: {
    en: (fresh: number, idle: number, free: number, mark: number) =>
      `It needs ${plural(fresh, 'new block')} and ${plural(idle, 'idle hit')}; ${whole(free)} ${free === 1 ? 'was' : 'were'} free${mark > 0 ? `, ${whole(mark)} of them must stay` : ''}. Nothing changes for it.`,
    zh: (fresh: number, idle: number, free: number, mark: number) =>
      `需要 ${whole(fresh)} 个新块 + ${whole(idle)} 个命中的空闲块；此前只空闲 ${whole(free)} 块${mark > 0 ? `，其中 ${whole(mark)} 块是预留水位` : ''}。它的状态不变。`,
  },
  headWhy: {
    en: 'It stays at the head of the queue; those behind it must wait, too.',
    zh: '它留在队首，后面的请求不能插队。',
  },
  preempt: {
    en: (name: string, blocks: number, lost: number) =>
      `${name} is preempted: it lets go of ${plural(blocks, 'block')} with K and V of ${plural(lost, 'token')}, to be found or computed again.`,
    zh: (name: string, blocks: number, lost: number) =>
      `${name} 被抢占：释放 ${whole(blocks)} 个块，其中 ${whole(lost)} 个 token 的 K、V 以后要靠命中缓存或重算找回。`,
  },
  preemptSwap: {
    en: (name: string, blocks: number) =>
      `${name} is preempted: its ${plural(blocks, 'block')} ${blocks === 1 ? 'moves' : 'move'} to CPU memory, nothing is lost.`,
    zh: (name: string, blocks: number) => `${name} 被抢占：它的 ${whole(blocks)} 个块换出到 CPU 内存，什么也不丢。`,
  },
  preemptWhy: {
    en: (because: string, policy: string) => `${because} needs a block and none is left. The rule: ${policy}.`,
    zh: (because: string, policy: string) => `${because} 需要块，而已没有空闲块。规则：${policy}。`,
  },
  preemptSelfWhy: {
    en: 'It needs a block, none is left, and everybody else is served in this step already: so it is preempted itself.',
    zh: '它需要块，已没有空闲块，而其他请求本步都已调度过：只能抢占它自己。',
  },
  hold: {
    en: (waiting: number) => `Nobody is admitted in this step; ${whole(waiting)} ${waiting === 1 ? 'waits' : 'wait'}.`,
    zh: (waiting: number) => `本步不调度新请求；${whole(waiting)} 个在等待。`,
  },
  holdPreemptedWhy: {
    en: 'A request was preempted in it: what came free is for those that run.',
    zh: '本步有请求被抢占：腾出的块留给正在运行的请求。',
  },
  holdSwappedWhy: {
    en: 'Something lies in CPU memory: it comes back before anything new is begun.',
    zh: '还有请求在 CPU 内存中：先换回它们，再调度新的。',
  },
  fork: {
    en: (child: string, name: string, shared: number) =>
      `${child} forks from ${name}: it holds the same ${plural(shared, 'block')}, and nothing is copied.`,
    zh: (child: string, name: string, shared: number) =>
      `${child} 从 ${name} 分叉：持有相同的 ${shared} 个块，没有复制任何内容。`,
  },
  forkWhy: {
    en: 'The table is copied, and each block has one more holder. A copy comes with the first write into a shared block.',
    zh: '只复制块表，每个块的引用计数加 1。第一次写共享块时才真正复制（copy-on-write）。',
  },
  forkNew: {
    en: (child: string, name: string) => `${child} begins with the tokens of ${name}, as a new request.`,
    zh: (child: string, name: string) => `${child} 以 ${name} 的 token 作为新请求开始。`,
  },
  forkNewWhy: {
    en: 'V1 has no fork: the child waits, and finds the full blocks by their hashes.',
    zh: 'V1 没有分叉：子请求排队等待，再凭哈希找到已满的块。',
  },
  sample: {
    en: (name: string, token: string, position: number) =>
      `${name} gets its next token, “${token}”, for position ${position}.`,
    zh: (name: string, token: string, position: number) => `${name} 得到下一个 token“${token}”，位置 ${position}。`,
  },
  sampleWhy: {
    en: 'Drawn at random by the seed: no model runs here. The next step computes its K and V.',
    zh: '按种子随机抽取，这里没有真的跑模型。它的 K、V 在下一步计算。',
  },
  sampleLastWhy: {
    en: 'Drawn at random by the seed: no model runs here. It is the last one, so its K and V are never computed.',
    zh: '按种子随机抽取，这里没有真的跑模型。这是最后一个 token，因此不再计算它的 K、V。',
  },
  await: {
    en: (name: string, position: number) => `${name} waits for the token of position ${position}.`,
    zh: (name: string, position: number) => `${name} 等待位置 ${position} 的 token。`,
  },
  awaitWhy: {
    en: 'All its tokens are computed; the next one comes from outside.',
    zh: '它的 token 都已算完；下一个由外部给出。',
  },
  extend: {
    en: (name: string, range: string, text: string) => `${name} is given “${text}” for position ${range}.`,
    zh: (name: string, range: string, text: string) => `${name} 得到“${text}”，位置 ${range}。`,
  },
  extendWhy: {
    en: 'It comes from a model or a search, not from the scheduler; the next step computes its K and V.',
    zh: '由模型或搜索给出，不由调度器决定；它的 K、V 在下一步计算。',
  },
  extendLastWhy: {
    en: 'It comes from a model or a search, not from the scheduler. It is the last one, so its K and V are never computed.',
    zh: '由模型或搜索给出，不由调度器决定。这是最后一个 token，因此不再计算它的 K、V。',
  },
  finish: {
    en: (name: string, tokens: number, generated: number) =>
      `${name} is done: ${plural(tokens, 'token')}, ${whole(generated)} of them generated.`,
    zh: (name: string, tokens: number, generated: number) =>
      `${name} 完成：共 ${whole(tokens)} 个 token，其中生成 ${whole(generated)} 个。`,
  },
  finishKeptWhy: {
    en: 'It lets its blocks go. Published ones can be found until they are taken for something else.',
    zh: '它释放所有块。已登记哈希的块在被挪作他用之前仍可命中。',
  },
  finishGoneWhy: {
    en: 'It lets its blocks go. Under these rules only blocks that somebody holds can be found.',
    zh: '它释放所有块。按此规则，只有仍被持有的块才能命中。',
  },
  free: {
    en: (name: string, status: string) => `${name} is ended by hand while ${status}.`,
    zh: (name: string, status: string) => `${name} 在${status}时被手动结束。`,
  },
  freeWhy: {
    en: 'Blocks that only it held are free again; those with other holders stay.',
    zh: '只被它持有的块重新空闲；还有其他持有者的块保留。',
  },
  batch: {
    en: (step: number, tokens: number, requests: number, budget: number) =>
      `Step ${whole(step)}: ${plural(tokens, 'token')} of ${plural(requests, 'request')}, of ${whole(budget)} allowed.`,
    zh: (step: number, tokens: number, requests: number, budget: number) =>
      `第 ${whole(step)} 步：${whole(requests)} 个请求的 ${whole(tokens)} 个 token，上限 ${whole(budget)}。`,
  },
  batchIdle: {
    en: (step: number) => `Step ${whole(step)} computes nothing.`,
    zh: (step: number) => `第 ${whole(step)} 步没有计算。`,
  },
  mixedWhy: {
    en: 'There are no phases: every request catches up with its tokens, prompts in chunks, under one budget.',
    zh: '不分 prefill 与 decode 阶段：所有请求共用同一个 token 预算，长 prompt 按 chunk 分几步算。',
  },
  prefillWhy: {
    en: 'Prompts only: these rules compute prompts or next tokens, never both in one step.',
    zh: '只算 prompt：按此规则，一步要么全是 prefill，要么全是 decode。',
  },
  decodeWhy: {
    en: 'One token each: the query of a sequence’s last token meets all keys before it, through its block table.',
    zh: '每个序列一个 token：最后一个 token 的 query 经由块表与之前所有 key 做点积。',
  },
  decodeInPlace: {
    en: 'The tokens go into slots that are held already, so no block is taken.',
    zh: '写入已持有的槽，因此不取新块。',
  },
  more: {
    en: (n: number) => `And ${n} more like this in this step.`,
    zh: (n: number) => `本步还有 ${n} 次同样的操作。`,
  },
  letGo: {
    en: (free: number, held: number) =>
      `${plural(free, 'block')} ${free === 1 ? 'is' : 'are'} free again${held > 0 ? `; ${whole(held)} ${held === 1 ? 'stays' : 'stay'} with other holders` : ''}.`,
    zh: (free: number, held: number) =>
      `${whole(free)} 个块重新空闲${held > 0 ? `，${whole(held)} 个仍有其他持有者` : ''}。`,
  },
  and: { en: ' and ', zh: ' 和 ' },
  numbered: { en: (name: string) => `request ${name}`, zh: (name: string) => `请求 ${name}` },
  unknown: { en: 'the request', zh: '该请求' },
} satisfies Dictionary;

/** Why an operation was refused, for all reasons but missing blocks. */
export const refusalWords = {
  blocks: { en: () => '', zh: () => '' },
  'never-fits': {
    en: (need, have) =>
      `It can come to need ${plural(need, 'block')} at once, and the pool has ${whole(have)}: it might wait for ever. A pool of ${plural(need, 'block')} is the smallest that would do.`,
    zh: (need, have) =>
      `它可能同时需要 ${whole(need)} 个块，而块池只有 ${whole(have)} 个，可能永远等下去。块池至少要有 ${whole(need)} 个块。`,
  },
  'max-running': {
    en: (need, have) => `${whole(need)} would run; at most ${whole(have)} may.`,
    zh: (need, have) => `这样将有 ${whole(need)} 个在运行；最多允许 ${whole(have)} 个。`,
  },
  'cpu-blocks': {
    en: (need, have) =>
      `Its ${plural(need, 'distinct block')} must move together; CPU memory has ${whole(have)} free. So it is computed again later.`,
    zh: (need, have) =>
      `它的 ${whole(need)} 个不同的块须一起换出；CPU 内存只空闲 ${whole(have)} 个。因此改为稍后重算。`,
  },
  'unknown-request': { en: () => 'There is no such request.', zh: () => '没有这个请求。' },
  finished: { en: () => 'It is done already.', zh: () => '它已经完成。' },
  'not-running': { en: () => 'Only what runs has a table to share.', zh: () => '只有正在运行的请求才有块表可共享。' },
  'too-long': {
    en: (need, have) => `It would have ${plural(need, 'token')}; at most ${whole(have)} are allowed.`,
    zh: (need, have) => `它将有 ${whole(need)} 个 token；最多允许 ${whole(have)} 个。`,
  },
  'empty-prompt': { en: () => 'It has no token.', zh: () => '它没有 token。' },
  'nothing-to-generate': {
    en: () => 'It asks for no token after the prompt.',
    zh: () => 'prompt 之后没有要生成的 token。',
  },
  'not-whole': {
    en: () => 'Tokens, and how many to generate, are whole numbers.',
    zh: () => 'token 编号与要生成的 token 数都必须是整数。',
  },
} satisfies Record<RefusalReason, Record<'en' | 'zh', (need: number, have: number) => string>>;

export const policyWords: Record<VictimPolicy, Record<'en' | 'zh', string>> = {
  last: { en: 'the last in the running queue is preempted', zh: '抢占运行队列中的最后一个' },
  'most-blocks': { en: 'the one with most blocks is preempted', zh: '抢占占块最多的' },
  'fewest-computed': { en: 'the one with fewest computed tokens is preempted', zh: '抢占已算 token 最少的' },
};

export const statusWords: Record<RequestStatus, Record<'en' | 'zh', string>> = {
  waiting: { en: 'waiting', zh: '等待' },
  running: { en: 'running', zh: '运行' },
  preempted: { en: 'preempted', zh: '被抢占' },
  swapped: { en: 'swapped out', zh: '换出' },
  finished: { en: 'finished', zh: '完成' },
};
