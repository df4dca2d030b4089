// States of the small model's figures, and numbers that several lessons read from them.
import { defaultModel, formatModel } from '../figure/model/settings';
import type { Facts } from '../figure/facts';
import { PASSAGES } from '../model/passage';
import { distributionOf, keptCount, penalised, sortedLogits, type Distribution } from '../model/sampling';
import type { ModelFrame, ModelSettings } from '../views/model/view';

/** 崔颢《黄鹤楼》, to where 黄 comes again; and the whole of it. */
export const CRANE = '昔人已乘黄鹤去，此地空余黄';
export const POEM = PASSAGES.zh;

/** Where a token looks after: 余 and 楼 of the poem. */
export const [OPEN_AT, SURE_AT] = [11, 14] as const;

/** The settings as a link writes them. */
export const settingsText = (change: Partial<ModelSettings>): string => formatModel({ ...defaultModel, ...change });

/** The fragment of a state of the Model lab. */
export function modelState(picture: 'stack' | 'next' | 'ledger' | 'merge', change: Partial<ModelSettings>): string {
  const text = settingsText(change).replaceAll('%', '%25').replaceAll('&', '%26').replaceAll('+', '%2B');
  return `lab=model&picture=${picture}${text === '' ? '' : `&model=${text}`}`;
}

export const mean = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((a, b) => a + b, 0) / values.length;

/** Of the tokens, BERT picks so many to be guessed (Devlin et al. 2019, §3.1). */
export const MLM_SHARE = 0.15;

/** What a text trains: every token after the first where the next one is learned, else the share that BERT picks. */
export function targetsOf({ model }: Facts): { causal: number; masked: number } | undefined {
  const { losses, ids } = model?.reading ?? {};
  return losses && ids && { causal: losses.length, masked: Math.round(MLM_SHARE * ids.length) };
}

const known = new WeakMap<ModelFrame, Distribution>();

/** What comes after the token looked at. */
export function nextOf({ model }: Facts): Distribution | undefined {
  if (!model?.reading) return undefined;
  const { reading, at, settings } = model;
  const { vocabulary } = reading.config;
  const dist =
    known.get(model) ??
    distributionOf(
      reading.logits.subarray(at * vocabulary, (at + 1) * vocabulary),
      settings.sampling,
      reading.ids.slice(0, at + 1),
    );
  known.set(model, dist);
  return dist;
}

/** The likeliest token and its probability. */
export function topOf(facts: Facts): { label: string; p: number } | undefined {
  const dist = nextOf(facts);
  const label = dist && facts.model?.vocabulary[dist.order[0]!];
  return label === undefined ? undefined : { label, p: dist!.p[0]! };
}

/** The probability of a token by its label. */
export function chanceOf(facts: Facts, label: string): number | undefined {
  const dist = nextOf(facts);
  const id = facts.model?.vocabulary.indexOf(label) ?? -1;
  return dist && id >= 0 ? dist.p[dist.order.indexOf(id)] : undefined;
}

/** How many tokens may be drawn after a position. */
export function keptAt(
  { model }: Facts,
  at: number,
  change: Partial<ModelSettings['sampling']> = {},
): number | undefined {
  const { reading, settings } = model ?? {};
  if (!reading || !settings || at >= reading.ids.length) return undefined;
  const { vocabulary } = reading.config;
  const row = reading.logits.subarray(at * vocabulary, (at + 1) * vocabulary);
  const sampling = { ...settings.sampling, ...change };
  return keptCount(sortedLogits(penalised(row, reading.ids.slice(0, at + 1), sampling.penalty)), sampling);
}

/** The word's pieces: "p|ar|am". */
export const cutOf = ({ model }: Facts): string | undefined => model?.cut?.map(({ label }) => label).join('|');
