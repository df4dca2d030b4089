// The words of the online-softmax view.
import type { Dictionary } from '../../../words';
import { range, some } from '../../../ui/format';
import { plural } from '../../../ui/whole';

export const softmaxWords = {
  title: { en: 'Softmax of one row', zh: '单行 softmax' },
  online: { en: 'online', zh: '在线 softmax' },
  direct: { en: 'direct', zh: '普通 softmax' },
  onlineNote: {
    en: 'Online: tile by tile, with m, l and O of the row corrected as the maximum rises.',
    zh: '在线 softmax：逐个分块计算，最大值变大时修正这一行的 m、l 和 O。',
  },
  row: { en: (row: number) => `row ${row}`, zh: (row: number) => `第 ${row} 行` },
  up: { en: 'previous row (↑)', zh: '上一行（↑）' },
  down: { en: 'next row (↓)', zh: '下一行（↓）' },
  tile: {
    en: (tile: number, of: number, from: number, to: number) =>
      `tile ${tile} of ${of}: ${some('key', range(from, to))}`,
    zh: (tile: number, of: number, from: number, to: number) => `分块 ${tile}/${of}：key ${range(from, to)}`,
  },
  allKeys: {
    en: (keys: number) => (keys === 1 ? 'the only key' : `all ${plural(keys, 'key')} at once`),
    zh: (keys: number) => `一次看全部 ${keys} 个 key`,
  },
  scores: { en: 'scores', zh: '分数' },
  weights: { en: 'weights', zh: '权重' },
  masked: { en: 'masked', zh: '被掩掉' },
  notYet: { en: 'not yet', zh: '尚未写入' },
  below: { en: 'below the chart', zh: '在图下方' },
  binned: {
    en: (keys: number) => `each bar: the largest of ${plural(keys, 'key')}`,
    zh: (keys: number) => `每根柱取 ${keys} 个 key 中的最大值`,
  },
  exp: { en: 'exp', zh: 'exp' },
  mOld: { en: 'm_old', zh: 'm_old' },
  mNew: { en: 'm_new', zh: 'm_new' },
  lOld: { en: 'l_old', zh: 'l_old' },
  mTile: { en: 'm_tile', zh: 'm_tile' },
  lKept: { en: 'exp(m_old − m)·l_old', zh: 'exp(m_old − m)·l_old' },
  lOlder: { en: 'older keys', zh: '之前的 key' },
  lTile: { en: 'this tile', zh: '本分块' },
  pKept: { en: 'exp(m_tile − m)·Σp', zh: 'exp(m_tile − m)·Σp' },
  key: { en: 'key', zh: 'key' },
  colon: { en: ': ', zh: '：' },
  channel: { en: (c: number) => `channel ${c}`, zh: (c: number) => `第 ${c} 维` },
  chooseKey: { en: 'key of the row (left and right), row (up and down)', zh: '← → 选 key，↑ ↓ 选行' },
  chooseChannel: { en: 'channel of O (left and right), row (up and down)', zh: '← → 选 O 的维，↑ ↓ 选行' },
  denominator: { en: 'denominator', zh: '分母' },
  overTiles: { en: 'over the tiles', zh: '逐分块' },
  output: { en: 'O of this row in registers', zh: '寄存器里这一行的 O' },
  outputInHbm: { en: 'O of this row in HBM', zh: 'HBM 里这一行的 O' },
  beforeInHbm: { en: 'O before', zh: '更新前 O' },
  afterInHbm: { en: 'O after', zh: '更新后 O' },
  outputDirect: { en: 'O of this row', zh: '这一行的 O' },
  before: { en: 'acc before', zh: '更新前 acc' },
  times: { en: '× α', zh: '× α' },
  after: { en: 'acc after', zh: '更新后 acc' },
  final: { en: 'O = acc / l', zh: 'O = acc / l' },
  finalDirect: { en: 'O = P V', zh: 'O = P V' },
  zero: { en: '0 before the first tile', zh: '第一个分块之前为 0' },
  alphaFirstShort: { en: 'α = 0 on the first tile: l and O start at 0.', zh: 'α = 0：第一个分块，l 和 O 本来就是 0。' },
  alphaOneShort: { en: 'α = 1: the maximum stays, older sums too.', zh: 'α = 1：最大值不变，旧的累加值不动。' },
  alphaShort: { en: 'α < 1: the maximum rose, older sums shrink.', zh: 'α < 1：最大值变大，旧的累加值缩小。' },
  firstAlpha: {
    en: 'α = 0 on the first tile: m starts at a large negative number that stands for −∞, so exp(m_old − m) is 0. Nothing is lost, for l and O start at 0.',
    zh: '第一个分块 α = 0：m 的初值是代替 −∞ 的极大负数，exp(m_old − m) 为 0。l 和 O 本来就是 0，什么也没丢。',
  },
  alphaOne: {
    en: 'α = 1: no score of this tile beats the maximum so far, so older sums stay as they are.',
    zh: 'α = 1：这个分块里没有分数超过之前的最大值，旧的累加值不用缩放。',
  },
  alphaNote: {
    en: 'α = exp(m_old − m): the maximum rose, so older sums shrink to the new one.',
    zh: 'α = exp(m_old − m)：最大值变大了，旧的累加值要按新最大值缩小。',
  },
  alphaShareShort: { en: 'α: what older keys count in l now.', zh: 'α：之前的 key 在新的 l 里占的份额。' },
  alphaShare: {
    en: 'α = exp(m_old − m)·l_old / l. O is divided by l in every tile, so the older O counts by its share of the new l; this tile counts by β = exp(m_tile − m) / l.',
    zh: 'α = exp(m_old − m)·l_old / l。每个分块都把 O 除以 l，所以旧的 O 按它在新 l 里的份额计入；本分块按 β = exp(m_tile − m) / l 计入。',
  },
  masksAll: {
    en: 'All keys of this tile are masked: nothing is added.',
    zh: '这个分块的 key 全被掩掉：什么都不加。',
  },
  directNote: {
    en: 'Naive needs the whole row of S before the first p: maximum, then sum, then P, each a pass over HBM.',
    zh: '朴素实现（naive）必须等整行 S 都算完才有第一个 p：先求最大值，再求和，最后写 P，每步都要扫一遍 HBM。',
  },
  elsewhere: {
    en: (row: number, from: number, to: number) =>
      `Row ${row} is not in this workgroup: it works on ${some('row', range(from, to))}.`,
    zh: (row: number, from: number, to: number) => `第 ${row} 行不在这个工作组里：它负责第 ${range(from, to)} 行。`,
  },
  goRow: { en: (row: number) => `Show row ${row} instead`, zh: (row: number) => `改看第 ${row} 行` },
  goWorkgroup: {
    en: (workgroup: number) => `Go to workgroup id ${workgroup}`,
    zh: (workgroup: number) => `转到工作组 id ${workgroup}`,
  },
  noneYet: {
    en: 'No key tile has begun. The row waits with m = −∞, l = 0, O = 0.',
    zh: '还没有开始任何分块。这一行的初值：m = −∞，l = 0，O = 0。',
  },
  comes: { en: 'What this picture will show, in numbers:', zh: '这里将用数字展示：' },
  comesScores: {
    en: 'the scores s = q · k / √d of this row, key by key',
    zh: '这一行与各个 key 的分数 s = q · k / √d',
  },
  comesMaximum: { en: 'their maximum m, by which no exponent overflows', zh: '分数的最大值 m：减去它，exp 就不会溢出' },
  comesWeights: { en: 'the weights p = exp(s − m), and their sum l', zh: '权重 p = exp(s − m) 以及它们的和 l' },
  comesOutput: { en: 'O of this row, as it takes in p · V', zh: '这一行的 O 如何累加 p · V' },
  goPhase: {
    en: (step: number, name: string) => `Go to step ${step}: ${name}`,
    zh: (step: number, name: string) => `转到第 ${step} 步：${name}`,
  },
  noneCaptured: { en: 'This workgroup is being captured…', zh: '正在采集这个工作组…' },
  described: {
    en: (row: number, where: string, m: string, l: string, alpha: string) =>
      `Softmax of row ${row}, ${where}. m = ${m}, l = ${l}, alpha = ${alpha}.`,
    zh: (row: number, where: string, m: string, l: string, alpha: string) =>
      `第 ${row} 行的 softmax，${where}。m = ${m}，l = ${l}，alpha = ${alpha}。`,
  },
} as const satisfies Dictionary;
