// The plot that all charts of the Time lab are: log-log axes, one line a kernel with its spread, guides, and one N that
// is chosen by pointer or keys.
import { area, line, scaleLog } from 'd3';
import { html, nothing, svg, type TemplateResult } from 'lit';
import { hueOf, markPath } from '../../ui/kernel-mark';

export { default as chartCss } from './chart.css?inline';

export interface PlotAxis {
  domain: readonly [number, number];
  ticks: readonly number[];
  format(x: number): string;
  label: string;
}

/** One N of one kernel. `lo` and `hi` are p10 and p90. */
export interface PlotPoint {
  n: number;
  x: number;
  y: number;
  lo?: number;
  hi?: number;
  /** Drawn as an outline: nothing may be concluded from it. */
  hollow?: boolean;
}

export interface PlotSeries {
  kernel: string;
  points: readonly PlotPoint[];
}

/**
 * A straight line in data coordinates with its name. `roof` and `one` are what points are held against, `limit` a wall,
 * `cross` a crossover. Names stand in a band above the plot, where no curve comes, unless `at` puts them on the line.
 */
export interface Guide {
  kind: 'roof' | 'one' | 'limit' | 'cross';
  from: readonly [number, number];
  to: readonly [number, number];
  label: string;
  /** Where on the line the label ends, 0 at `from`, 1 at `to`. */
  at?: number;
}

export interface Plot {
  width: number;
  height: number;
  x: PlotAxis;
  y: PlotAxis;
  series: readonly PlotSeries[];
  guides: readonly Guide[];
  /** Words in the plot's corners: what is above and below the line at 1. */
  notes?: readonly { text: string; place: 'top' | 'bottom' }[];
  /** The N that is read out. */
  chosen: number | undefined;
  /** Every N there is, ascending. */
  lengths: readonly number[];
  /** For screen readers: what the control chooses, and what is there at the chosen N. */
  name: string;
  reading: string;
  choose(n: number): void;
}

const LEFT = 70;
const TOP = 12;
/** Height of a name in the band above the plot. */
const NAME = 17;
const BOTTOM = 44;
/** Room at the right for the lines' names: a monospace character is about 8 px. */
const rightOf = ({ series }: Plot): number => 14 + 8 * Math.max(4, ...series.map(({ kernel }) => kernel.length));

