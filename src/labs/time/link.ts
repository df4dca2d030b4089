// What a link says of the Time lab: what it is to measure. What is as it comes is left out.
import { unless, type LabLink, type ParamReader } from '../shared/link';
import type { Entrant } from '../../bench/entrant';
import { parseWhole } from '../../ui/parse-whole';
import { isMask, type Mask } from '../../ops/sizes';
import {
  defaultTime,
  ENTRANTS,
  entrantsBeside,
  lengthsOf,
  MOST_OTHERS,
  ordered,
  othersOf,
  timeRanges,
  type TimeSettings,
} from './settings';

export interface TimePart {
  time: TimeSettings;
}

/** Some of a list's words, in the list's order. */
const someOf =
  <T extends string>(all: readonly T[]) =>
  (text: string): T[] | undefined => {
    const given = text.split('.');
    const chosen = all.filter((one) => given.includes(one));
    return chosen.length > 0 && chosen.length === given.length ? chosen : undefined;
  };

/** Some of the kernels, all of one op. */
function ofOneOp(text: string): Entrant[] | undefined {
  const chosen = someOf(ENTRANTS)(text);
  const beside = chosen && entrantsBeside(chosen);
  return chosen?.every((one) => beside?.includes(one)) ? chosen : undefined;
}

/** Masks, each once. */
function masksOf(text: string): Mask[] | undefined {
  const given = text.split('.');
  const masks = ordered(given.filter(isMask));
  return new Set(masks).size === given.length && othersOf(masks).length <= MOST_OTHERS ? masks : undefined;
}

const listed = (field: 'kernels' | 'masks' | 'lengths', time: TimeSettings): string | undefined =>
  unless(defaultTime[field].join('.'), time[field].join('.'));

function read(param: ParamReader): TimePart {
  const number = (key: string, field: 'batch' | 'heads' | 'dim' | 'budget'): number =>
    param(key, (text) => parseWhole(text, timeRanges[field])) ?? defaultTime[field];
  const heads = number('t.heads', 'heads');
  const kvHeads = (text: string): number | undefined => {
    const n = parseWhole(text, timeRanges.kvHeads);
    return n !== undefined && heads % n === 0 ? n : undefined;
  };
  const time: TimeSettings = {
    kernels: param('t.kernels', ofOneOp) ?? defaultTime.kernels,
    masks: param('t.mask', masksOf) ?? defaultTime.masks,
    lengths: param('t.n', (text) => (/^\d+(\.\d+)*$/.test(text) ? lengthsOf(text) : undefined)) ?? defaultTime.lengths,
    decoding: param('t.q', (text) => text === '1' || undefined) ?? false,
    batch: number('t.batch', 'batch'),
    heads,
    // Without a word on them there are as many KV heads as heads.
    kvHeads: param('t.kv', kvHeads) ?? heads,
    dim: number('t.d', 'dim'),
    budget: number('t.s', 'budget'),
  };
  return { time };
}

export const timeLink: LabLink<TimePart> = {
  default: { time: defaultTime },
  read,
  write: ({ time }) => ({
    't.kernels': listed('kernels', time),
    't.mask': listed('masks', time),
    't.n': listed('lengths', time),
    't.q': time.decoding ? '1' : undefined,
    't.batch': unless(defaultTime.batch, time.batch),
    't.heads': unless(defaultTime.heads, time.heads),
    't.kv': unless(time.heads, time.kvHeads),
    't.d': unless(defaultTime.dim, time.dim),
    't.s': unless(defaultTime.budget, time.budget),
  }),
  passing: [],
};
