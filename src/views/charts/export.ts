// A chart as a file: an SVG that stands alone, with its title above and what a reader must know below, and a PNG of any
// SVG.
import { AttnError } from '../../errors';

const NS = 'http://www.w3.org/2000/svg';

/** What a style sheet says of a mark, as attributes: a file has no style sheet. */
const KEPT = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'paint-order',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
] as const;

function inline(from: Element, to: Element): void {
  const style = getComputedStyle(from);
  for (const name of KEPT) {
    const value = style.getPropertyValue(name);
    if (value) to.setAttribute(name, value);
  }
  for (const name of ['class', 'data-kernel', 'data-n']) to.removeAttribute(name);
  [...from.children].forEach((child, i) => inline(child, to.children[i]!));
}

export interface Caption {
  title: string;
  /** Lines under the chart: device, protocol, warnings. */
  lines: readonly string[];
}

const PAD = 16;
const LINE = 18;

const element = (name: string, attributes: Record<string, string | number>, text = ''): SVGElement => {
  const made = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.textContent = text;
  return made;
};

/** A copy of an SVG that needs no style sheet, without what only screen readers and lit use. */
export function inlined(chart: SVGSVGElement): SVGSVGElement {
  const copy = chart.cloneNode(true) as SVGSVGElement;
  const notes = document.createTreeWalker(copy, NodeFilter.SHOW_COMMENT);
  const comments: Node[] = [];
  while (notes.nextNode()) comments.push(notes.currentNode);
  for (const comment of comments) comment.parentNode?.removeChild(comment);
  inline(chart, copy);
  for (const part of [copy, ...copy.querySelectorAll('svg')]) {
    const spoken = Array.from(part.attributes, ({ name }) => name).filter(
      (name) => name.startsWith('aria-') || name === 'role' || name === 'tabindex',
    );
    for (const name of spoken) part.removeAttribute(name);
  }
  return copy;
}

/** The text of a file with the chart as it is on screen. */
export function standalone(chart: SVGSVGElement, { title, lines }: Caption): string {
  const [width, height] = [chart.width.baseVal.value, chart.height.baseVal.value];
  const style = getComputedStyle(chart);
  const css = (name: string): string => style.getPropertyValue(name).trim();
  const copy = inlined(chart);
  copy.setAttribute('x', String(PAD));
  copy.setAttribute('y', '36');
  const total = { width: width + 2 * PAD, height: height + 44 + LINE * lines.length + PAD };
  const root = element('svg', {
    xmlns: NS,
    ...total,
    viewBox: `0 0 ${total.width} ${total.height}`,
    'font-family': css('--font'),
  });
  root.append(
    element('rect', { ...total, fill: css('--panel') }),
    element('text', { x: PAD, y: 25, fill: css('--ink'), 'font-size': 16, 'font-weight': 600 }, title),
    copy,
    ...lines.map((line, i) =>
      element('text', { x: PAD, y: height + 54 + LINE * i, fill: css('--ink-2'), 'font-size': 13 }, line),
    ),
  );
  return new XMLSerializer().serializeToString(root);
}

/** An SVG text as a PNG, `scale` pixels a unit. Throws `unexpected` where the browser cannot draw it. */
export async function pngOf(text: string, width: number, height: number, scale: number): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }));
  try {
    const image = new Image(width, height);
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
    if (!blob) throw new AttnError('unexpected', { message: 'toBlob' });
    return blob;
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** Width and height of the outermost element of an SVG text. */
export function sizeOf(text: string): { width: number; height: number } {
  const root = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
  return { width: Number(root.getAttribute('width')), height: Number(root.getAttribute('height')) };
}
