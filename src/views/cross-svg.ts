// Small pieces that the cross and its tile share: an SVG sheet, hatch patterns and axis labels.
import { select } from 'd3';
import type { Label, Stance } from './cross-axes';

const SVG = 'http://www.w3.org/2000/svg';
let sheets = 0;

export interface Sheet {
  svg: SVGSVGElement;
  /** Fill of masked cells. */
  masked: string;
  /** Fill of cells that never lie in HBM. */
  never: string;
}

/** An SVG over the whole panel that takes no pointer events, with the two hatches of the cross. */
export function makeSheet(name: string): Sheet {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', name);
  svg.setAttribute('aria-hidden', 'true');
  sheets++;
  const [masked, never] = [`cross-masked-${sheets}`, `cross-never-${sheets}`];
  const defs = select(svg).append('defs');
  const pattern = (id: string, size: number, d: string): void => {
    const p = defs.append('pattern').attr('id', id).attr('width', size).attr('height', size).attr('patternUnits', 'userSpaceOnUse');
    p.append('rect')
      .attr('width', size)
      .attr('height', size)
      .attr('class', `ground ${id.replace(/-\d+$/, '')}`);
    p.append('path').attr('d', d).attr('class', id.replace(/-\d+$/, ''));
  };
  pattern(never, 9, 'M-1 10L10 -1M-1 1L1 -1M8 10L10 8');
  pattern(masked, 6, 'M0 0L6 6M0 6L6 0');
  return { svg, masked: `url(#${masked})`, never: `url(#${never})` };
}

export function sizeSheet(sheet: Sheet, width: number, height: number): void {
  if (sheet.svg.getAttribute('viewBox') === `0 0 ${width} ${height}`) return;
  sheet.svg.setAttribute('width', String(width));
  sheet.svg.setAttribute('height', String(height));
  sheet.svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
}

/** Row labels, right-aligned at x. A label that stays where it is costs nothing, one that is called otherwise its text. */
export function drawRowLabels(svg: SVGSVGElement, labels: readonly Label[], x: number, y: number): void {
  select(svg)
    .selectAll<SVGTextElement, Label>('text.row-label')
    .data(labels, (d) => keyOf(d, x, y))
    .join((enter) =>
      enter
        .append('text')
        .attr('class', (d) => (d.chosen ? 'row-label chosen' : 'row-label'))
        .attr('x', x)
        .attr('y', (d) => y + d.at),
    )
    .each(rename);
}

/** Column labels standing on y. */
export function drawColumnLabels(svg: SVGSVGElement, labels: readonly Label[], stance: Stance, x: number, y: number): void {
  const turn = { level: '', slanted: ' rotate(-45)', upright: ' rotate(-90)' }[stance];
  select(svg)
    .selectAll<SVGTextElement, Label>('text.column-label')
    .data(labels, (d) => keyOf(d, x, y, stance))
    .join((enter) =>
      enter
        .append('text')
        .attr('class', (d) => `column-label ${stance}${d.chosen ? ' chosen' : ''}`)
        .attr('transform', (d) => `translate(${x + d.at + (stance === 'level' ? 0 : 4)} ${y - 4})${turn}`),
    )
    .each(rename);
}

function rename(this: SVGTextElement, { text }: Label): void {
  const node = this.firstChild ?? this.appendChild(document.createTextNode(''));
  if (node.nodeValue !== text) node.nodeValue = text;
}

const keys = new WeakMap<Label, string>();

/** Where a label stands and how. d3 asks for the key of the old datum too: each label keeps the one it was drawn with. */
function keyOf(label: Label, x: number, y: number, stance = ''): string {
  const key = keys.get(label) ?? `${label.at + y},${x},${label.chosen}${stance}`;
  keys.set(label, key);
  return key;
}
