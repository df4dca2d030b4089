// The words of the timeline.
import type { RequestStatus } from '../../../paging';
import type { Dictionary, Language } from '../../../words';
import { plural, whole } from '../../../ui/whole';

export const timelineWords = {
  title: { en: 'Timeline of requests', zh: '请求时间线' },
  tokens: {
    en: (used: number, budget: number) => `${whole(used)} of ${plural(budget, 'token')} in this step`,
    zh: (used: number, budget: number) => `本步计算 ${whole(used)} 个 token，预算 ${whole(budget)}`,
  },
  noStep: {
    en: (budget: number) => `no scheduler step here; budget ${plural(budget, 'token')}`,
    zh: (budget: number) => `此刻没有调度步；预算 ${whole(budget)} 个 token`,
  },
  crowd: {
    en: (running: number, waiting: number, swapped: number) =>
      `${whole(running)} running · ${whole(waiting)} waiting${swapped ? ` · ${whole(swapped)} swapped out` : ''}`,
    zh: (running: number, waiting: number, swapped: number) =>
      `运行 ${whole(running)} · 等待 ${whole(waiting)}${swapped ? ` · 已换出 ${whole(swapped)}` : ''}`,
  },
  one: {
    en: (name: string, status: string) => `${name}: ${status}`,
    zh: (name: string, status: string) => `${name}：${status}`,
  },
  absent: { en: 'has not come yet', zh: '尚未到来' },
  tokenLane: { en: 'tokens', zh: 'token' },
  budget: { en: (n: number) => `budget ${whole(n)}`, zh: (n: number) => `预算 ${whole(n)}` },
  moments: { en: 'moment', zh: '时刻' },
  requests: { en: (n: number) => plural(n, 'request'), zh: (n: number) => `${whole(n)} 个请求` },
  alive: { en: 'running + waiting', zh: '运行 + 等待' },
  near: { en: 'Around this moment', zh: '此刻前后' },
  whole: { en: 'The whole run', zh: '整个过程' },
  zoom: { en: 'Which moments are shown', zh: '显示哪些时刻' },
  many: {
    en: 'Rows are thinner than a line here: where one pixel stands for several requests or moments, preempted shows before swapped, waiting and running.',
    zh: '此处一行细于一条线：一个像素代表多个请求或时刻时，优先显示被抢占，其次已换出、等待、运行。',
  },
  hint: {
    en: 'Click or drag to go to a moment; click a row, or press ↑ ↓, to choose a request.',
    zh: '点击或拖动可跳到某一时刻；点击一行或按 ↑ ↓ 选择请求。',
  },
  label: { en: 'Moment and request', zh: '时刻与请求' },
  spoken: {
    en: (index: number, last: number, request: string) =>
      `moment ${whole(index)} of ${whole(last)}${request ? `; ${request}` : ''}`,
    zh: (index: number, last: number, request: string) =>
      `时刻 ${whole(index)}，共 ${whole(last)}${request ? `；${request}` : ''}`,
  },
  simulated: {
    en: 'Simulated by the named rule set, step by step.',
    zh: '由所选规则集逐步模拟得出。',
  },
  describe: {
    en: (index: number, last: number, crowd: string, tokens: string) =>
      `Timeline of requests at moment ${whole(index)} of ${whole(last)}: ${crowd}. ${tokens}.`,
    zh: (index: number, last: number, crowd: string, tokens: string) =>
      `请求时间线，时刻 ${whole(index)}，共 ${whole(last)}：${crowd}。${tokens}。`,
  },
} as const satisfies Dictionary;

export const statusWords: Record<RequestStatus, Record<Language, string>> = {
  waiting: { en: 'waiting', zh: '等待' },
  running: { en: 'running', zh: '运行' },
  preempted: { en: 'preempted, to be recomputed', zh: '被抢占，需重算' },
  swapped: { en: 'swapped out', zh: '已换出' },
  finished: { en: 'finished', zh: '已结束' },
};
