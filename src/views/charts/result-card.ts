// A picture of 1200 x 630 that carries one result into a post: what was compared, the headline, the curve, the device,
// and how far to trust it.
import { nothing, svg, type TemplateResult } from 'lit';

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
export const CARD_CHART = { width: 440, most: 262, scale: 1.5 };

/** Rough width of a character in em: a Han character is a full one. */
const em = (c: string): number => (c.charCodeAt(0) > 0x2e80 ? 1 : 0.53);

/** Breaks a text into lines of at most `width` px at a font size; between Han characters, else at spaces. */
export function wrap(text: string, width: number, size: number): string[] {
  const words = text.match(/[⺀-鿿（][，。：；）]*|[^\s⺀-鿿（]+\s*|\s+/g) ?? [];
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

/** The first `most` lines; what is left out is marked as such. */
const shortened = (lines: readonly string[], most: number): string[] =>
  lines.length > most ? lines.slice(0, most).map((line, i) => (i === most - 1 ? `${line} …` : line)) : [...lines];

const paragraph = (
  className: string,
  lines: readonly string[],
  x: number,
  y: number,
  leading: number,
): TemplateResult[] => lines.map((line, i) => svg`<text class=${className} x=${x} y=${y + i * leading}>${line}</text>`);

/** The card. @param chartOf draws the chart in CARD_CHART's width and a height that is left for it */
export function resultCard(content: CardContent, chartOf: (height: number) => TemplateResult): TemplateResult {
  const { title, topic, headline, ofWhat, spread, verdict, about, honesty, warnings, made } = content;
  const left = 56;
  const column = 420;
  const wide = CARD.width - 2 * left;
  // A number is set large; a sentence in its place is set smaller, over as many lines as it takes.
  const short = headline.length <= 12;
  const head = short ? [headline] : wrap(headline, column, 38);
  const below = short ? 214 : 176 + 44 * head.length;
  const start = ofWhat ? below + 40 : below;
  const facts = wrap(about.join('  ·  '), wide, 19);
  const foot = [
    ...facts.map((line) => ({ line, kind: 'about' })),
    ...wrap(honesty, wide - 230, 17).map((line) => ({ line, kind: 'quiet' })),
  ];
  for (const warning of warnings) foot.push(...wrap(warning, wide - 230, 17).map((line) => ({ line, kind: 'warn' })));
  const rule = CARD.height - 22 - 24 * foot.length;
  const chart = chartOf(Math.min(CARD_CHART.most, Math.floor((rule - 100) / CARD_CHART.scale)));
  const room = Math.max(0, Math.floor((rule - start - 50) / 29));
  return svg`
    <rect class="ground" width=${CARD.width} height=${CARD.height} />
    <rect class="bar" width="12" height=${CARD.height} />
    <text class="title" x=${left} y="70">${title}</text>
    <text class="quiet" x=${left} y="102">${topic}</text>
    ${paragraph(short ? 'headline' : 'headline long', head, left, short ? 206 : 170, 44)}
    ${ofWhat ? svg`<text class="of" x=${left} y=${below + 34}>${ofWhat}</text>` : nothing}
    <text class="quiet" x=${left} y=${start + 26}>${spread}</text>
    ${paragraph('verdict', shortened(wrap(verdict, column, 22), room), left, start + 66, 29)}
    <g transform="translate(${CARD.width - CARD_CHART.width * CARD_CHART.scale - 24} 96) scale(${CARD_CHART.scale})">${chart}</g>
    <line class="rule" x1=${left} x2=${CARD.width - left} y1=${rule} y2=${rule} />
    ${foot.map(({ line, kind }, i) => svg`<text class=${kind} x=${left} y=${rule + 28 + i * 24}>${line}</text>`)}
    <text class="made" text-anchor="end" x=${CARD.width - left} y=${rule + 28 + 24 * (foot.length - 1)}>${made}</text>`;
}
