// The Page lab's own words: panes, controls, own requests, transport.
import { plural, whole } from '../../ui/whole';
import type { Dictionary } from '../../words';

export const pageWords = {
  panes: { en: 'Panes', zh: '面板' },
  controls: { en: 'Controls', zh: '设置' },
  pool: { en: 'Pool', zh: 'KV 块池' },
  tables: { en: 'Tables', zh: '块表' },
  slots: { en: 'Slots', zh: 'kernel 输入' },
  queue: { en: 'Free blocks', zh: '空闲块' },
  chains: { en: 'Hash chains', zh: '哈希链' },
  timeline: { en: 'Timeline', zh: '时间线' },
  waste: { en: 'Waste', zh: '浪费' },
  trends: { en: 'Trends', zh: '趋势' },
  heads: { en: 'Bytes a token', zh: '每 token 字节' },
  proof: { en: 'Proof', zh: '验证' },
  transport: { en: 'Playback', zh: '播放' },

  workload: { en: 'workload', zh: '负载' },
  story: { en: 'A short story', zh: '一个小故事（英文）' },
  'story-zh': { en: 'A short story (Chinese)', zh: '一个小故事' },
  chat: { en: 'Chat, one system prompt', zh: '聊天，共用系统提示' },
  parallel: { en: 'Parallel sampling', zh: '并行采样' },
  beam: { en: 'Beam search', zh: '束搜索' },
  'long-tail': { en: 'Long-tail lengths', zh: '长度长尾分布' },
  storm: { en: 'Preemption storm', zh: '抢占风暴' },
  scale: { en: '1,000 requests', zh: '1000 个请求' },
  marathon: { en: '100,000 steps', zh: '十万步' },
  own: { en: 'Own requests', zh: '自己的请求' },
  seed: { en: 'seed', zh: '种子' },
  rules: { en: 'rules', zh: '规则' },
  rulesNote: {
    en: 'Simulated exactly by this rule set: state machines of the scheduler and the pool, no GPU in it.',
    zh: '严格按此规则集模拟：调度器与块池的状态机，不含 GPU。',
  },
  simulated: { en: (rules: string) => `simulated: ${rules}`, zh: (rules: string) => `模拟：${rules}` },
  'v1-2026': { en: 'vLLM V1, 2026', zh: 'vLLM V1（2026）' },
  'v1-2025': { en: 'vLLM V1, 2025', zh: 'vLLM V1（2025）' },
  paper: { en: 'Paper / vLLM V0', zh: '论文 / vLLM V0' },
  blockSize: { en: 'block size', zh: '块大小' },
  blockSizeNote: {
    en: 'Slots a block. The pool keeps its number of slots, unless you set it.',
    zh: '每块的槽数。除非另行设置，块池的总槽数不变。',
  },
  poolSize: { en: 'pool, blocks', zh: '池的块数' },
  poolNote: { en: 'Blocks of the pool, without the null block.', zh: '块池的块数，不含 null 块。' },
  shortened: {
    en: (block: number, wanted: number, have: number) =>
      `To keep the workload’s slots in blocks of ${block}, ${plural(wanted, 'block')} would be needed. A pool has at most ${have.toLocaleString('en')}: that is what you see.`,
    zh: (block: number, wanted: number, have: number) =>
      `块大小为 ${block} 时，要保留工作负载的全部槽位需要 ${wanted.toLocaleString('en')} 个块。块池最多 ${have.toLocaleString('en')} 个，这里就用这么多。`,
  },
  victim: { en: 'preempt', zh: '抢占谁' },
  victimNote: {
    en: 'Which running request is preempted when no block is left.',
    zh: '没有空闲块时，抢占哪个正在运行的请求。',
  },
  last: { en: 'the last', zh: '最后一个' },
  'most-blocks': { en: 'most blocks', zh: '占块最多' },
  'fewest-computed': { en: 'fewest tokens', zh: '已算 token 最少' },
  watermark: { en: 'watermark', zh: '预留水位' },
  watermarkNote: {
    en: 'Share of the pool that a waiting request must leave free while something runs.',
    zh: '有请求在运行时，新调度的请求必须给块池留出的空闲比例。',
  },
  budget: { en: 'chunk budget', zh: 'token 预算' },
  budgetNote: { en: 'Tokens a step at most.', zh: '每步最多计算的 token 数。' },
  sharing: { en: 'prefix sharing', zh: '前缀共享' },
  sharingNote: {
    en: 'Full blocks are published by hash and found by other requests.',
    zh: '写满的块按哈希进入前缀缓存，其他请求可以命中。',
  },
  window: { en: 'window', zh: '窗口' },
  windowNote: { en: 'Sliding window in tokens; 0 is none.', zh: '滑动窗口的 token 数；0 表示没有。' },
  preemption: { en: 'on preemption', zh: '抢占后' },
  preemptionNote: {
    en: 'Of the paper’s rules: recompute, or swap to CPU memory.',
    zh: '仅论文规则可选：重算，或换出到 CPU 内存。',
  },
  auto: { en: 'as V0: groups swap', zh: '同 V0：多序列组换出' },
  recompute: { en: 'recompute', zh: '重算' },
  swap: { en: 'swap', zh: '换出' },
  paperOnly: { en: 'Only the paper’s rules swap.', zh: '只有论文规则会换出。' },
  reset: { en: 'Reset', zh: '恢复' },
  resetNote: { en: 'Back to the workload’s own settings', zh: '恢复负载自己的设置' },
  wholeNumber: {
    en: (low: number, high: number) => `a whole number from ${low} to ${high}`,
    zh: (low: number, high: number) => `应为 ${low} 到 ${high} 的整数`,
  },

  typed: { en: 'Your request', zh: '你的请求' },
  typedHint: { en: 'Type a request here', zh: '输入一个请求的文本' },
  generate: { en: 'generate', zh: '生成' },
  add: { en: 'Add', zh: '添加' },
  tooMany: {
    en: (most: number) => `A link holds at most ${most} of your actions.`,
    zh: (most: number) => `一个链接最多记录 ${most} 次操作。`,
  },
  textEmpty: { en: 'There is no text.', zh: '没有文本。' },
  textLong: {
    en: (n: number, most: number) => `${plural(n, 'character')}; at most ${most}.`,
    zh: (n: number, most: number) => `${n} 个字符；最多 ${most} 个。`,
  },
  request: { en: 'request', zh: '请求' },
  follow: {
    en: (name: string | undefined) => (name === undefined ? 'auto' : `auto: ${name}`),
    zh: (name: string | undefined) => (name === undefined ? '自动' : `自动：${name}`),
  },
  followNote: {
    en: 'Auto shows the first request that runs, another as soon as another does. One that you choose stays.',
    zh: '“自动”始终显示首个运行的请求，随时刻切换；手动选定的请求不会变。',
  },
  fork: { en: 'Fork', zh: '分叉' },
  free: { en: 'End', zh: '结束' },
  undo: { en: 'Undo', zh: '撤销' },
  undoNote: { en: 'Undo your last action', zh: '撤销上一次操作' },
  anew: {
    en: 'What you do here happens after this moment; what followed is simulated anew.',
    zh: '你的操作从这一刻起生效，之后的过程重新模拟。',
  },
  nobody: { en: 'no request yet', zh: '尚无请求' },

  moment: {
    en: (at: string, of: string, step: string) => `moment ${at} of ${of}, scheduler step ${step}`,
    zh: (at: string, of: string, step: string) => `时刻 ${at}/${of}，调度第 ${step} 步`,
  },
  scrub: { en: 'moment (Shift+← → to the next change of a request)', zh: '时刻（Shift+← → 跳到请求状态变化处）' },
  momentWord: { en: 'moment', zh: '时刻' },
  momentNote: {
    en: 'A moment is one operation: a request arrives, is given a token, forks or ends, or the scheduler runs once, which is a step.',
    zh: '一个时刻是一次操作：请求到达、得到 token、分叉或结束，或者调度器运行一次（即一步）。',
  },
  step: { en: (step: string) => `step ${step}`, zh: (step: string) => `第 ${step} 步` },
  working: {
    en: (done: string) => `simulating, ${plural(done, 'moment')}…`,
    zh: (done: string) => `正在模拟，已 ${done} 个时刻…`,
  },
  cancelled: { en: 'Stopped here.', zh: '已停在此处。' },
  tooLong: { en: 'Stopped: this workload goes on for too long.', zh: '已停止：此负载过长。' },
  cancel: { en: 'Stop', zh: '停止' },
  resume: { en: 'Go on', zh: '继续' },
  events: { en: (n: number) => plural(n, 'event'), zh: (n: number) => `${whole(n)} 个事件` },
  eventsMore: { en: (n: number) => `and ${n} more`, zh: (n: number) => `另有 ${n} 个` },
  ending: {
    en: (steps: string, paged: string, longest: string) =>
      `The whole run, ${plural(steps, 'step')}: on average ${paged} of the slots held tokens; contiguous memory for the longest length: ${longest}.`,
    zh: (steps: string, paged: string, longest: string) =>
      `全程 ${steps} 步：平均 ${paged} 的槽存着 token；若按最大长度连续分配，则为 ${longest}。`,
  },
  next: { en: (workload: string) => `Next: ${workload}`, zh: (workload: string) => `接着看：${workload}` },
  fresh: { en: 'new', zh: '新块' },
  idleHits: { en: 'idle hits', zh: '命中的空闲块' },
  freeBlocks: { en: 'free before', zh: '此前空闲' },
  mark: { en: 'watermark', zh: '预留水位' },
  granted: { en: 'granted', zh: '允许' },
  refused: { en: 'refused', zh: '拒绝' },
  decisionNote: {
    en: (needed: number, held: number, hits: number) =>
      `The sum that decides: new blocks = ${needed} needed − ${held} held − ${hits} found, and those to copy into. Found blocks that nobody holds leave the free list, so they count as well. Computed by the rule set.`,
    zh: (needed: number, held: number, hits: number) =>
      `能否分配就看这道算式：新块 = 需要 ${needed} − 已持有 ${held} − 命中 ${hits}，另加用于复制的块。命中的空闲块会离开空闲列表，因此也要计入。由规则集计算。`,
  },

  keys: { en: 'Keys', zh: '按键' },
  keyPlay: { en: 'play or pause', zh: '播放或暂停' },
  keyStep: { en: 'a moment back, a moment on', zh: '后退、前进一个时刻' },
  keyTurn: { en: 'to the last, next change of a request', zh: '到上一次、下一次请求状态变化' },
  keyEdge: { en: 'to the start, to the end', zh: '到开头、到结尾' },
  keyRequest: { en: 'choose the request', zh: '选择请求' },
  keyUnpin: { en: 'let go of what is pinned', zh: '取消固定' },
  keyHelp: { en: 'this list', zh: '本列表' },
  close: { en: 'Close', zh: '关闭' },
} satisfies Dictionary;
