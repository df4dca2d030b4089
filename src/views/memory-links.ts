// The links between memory levels: an arrow each way as wide as its bytes, dashed at 0 B, with this step's bytes and the running sum.
import { html, svg, type TemplateResult } from 'lit';
import { scaleSqrt } from 'd3';
import type { Traffic } from '../capture/frame-types';
import { bytes } from './format';
import type { Level } from './memory-matrix';

interface Way {
  short: string;
  whole: string;
}

export interface Links {
  level: Exclude<Level, 'reg'>;
  step: Traffic;
  sum: Traffic;
  /** Bytes that stand for the widest arrow. */
  largest: number;
  /** The words of each way: short on screen, whole for screen readers. */
  loads: Way;
  stores: Way;
  mark: string;
}

const WIDTH = 26;
const HEIGHT = 34;

/** Both arrows of one link. Loads go down to the registers, stores go up. */
export const links = ({ level, step, sum, largest, loads, stores, mark }: Links): TemplateResult => html`
  ${link(level, 'down', loads, step.read, sum.read, largest, mark)} ${link(level, 'up', stores, step.written, sum.written, largest, mark)}
`;

const link = (
  level: string,
  way: 'down' | 'up',
  label: Way,
  step: number,
  sum: number,
  largest: number,
  mark: string,
): TemplateResult => html`
  <div class="link ${level} ${way} ${step === 0 ? 'idle' : ''}" tabindex="0" role="group" aria-label="${label.whole} ${bytes(step)}, Σ ${bytes(sum)}" aria-description=${mark} data-mark=${mark}>
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" width=${WIDTH} height=${HEIGHT} aria-hidden="true">${arrow(way, step, largest)}</svg>
    <div class="figures">
      <span class="now"><span class="label">${label.short}</span> <span class="num step">${bytes(step)}</span></span>
      <span class="num sum">Σ ${bytes(sum)}</span>
    </div>
  </div>
`;

/** One path whatever it carries: a step then changes an attribute, and makes no element anew. */
function arrow(way: 'down' | 'up', step: number, largest: number): TemplateResult {
  const middle = WIDTH / 2;
  const turn = way === 'up' ? `rotate(180 ${middle} ${HEIGHT / 2})` : '';
  return svg`<path class=${step === 0 ? 'dash' : 'shaft'} transform=${turn} d=${step === 0 ? idle(middle) : shaft(middle, step, largest)} />`;
}

const idle = (middle: number): string => {
  const dashes = [1, 8, 15, 22].map((y) => `M${middle - 0.75},${y} h1.5 v3.5 h-1.5 z`);
  return `${dashes.join(' ')} M${middle - 5},${HEIGHT - 9} h10 l-5,8 z`;
};

function shaft(middle: number, step: number, largest: number): string {
  // Square root: a step moves 64 B or 600 KiB, and both must be seen.
  const half = Math.max(1.25, scaleSqrt([0, Math.max(largest, step)], [0, 8])(step));
  const head = Math.max(5, half + 3.5);
  const neck = HEIGHT - 2 - head * 0.9;
  return `M${middle - half},1 V${neck} H${middle - head} L${middle},${HEIGHT - 1} L${middle + head},${neck} H${middle + half} V1 Z`;
}