export function plot(p: Plot): TemplateResult {
  const right = p.width - rightOf(p);
  const bottom = p.height - BOTTOM;
  const named = p.guides.filter(({ label, at }) => label && at === undefined);
  const top = TOP + NAME * named.length;
  const x = scaleLog(p.x.domain, [LEFT, right]);
  const y = scaleLog(p.y.domain, [bottom, top]);
  const every = Math.max(...p.lengths);
  const nearest = (event: PointerEvent): void => {
    const box = (event.currentTarget as SVGElement).getBoundingClientRect();
    const [px, py] = [event.clientX - box.left, event.clientY - box.top];
    const far = (q: PlotPoint): number => (x(q.x) - px) ** 2 + 0.05 * (y(q.y) - py) ** 2;
    const points = p.series.flatMap(({ points: own }) => own);
    const best = points.reduce<PlotPoint | undefined>((a, b) => (a && far(a) <= far(b) ? a : b), undefined);
    if (best && best.n !== p.chosen) p.choose(best.n);
  };
  const keys = (event: KeyboardEvent): void => {
    const at = p.lengths.indexOf(p.chosen ?? every);
    const to = {
      ArrowRight: at + 1,
      ArrowUp: at + 1,
      ArrowLeft: at - 1,
      ArrowDown: at - 1,
      Home: 0,
      End: p.lengths.length - 1,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const n = p.lengths[Math.max(0, Math.min(p.lengths.length - 1, to))];
    if (n !== undefined) p.choose(n);
  };
  return html`<svg
    class="plot"
    width=${p.width}
    height=${p.height}
    viewBox="0 0 ${p.width} ${p.height}"
    role="slider"
    tabindex="0"
    aria-label=${p.name}
    aria-valuemin=${p.lengths[0] ?? 0}
    aria-valuemax=${every}
    aria-valuenow=${p.chosen ?? every}
    aria-valuetext=${p.reading}
    @pointermove=${nearest}
    @pointerdown=${nearest}
    @keydown=${keys}
  >
    ${grid(p, x, y, right, bottom, top)}
    ${chosenLine(p, x, bottom, top)} ${p.guides.map((guide) => guideLine(guide, x, y, right, TOP + NAME * named.indexOf(guide)))}
    ${p.series.map((series) => seriesMarks(p, series, x, y))} ${endLabels(p, x, y, TOP + 8, bottom)}
    ${p.notes?.map(({ text, place }) => svg`<text class="note" x=${LEFT + 8} y=${place === 'top' ? top + 16 : bottom - 8}>${text}</text>`)}
  </svg>`;
}

type Scale = (value: number) => number;

/** Ticks closer than this lose their text. */
const TICK_GAP = 42;

function grid({ x: ax, y: ay }: Plot, x: Scale, y: Scale, right: number, bottom: number, top: number): TemplateResult {
  let last = -Infinity;
  const labelled = (at: number): boolean => {
    if (at - last < TICK_GAP) return false;
    last = at;
    return true;
  };
  return svg`
    ${ay.ticks.map((t) => svg`<line class="grid" x1=${LEFT} x2=${right} y1=${y(t)} y2=${y(t)} /><text class="tick num" text-anchor="end" x=${LEFT - 8} y=${y(t) + 4.5}>${ay.format(t)}</text>`)}
    ${ax.ticks.map((t) => svg`<line class="grid" x1=${x(t)} x2=${x(t)} y1=${top} y2=${bottom} />${labelled(x(t)) ? svg`<text class="tick num" text-anchor="middle" x=${x(t)} y=${bottom + 18}>${ax.format(t)}</text>` : nothing}`)}
    <line class="base" x1=${LEFT} x2=${right} y1=${bottom} y2=${bottom} />
    <text class="axis" text-anchor="end" x=${right} y=${bottom + 38}>${ax.label}</text>
    <text class="axis" x="4" y=${bottom + 38}>${ay.label}</text>`;
}

/** A hair line at the chosen N, where the x axis counts N. */
function chosenLine({ chosen, series }: Plot, x: Scale, bottom: number, top: number): TemplateResult | typeof nothing {
  const here = series.flatMap(({ points }) => points).find(({ n }) => n === chosen);
  return here && here.x === here.n
    ? svg`<line class="chosen" x1=${x(here.x)} x2=${x(here.x)} y1=${top} y2=${bottom} />`
    : nothing;
}

/** @param band height of the name above the plot */
function guideLine(
  { kind, from, to, label, at }: Guide,
  x: Scale,
  y: Scale,
  right: number,
  band: number,
): TemplateResult {
  const [x1, y1, x2, y2] = [x(from[0]), y(from[1]), x(to[0]), y(to[1])];
  if (at !== undefined || !label) {
    const [tx, ty] = [x1 + (x2 - x1) * (at ?? 0), y1 + (y2 - y1) * (at ?? 0)];
    return svg`<line class="guide ${kind}" x1=${x1} y1=${y1} x2=${x2} y2=${y2} />
      <text class="guide-name ${kind}" text-anchor="end" x=${tx} y=${ty - 10}>${label}</text>`;
  }
  // A wall or crossover reaches up to its name; the name begins or ends there, where there is more room.
  const upright = x1 === x2;
  const left = x2 > (LEFT + right) / 2;
  return svg`<line class="guide ${kind}" x1=${x1} y1=${y1} x2=${x2} y2=${upright ? band - 2 : y2} />
    <text class="guide-name ${kind}" text-anchor=${left ? 'end' : 'start'} x=${upright ? x2 + (left ? -6 : 6) : right} y=${band + 9}>${label}</text>`;
}

function seriesMarks({ chosen }: Plot, { kernel, points }: PlotSeries, x: Scale, y: Scale): TemplateResult {
  const spread = points.filter((q) => q.lo !== undefined && q.hi !== undefined);
  const path = line<PlotPoint>(
    (q) => x(q.x),
    (q) => y(q.y),
  )(points);
  const band = area<PlotPoint>(
    (q) => x(q.x),
    (q) => y(q.lo ?? q.y),
    (q) => y(q.hi ?? q.y),
  )(spread);
  return svg`<g class="k${hueOf(kernel)}" data-kernel=${kernel}>
    ${band ? svg`<path class="band" d=${band} />` : nothing}
    ${spread.map((q) => svg`<line class="whisker" x1=${x(q.x)} x2=${x(q.x)} y1=${y(q.lo ?? q.y)} y2=${y(q.hi ?? q.y)} />`)}
    ${path ? svg`<path class="series" d=${path} />` : nothing}
    ${points.map((q) => svg`<path class="dot ${q.hollow ? 'hollow' : ''} ${q.n === chosen ? 'on' : ''}" data-n=${q.n} transform="translate(${x(q.x)} ${y(q.y)})" d=${markPath(kernel, q.n === chosen ? 110 : 64)} />`)}
  </g>`;
}

const NAME_GAP = 16;

/**
 * The lines' names at their ends, kept apart: each below the one before it, and where that runs out of the plot, moved
 * up together.
 */
function endLabels({ series }: Plot, x: Scale, y: Scale, top: number, bottom: number): TemplateResult[] {
  const ends = series.flatMap(({ kernel, points }) => {
    const end = points.at(-1);
    return end ? [{ kernel, x: x(end.x) + 12, y: y(end.y) + 4.5 }] : [];
  });
  ends.sort((a, b) => a.y - b.y);
  const apart = (least: number): void =>
    ends.forEach((end, i) => (end.y = Math.max(end.y, i === 0 ? least : ends[i - 1]!.y + NAME_GAP)));
  apart(top);
  for (const [i, end] of ends.toReversed().entries()) end.y = Math.min(end.y, bottom - i * NAME_GAP);
  apart(top);
  return ends.map((end) => svg`<text class="end num k${hueOf(end.kernel)}" x=${end.x} y=${end.y}>${end.kernel}</text>`);
}

/** A log domain around some values, with room at both ends. */
export function around(values: readonly (number | undefined)[], room = 1.3): [number, number] {
  const known = values.filter((v): v is number => v !== undefined && v > 0 && Number.isFinite(v));
  if (known.length === 0) return [1, 10];
  return [Math.min(...known) / room, Math.max(...known) * room];
}

/** Ticks of a log axis: powers of ten, with 2 and 5 between where there are few. */
export function logTicks([low, high]: readonly [number, number]): number[] {
  const decades = Math.log10(high / low);
  const steps = decades < 1.2 ? [1, 2, 3, 5, 7] : decades < 3 ? [1, 2, 5] : [1];
  const ticks: number[] = [];
  for (let e = Math.floor(Math.log10(low)); e <= Math.ceil(Math.log10(high)); e++) {
    for (const step of steps) {
      // 10 ** -3 * 5 is not 0.005: write it down and read it.
      const tick = Number(`${step}e${e}`);
      if (tick >= low && tick <= high) ticks.push(tick);
    }
  }
  return ticks;
}
