// The cumulative line: how much of the probability the likeliest tokens have together, over their rank.
import { area, line, scaleLinear, scaleLog } from 'd3';
import { html, nothing, svg, type TemplateResult } from 'lit';
import type { Distribution, Sampling } from '../../../model/sampling';
import { percent } from '../../../ui/format';
import { whole } from '../../../ui/whole';
import { speak, type Language } from '../../../words';
import { cumulative } from './distribution';
import { nextWords } from './next.words';

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [420, 250, 52, 16, 26, 40];

export function curve(dist: Distribution, sampling: Sampling, language: Language): TemplateResult {
  const words = speak(nextWords, language);
  const { p, kept, mass } = dist;
  const points = cumulative(p);
  const x = scaleLog([1, p.length], [LEFT, WIDTH - RIGHT]);
  const y = scaleLinear([0, 1], [HEIGHT - BOTTOM, TOP]);
  const path = line<{ rank: number; sum: number }>(
    (q) => x(q.rank),
    (q) => y(q.sum),
  )(points);
  const inside = area<{ rank: number; sum: number }>(
    (q) => x(q.rank),
    y(0),
    (q) => y(q.sum),
  )([...points.filter(({ rank }) => rank <= kept), ...(kept < p.length ? [{ rank: kept, sum: mass }] : [])]);
  const cut = sampling.topK !== undefined || sampling.topP !== undefined;
  const right = x(kept) > WIDTH / 2;
  const ticks = [1, 10, 100, 1000].filter((t) => t < p.length);
  return html`<svg class="curve" data-ring="curve" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${words.curve(whole(kept), percent(mass))}>
    ${[0, 0.5, 1].map((t) => svg`<line class="grid" x1=${LEFT} x2=${WIDTH - RIGHT} y1=${y(t)} y2=${y(t)} /><text class="num" text-anchor="end" x=${LEFT - 6} y=${y(t) + 4.5}>${percent(t)}</text>`)}
    ${ticks.map((t) => svg`<text class="num" text-anchor="middle" x=${x(t)} y=${HEIGHT - BOTTOM + 18}>${whole(t)}</text>`)}
    <text class="axis" text-anchor="end" x=${WIDTH - RIGHT} y=${HEIGHT - 6}>${words.rank}</text>
    <text class="axis" x="2" y="14">${words.together}</text>
    <path class="inside" d=${inside ?? ''} />
    <path class="line" d=${path ?? ''} />
    ${
      sampling.topP === undefined
        ? nothing
        : svg`<line class="share" x1=${LEFT} x2=${WIDTH - RIGHT} y1=${y(sampling.topP)} y2=${y(sampling.topP)} />`
    }
    ${
      cut
        ? svg`<line class="cut" x1=${x(kept)} x2=${x(kept)} y1=${TOP - 6} y2=${y(0)} />
          <text class="cut num" text-anchor=${right ? 'end' : 'start'} x=${x(kept) + (right ? -6 : 6)} y=${y(0) - 10}>${words.keptShort(whole(kept))}</text>`
        : nothing
    }
  </svg>`;
}
