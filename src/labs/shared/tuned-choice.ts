// The tuned choice in words: which kernel and tile for which lengths, and the race that says so.
import { html, type TemplateResult } from 'lit';
import type { Shape } from '../../ops/attention/shape';
import type { Choice } from '../../bench/tuning/store';
import type { Tile } from '../../ops/run';
import { swatch } from '../../ui/kernel-mark';
import { count } from '../../ui/format';
import type { Widened } from '../../words';
import type { Racing } from './tuned-store';
import type { tunedWords } from './tuned.words';

export type TunedSpeech = Widened<typeof tunedWords>;

export const tileName = ({ br, bc }: Tile): string => `${br}×${bc}`;

export const variantName = ({ kernel, tile }: { kernel: string; tile: Tile }): string => `${kernel} ${tileName(tile)}`;

/** Where, when and by which clock it was raced, and how each contender did. */
export const raceLine = ({ raced, date, clock, contenders, able }: Choice, words: TunedSpeech): string =>
  `${words.by(raced.keys, date.slice(0, 10), words[clock], words.raced(contenders.length, able ?? contenders.length))} ${contenders.map((one) => `${variantName(one)} ${count(one.ratio)} ×`).join(', ')}`;

/** What kind of shape it is for: one query, or the mask between many. */
export const kindOf = ({ queries, mask }: Shape, words: TunedSpeech): string =>
  queries === 1 ? words.one : words.maskName(mask);

/** How far a race is. */
export const racingLine = ({ shape, stage, done, of }: Racing, words: TunedSpeech): string =>
  words[stage](shape.keys, done, of);

/** Shapes with the choice that they share, in order. */
export function byChoice(
  shapes: readonly Shape[],
  choiceFor: (shape: Shape) => Choice | undefined,
): { shapes: Shape[]; choice: Choice | undefined }[] {
  const groups: { shapes: Shape[]; choice: Choice | undefined }[] = [];
  for (const shape of shapes) {
    const choice = choiceFor(shape);
    const group = groups.find((one) => one.choice?.date === choice?.date && one.shapes[0]?.mask === shape.mask);
    if (group) group.shapes.push(shape);
    else groups.push({ shapes: [shape], choice });
  }
  return groups;
}

/** One item a choice; `unknown` stands where there is none. */
export const choiceItems = (
  groups: ReturnType<typeof byChoice>,
  words: TunedSpeech,
  unknown: string,
): TemplateResult[] =>
  groups.map(({ shapes, choice }) => {
    const [first] = shapes;
    const lead = first ? words.for(shapes.map(({ keys }) => keys).join(', '), kindOf(first, words)) : '';
    if (!choice) return html`<li class="unknown">${lead} ${unknown}</li>`;
    return html`<li data-chosen=${choice.best.kernel}>
      ${lead} <b class="num">${swatch(choice.best.kernel)}${variantName(choice.best)}</b>
      <span class="muted">${raceLine(choice, words)}</span>
    </li>`;
  });
