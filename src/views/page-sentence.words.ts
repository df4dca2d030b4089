// What happens to requests in the Page lab and why: arrival, admission, giving way, end. Names, ranges and numbers come in written out.
import type { Dictionary } from '../words';
import { whole } from './whole';
import type { RefusalReason, RequestStatus, VictimPolicy } from '../paging';

const s = (n: number, one: string, many = `${one}s`): string => `${whole(n)} ${n === 1 ? one : many}`;

export const requestWords = {
  start: {
    en: (blocks: number, size: number) => `The pool stands: ${s(blocks, 'block')} of ${s(size, 'slot')}, all free.`,
    zh: (blocks: number, size: number) => `块池就绪：${whole(blocks)} 个块，每块 ${size} 个槽位，全部空闲。`,
  },
  startWhy: {
    en: 'It is set aside once. That is not waste: what counts is how much of it holds tokens. Block 0 is the null block and holds none.',
    zh: '块池只预留一次。预留本身不是浪费：要看其中有多少存着词元。0 号是 null 块，不存词元。',
  },
  arrive: {
    en: (name: string, tokens: number, final: number, place: number) =>
      `${name} arrives with ${s(tokens, 'token')} and ends at ${whole(final)}. Place ${place} in the waiting queue.`,
    zh: (name: string, tokens: number, final: number, place: number) =>
      `${name} 到达，带来 ${whole(tokens)} 个词元，到第 ${whole(final)} 个为止。在等待队列中排第 ${place} 位。`,
  },
  arriveWhy: {
    en: 'It holds no block before the scheduler admits it.',
    zh: '调度器接纳之前，它不占任何块。',
  },
  admit: {
    en: (name: string, count: number, hits: number) =>
      `${name} is admitted: ${s(count, 'token')} computed in this step${hits > 0 ? `, ${whole(hits)} found in the cache` : ''}.`,
    zh: (name: string, count: number, hits: number) =>
      `接纳 ${name}：本步计算 ${whole(count)} 个词元${hits > 0 ? `，另有 ${whole(hits)} 个在缓存中找到` : ''}。`,
  },
  resume: {
    en: (name: string, count: number, hits: number, again: number) =>
      `${name} is back: ${s(count, 'token')} computed, ${whole(again)} of them for the second time${hits > 0 ? `; ${whole(hits)} were found in the cache` : ''}.`,
    zh: (name: string, count: number, hits: number, again: number) =>
      `${name} 回来了：计算 ${whole(count)} 个词元，其中 ${whole(again)} 个是重算${hits > 0 ? `；另有 ${whole(hits)} 个在缓存中找到` : ''}。`,
  },
  roomWhy: {
    en: (fresh: number, idle: number, free: number, mark: number) =>
      `There is room: ${s(fresh, 'new block')} and ${s(idle, 'idle hit')} fit into the ${whole(free)} that ${free === 1 ? 'was' : 'were'} free${mark > 0 ? `, of which ${whole(mark)} must stay` : ''}.`,
    zh: (fresh: number, idle: number, free: number, mark: number) =>
      `放得下：${whole(fresh)} 个新块加 ${whole(idle)} 个闲置命中，不超过此前空闲的 ${whole(free)} 个块${mark > 0 ? `（其中 ${whole(mark)} 个须留作水位）` : ''}。`,
  },
  grant: {
    en: (names: string, fresh: number, copies: number) =>
      `${names} may take ${s(fresh, 'block')}${copies > 0 ? `, ${copies} of them to copy into` : ''}.`,
    zh: (names: string, fresh: number, copies: number) =>
      `${names} 可以取 ${whole(fresh)} 个块${copies > 0 ? `，其中 ${copies} 个用于复制` : ''}。`,
  },
  refuseAdmit: { en: (name: string) => `${name} is not admitted.`, zh: (name: string) => `${name} 未被接纳。` },
  refuseRun: { en: (name: string) => `${name} cannot go on.`, zh: (name: string) => `${name} 无法继续。` },
  refuseBack: { en: (name: string) => `${name} cannot come back yet.`, zh: (name: string) => `${name} 还不能换回。` },
  refuseOut: { en: (name: string) => `${name} cannot move to CPU memory.`, zh: (name: string) => `${name} 无法换出到 CPU 内存。` },
  refuseAdd: { en: 'The request is turned away.', zh: '请求被拒绝。' },
  refuseAppend: { en: (name: string) => `${name} takes no more tokens.`, zh: (name: string) => `${name} 不能再接收词元。` },
  refuseFork: { en: (name: string) => `${name} cannot be forked.`, zh: (name: string) => `${name} 无法分叉。` },
  refuseFree: { en: (name: string) => `${name} cannot be ended.`, zh: (name: string) => `${name} 无法结束。` },
  blocksWhy: {
    en: (fresh: number, idle: number, free: number, mark: number) =>
      `It needs ${s(fresh, 'new block')} and ${s(idle, 'idle hit')}; ${whole(free)} ${free === 1 ? 'was' : 'were'} free${mark > 0 ? `, ${whole(mark)} of them must stay` : ''}. Nothing changes for it.`,
    zh: (fresh: number, idle: number, free: number, mark: number) =>
      `需要 ${whole(fresh)} 个新块和 ${whole(idle)} 个闲置命中；此前空闲 ${whole(free)} 个${mark > 0 ? `，其中 ${whole(mark)} 个须保留` : ''}。它的状态不变。`,
  },
  headWhy: {
    en: 'It stays at the head of the queue, and nobody overtakes it.',
    zh: '它留在队首，后来者不得越过。',
  },
  preempt: {
    en: (name: string, blocks: number, lost: number) =>
      `${name} gives way: it lets go of ${s(blocks, 'block')} with K and V of ${s(lost, 'token')}, to be found or computed again.`,
    zh: (name: string, blocks: number, lost: number) =>
      `${name} 被抢占：交还 ${whole(blocks)} 个块，其中 ${whole(lost)} 个词元的 K、V 以后重新命中或重算。`,
  },
  preemptSwap: {
    en: (name: string, blocks: number) =>
      `${name} gives way: its ${s(blocks, 'block')} ${blocks === 1 ? 'moves' : 'move'} to CPU memory, nothing is lost.`,
    zh: (name: string, blocks: number) => `${name} 被抢占：它的 ${whole(blocks)} 个块移到 CPU 内存，什么也不丢。`,
  },
  preemptWhy: {
    en: (because: string, policy: string) => `${because} needs a block and none is left. The rule: ${policy}.`,
    zh: (because: string, policy: string) => `${because} 需要块，而已无空闲。规则：${policy}。`,
  },
  preemptSelfWhy: {
    en: 'It needs a block, none is left, and everybody else is served in this step already: so it gives way itself.',
    zh: '它需要块，已无空闲，而其他请求在本步都已处理：只能自己让出。',
  },
  hold: {
    en: (waiting: number) => `Nobody is admitted in this step; ${whole(waiting)} ${waiting === 1 ? 'waits' : 'wait'}.`,
    zh: (waiting: number) => `本步不接纳新请求；${whole(waiting)} 个在等待。`,
  },
  holdPreemptedWhy: {
    en: 'Somebody gave way in it: what came free is for those that run.',
    zh: '本步有请求被抢占：腾出的块留给正在运行的请求。',
  },
  holdSwappedWhy: {
    en: 'Something lies in CPU memory: it comes back before anything new is begun.',
    zh: '还有请求在 CPU 内存中：先换回它们，再接纳新的。',
  },
  fork: {
    en: (child: string, name: string, shared: number) =>
      `${child} forks from ${name}: it holds the same ${s(shared, 'block')}, and nothing is copied.`,
    zh: (child: string, name: string, shared: number) => `${child} 从 ${name} 分叉：持有相同的 ${shared} 个块，没有复制任何内容。`,
  },
  forkWhy: {
    en: 'The table is copied, and each block has one more holder. A copy comes with the first write into a shared block.',
    zh: '只复制块表，每个块的引用计数加 1。首次写入共享块时才会复制。',
  },
  forkNew: {
    en: (child: string, name: string) => `${child} begins with the tokens of ${name}, as a new request.`,
    zh: (child: string, name: string) => `${child} 以 ${name} 的词元作为新请求开始。`,
  },
  forkNewWhy: {
    en: 'V1 has no fork: the child waits, and finds the full blocks by their hashes.',
    zh: 'V1 没有分叉：子请求排队等待，再凭哈希找到已满的块。',
  },
  sample: {
    en: (name: string, token: string, position: number) => `${name} gets its next token, “${token}”, for position ${position}.`,
    zh: (name: string, token: string, position: number) => `${name} 得到下一个词元“${token}”，位置 ${position}。`,
  },
  sampleWhy: {
    en: 'Drawn by the seed: no model speaks here. The next step computes its K and V.',
    zh: '由种子抽取，这里没有模型。它的 K、V 在下一步计算。',
  },
  sampleLastWhy: {
    en: 'Drawn by the seed: no model speaks here. It is the last one, so its K and V are never computed.',
    zh: '由种子抽取，这里没有模型。这是最后一个词元，因此不再计算它的 K、V。',
  },
  await: {
    en: (name: string, position: number) => `${name} waits for the token of position ${position}.`,
    zh: (name: string, position: number) => `${name} 等待位置 ${position} 的词元。`,
  },
  awaitWhy: {
    en: 'All its tokens are computed; the next one comes from outside.',
    zh: '它的词元都已计算；下一个来自外部。',
  },
  extend: {
    en: (name: string, range: string, text: string) => `${name} is given “${text}” for position ${range}.`,
    zh: (name: string, range: string, text: string) => `${name} 得到“${text}”，位置 ${range}。`,
  },
  extendWhy: {
    en: 'A model or a search says so, not the scheduler; the next step computes its K and V.',
    zh: '由模型或搜索给出，不归调度器；它的 K、V 在下一步计算。',
  },
  extendLastWhy: {
    en: 'A model or a search says so, not the scheduler. It is the last one, so its K and V are never computed.',
    zh: '由模型或搜索给出，不归调度器。这是最后一个词元，因此不再计算它的 K、V。',
  },
  finish: {
    en: (name: string, tokens: number, generated: number) =>
      `${name} is done: ${s(tokens, 'token')}, ${whole(generated)} of them generated.`,
    zh: (name: string, tokens: number, generated: number) => `${name} 完成：共 ${whole(tokens)} 个词元，其中生成 ${whole(generated)} 个。`,
  },
  finishKeptWhy: {
    en: 'It lets its blocks go. Published ones can be found until they are taken for something else.',
    zh: '它交还所有块。已发布的块在被挪作他用之前仍可命中。',
  },
  finishGoneWhy: {
    en: 'It lets its blocks go. Under these rules only blocks that somebody holds can be found.',
    zh: '它交还所有块。按此规则，只有仍被持有的块才能命中。',
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
      `Step ${whole(step)}: ${s(tokens, 'token')} of ${s(requests, 'request')}, of ${whole(budget)} allowed.`,
    zh: (step: number, tokens: number, requests: number, budget: number) =>
      `第 ${whole(step)} 步：${whole(requests)} 个请求的 ${whole(tokens)} 个词元，上限 ${whole(budget)}。`,
  },
  batchIdle: {
    en: (step: number) => `Step ${whole(step)} computes nothing.`,
    zh: (step: number) => `第 ${whole(step)} 步没有计算。`,
  },
  mixedWhy: {
    en: 'There are no phases: every request catches up with its tokens, prompts in chunks, under one budget.',
    zh: '不分阶段：每个请求都在同一预算下补齐自己的词元，提示按块计算。',
  },
  prefillWhy: {
    en: 'Prompts only: these rules compute prompts or next tokens, never both in one step.',
    zh: '只算提示：按此规则，一步要么算提示，要么算下一个词元。',
  },
  decodeWhy: {
    en: 'One token each: the query of a sequence’s last token meets all keys before it, through its block table.',
    zh: '每个序列一个词元：末尾词元的查询经由块表与之前所有键相乘。',
  },
  decodeInPlace: {
    en: 'The tokens go into slots that are held already, so no block is taken.',
    zh: '写入已持有的槽位，因此不取新块。',
  },
  more: {
    en: (n: number) => `And ${n} more like this in this step.`,
    zh: (n: number) => `本步另有 ${n} 次同样的事。`,
  },
  letGo: {
    en: (free: number, held: number) =>
      `${s(free, 'block')} ${free === 1 ? 'is' : 'are'} free again${held > 0 ? `; ${whole(held)} ${held === 1 ? 'stays' : 'stay'} with other holders` : ''}.`,
    zh: (free: number, held: number) => `${whole(free)} 个块重新空闲${held > 0 ? `，${whole(held)} 个仍有他人持有` : ''}。`,
  },
  and: { en: ' and ', zh: ' 和 ' },
  numbered: { en: (name: string) => `request ${name}`, zh: (name: string) => `请求 ${name}` },
  unknown: { en: 'the request', zh: '该请求' },
} satisfies Dictionary;

