// A picture of 1200 x 630 that carries one result into a post: what was compared, the headline, the curve, the device, and how far to trust it.
import { svg, type TemplateResult } from 'lit';

export interface CardContent {
  title: string;
  topic: string;
  /** The one number, and what it is of. */
  headline: string;
  ofWhat: string;
  spread: string;
  /** In sentences. */
  verdict: string;
  /** Shape, device, browser, date. */
  about: readonly string[];
  honesty: string;
  warnings: readonly string[];
  made: string;
}

export const CARD = { width: 1200, height: 630 };
/** The chart is drawn small and magnified, so that its text can be read when the card is shown at half its size. */
export const CARD_CHART = { width: 440, height: 264, scale: 1.5 };

/** Rough width of a character in em: a Han character is a full one. */
const em = (c: string): number => (c.charCodeAt(0) > 0x2e80 ? 1 : 0.54);

/** Breaks a text into lines of at most `width` px at a font size; between Han characters, else at spaces. */
export function wrap(text: string, width: number, size: number): string[] {
  const words = text.match(/[⺀-鿿，。：；（）]|[^\s⺀-鿿，。：；（）]+\s*|\s+/g) ?? [];
  const widthOf = (line: string): number => [...line].reduce((sum, c) => sum + em(c) * size, 0);
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    if (line && widthOf((line + word).trimEnd()) > width) {
      lines.push(line.trim());
      line = '';
    }
    line += word;
  }
  return [...lines, line.trim()].filter(Boolean);
}

const paragraph = (className: string, lines: readonly string[], x: number, y: number, leading: number): TemplateResult[] =>
  lines.map((line, i) => svg`<text class=${className} x=${x} y=${y + i * leading}>${line}</text>`);

/** The card around a chart of CARD_CHART's size. */
export function resultCard(content: CardContent, chart: TemplateResult): TemplateResult {
  const { title, topic, headline, ofWhat, spread, verdict, about, honesty, warnings, made } = content;
  const left = 56;
  const column = 400;
  const big = headline.length > 12 ? 40 : 84;
  const said = wrap(verdict, column, 22).slice(0, 6);
  const foot = [
    ...wrap(honesty, CARD.width - 2 * left - 200, 18),
    ...warnings.flatMap((line) => wrap(line, CARD.width - 2 * left - 200, 18)),
  ];
  return svg`
    <rect class="ground" width=${CARD.width} height=${CARD.height} />
    <rect class="bar" width="12" height=${CARD.height} />
    <text class="title" x=${left} y="74">${title}</text>
    <text class="quiet" x=${left} y="108">${topic}</text>
    ${paragraph(big > 50 ? 'headline' : 'headline long', big > 50 ? [headline] : wrap(headline, column, big), left, 212, 46)}
    <text class="of" x=${left} y="252">${ofWhat}</text>
    <text class="quiet" x=${left} y="284">${spread}</text>
    ${paragraph('verdict', said, left, 326, 29)}
    <g transform="translate(${CARD.width - CARD_CHART.width * CARD_CHART.scale - 32} 118) scale(${CARD_CHART.scale})">${chart}</g>
    <line class="rule" x1=${left} x2=${CARD.width - left} y1="524" y2="524" />
    <text class="about" x=${left} y="552">${about.join('  ·  ')}</text>
    ${foot.slice(0, 3).map((line, i) => svg`<text class=${i >= foot.length - warnings.length && warnings.length > 0 ? 'warn' : 'quiet'} x=${left} y=${578 + i * 22}>${line}</text>`)}
    <text class="made" text-anchor="end" x=${CARD.width - left} y="604">${made}</text>`;
}
