// Small pieces that the cross and its tile share: an SVG sheet, hatch patterns and axis labels.
import { render, svg, type TemplateResult } from 'lit';
import type { Label, Stance } from './axes';

const SVG = 'http://www.w3.org/2000/svg';
let sheets = 0;

export interface Sheet {
  svg: SVGSVGElement;
  /** Places of the labels: what a step changes there is their text. */
  rows: SVGGElement;
  columns: SVGGElement;
  /** Fill of masked cells. */
  masked: string;
  /** Fill of cells that never lie in HBM. */
  never: string;
}

/** An SVG over the whole panel that takes no pointer events, with the two hatches of the cross. */
export function makeSheet(name: string): Sheet {
  const number = ++sheets;
  const sheet = document.createElementNS(SVG, 'svg');
  sheet.setAttribute('class', name);
  sheet.setAttribute('aria-hidden', 'true');
  const hatch = (kind: 'masked' | 'never', size: number, d: string): TemplateResult =>
    svg`<pattern id="cross-${kind}-${number}" width=${size} height=${size} patternUnits="userSpaceOnUse">
      <rect class="ground cross-${kind}" width=${size} height=${size} /><path class="cross-${kind}" d=${d} />
    </pattern>`;
  render(
    svg`<defs>${hatch('never', 9, 'M-1 10L10 -1M-1 1L1 -1M8 10L10 8')} ${hatch('masked', 6, 'M0 0L6 6M0 6L6 0')}</defs>
      <g class="rows"></g><g class="columns"></g>`,
    sheet,
  );
  const group = (of: string): SVGGElement =>
    sheet.querySelector<SVGGElement>(`g.${of}`) ?? sheet.appendChild(document.createElementNS(SVG, 'g'));
  const fill = (kind: string): string => `url(#cross-${kind}-${number})`;
  return { svg: sheet, rows: group('rows'), columns: group('columns'), masked: fill('masked'), never: fill('never') };
}

export function sizeSheet(sheet: Sheet, width: number, height: number): void {
  if (sheet.svg.getAttribute('viewBox') === `0 0 ${width} ${height}`) return;
  sheet.svg.setAttribute('width', String(width));
  sheet.svg.setAttribute('height', String(height));
  sheet.svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
}

/** Row labels, right-aligned at x. */
export function drawRowLabels({ rows }: Sheet, labels: readonly Label[], x: number, y: number): void {
  const label = ({ at, text, chosen }: Label): TemplateResult =>
    svg`<text class=${chosen ? 'row-label chosen' : 'row-label'} x=${x} y=${y + at}>${text}</text>`;
  render(labels.map(label), rows);
}

/** Column labels standing on y; level ones clear the feet of Chinese characters. */
export function drawColumnLabels(
  { columns }: Sheet,
  labels: readonly Label[],
  stance: Stance,
  x: number,
  y: number,
): void {
  const turn = { level: '', slanted: ' rotate(-45)', upright: ' rotate(-90)' }[stance];
  const label = ({ at, text, chosen }: Label): TemplateResult => {
    const place = `translate(${x + at + (stance === 'level' ? 0 : 4)} ${y - (stance === 'level' ? 6 : 4)})${turn}`;
    return svg`<text class="column-label ${stance}${chosen ? ' chosen' : ''}" transform=${place}>${text}</text>`;
  };
  render(labels.map(label), columns);
}