/** Why an operation was refused, but for want of blocks. */
export const refusalWords = {
  blocks: { en: () => '', zh: () => '' },
  'never-fits': {
    en: (need, have) => `It would need ${s(need, 'block')} at once; the pool has ${whole(have)}. It could never run, not even alone.`,
    zh: (need, have) => `它一次需要 ${whole(need)} 个块，块池只有 ${whole(have)} 个：即使独占也无法运行。`,
  },
  'max-running': {
    en: (need, have) => `${whole(need)} would run; at most ${whole(have)} may.`,
    zh: (need, have) => `这样将有 ${whole(need)} 个在运行；最多允许 ${whole(have)} 个。`,
  },
  'cpu-blocks': {
    en: (need, have) =>
      `Its ${s(need, 'distinct block')} must move together; CPU memory has ${whole(have)} free. So it is computed again later.`,
    zh: (need, have) => `它的 ${whole(need)} 个不同的块须一起换出；CPU 内存只空闲 ${whole(have)} 个。因此稍后重算。`,
  },
  'unknown-request': { en: () => 'There is no such request.', zh: () => '没有这个请求。' },
  finished: { en: () => 'It is done already.', zh: () => '它已经完成。' },
  'not-running': { en: () => 'Only what runs has a table to share.', zh: () => '只有正在运行的请求才有块表可共享。' },
  'too-long': {
    en: (need, have) => `It would have ${s(need, 'token')}; at most ${whole(have)} are allowed.`,
    zh: (need, have) => `它将有 ${whole(need)} 个词元；最多允许 ${whole(have)} 个。`,
  },
  'empty-prompt': { en: () => 'It has no token.', zh: () => '它没有词元。' },
  'nothing-to-generate': { en: () => 'It asks for no token after the prompt.', zh: () => '提示之后没有要生成的词元。' },
} satisfies Record<RefusalReason, Record<'en' | 'zh', (need: number, have: number) => string>>;

export const policyWords: Record<VictimPolicy, Record<'en' | 'zh', string>> = {
  last: { en: 'the last in the running queue gives way', zh: '运行队列中的最后一个让出' },
  'most-blocks': { en: 'the one with most blocks gives way', zh: '占块最多的让出' },
  'fewest-computed': { en: 'the one with fewest computed tokens gives way', zh: '已算词元最少的让出' },
};

export const statusWords: Record<RequestStatus, Record<'en' | 'zh', string>> = {
  waiting: { en: 'waiting', zh: '等待' },
  running: { en: 'running', zh: '运行' },
  preempted: { en: 'preempted', zh: '被抢占' },
  swapped: { en: 'swapped out', zh: '换出' },
  finished: { en: 'finished', zh: '完成' },
};
