// A bar chart of the softmax view as one canvas. A step changes every bar: as elements that cost the browser more than the rest of the page.

export interface PlotBar {
  x: number;
  y: number;
  width: number;
  height: number;
  fill: string;
}

/** All that a chart draws, in CSS pixels. */
export interface Plot {
  kind: 's' | 'p';
  width: number;
  height: number;
  /** Where the labels end and the plot begins. */
  gutter: number;
  bars: readonly PlotBar[];
  /** Columns of masked keys as [x, width]. */
  hatched: readonly (readonly [number, number])[];
  ticks: readonly { text: string; y: number; base: boolean }[];
  /** The running maximum before and after this tile. */
  levels: readonly { y: number; old: boolean }[];
  /** Column of the chosen key as [x, width]. */
  hot: readonly [number, number] | undefined;
  /** Said in place of bars. */
  empty: string | undefined;
}

/** Colours and faces of the theme. */
export interface Ink {
  line: string;
  strong: string;
  faint: string;
  live: string;
  raised: string;
  text: string;
  numbers: string;
}

/** Read off the element's custom properties: once a theme, for asking costs. */
export function inkOf(element: Element): Ink {
  const style = getComputedStyle(element);
  const of = (name: string): string => style.getPropertyValue(name).trim();
  return {
    line: of('--line'),
    strong: of('--line-strong'),
    faint: of('--ink-3'),
    live: of('--live'),
    raised: of('--raised'),
    text: `13px ${style.fontFamily}`,
    numbers: `13px ${of('--mono') || 'monospace'}`,
  };
}

const drawn = new WeakMap<Element, { plot: Plot; key: string }>();

/** What a canvas shows. */
export const plotOn = (canvas: Element): Plot | undefined => drawn.get(canvas)?.plot;

let sheet: OffscreenCanvas | undefined;

/**
 * Charts are painted off the page, all on one sheet: text on a canvas of the document makes the browser lay the page out to resolve its font.
 */
function sheetOf(width: number, height: number): OffscreenCanvasRenderingContext2D | null {
  sheet ??= new OffscreenCanvas(width, height);
  if (sheet.width < width) sheet.width = width;
  if (sheet.height < height) sheet.height = height;
  return sheet.getContext('2d', { willReadFrequently: true });
}

/** Paints the plot, unless it is what stands there. */
export function paintPlot(canvas: HTMLCanvasElement, plot: Plot, ink: Ink): void {
  const scale = window.devicePixelRatio || 1;
  const key = `${scale} ${ink.line} ${JSON.stringify(plot)}`;
  if (drawn.get(canvas)?.key === key) return;
  drawn.set(canvas, { plot, key });
  const [width, height] = [Math.round(plot.width * scale), Math.round(plot.height * scale)];
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  // Few marks: faster in memory than on a GPU. The context that is made first is the one painted on.
  const shown = canvas.getContext('2d', { willReadFrequently: true });
  const context = sheetOf(width, height);
  if (!context || !shown || width === 0 || height === 0) return;
  paintMarks(context, plot, ink, scale);
  shown.clearRect(0, 0, width, height);
  shown.drawImage(context.canvas, 0, 0, width, height, 0, 0, width, height);
}

function paintMarks(context: OffscreenCanvasRenderingContext2D, plot: Plot, ink: Ink, scale: number): void {
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, plot.width + 1, plot.height + 1);
  paintGround(context, plot, ink);
  context.lineWidth = 1;
  context.strokeStyle = plot.kind === 'p' ? ink.live : ink.strong;
  for (const { x, y, width: w, height: h, fill } of plot.bars) {
    context.fillStyle = fill;
    context.fillRect(x, y, w, h);
    context.globalAlpha = 0.75;
    context.strokeRect(x, y, w, h);
    context.globalAlpha = 1;
  }
  paintLevels(context, plot, ink);
  if (plot.empty === undefined) return;
  context.fillStyle = ink.faint;
  context.font = ink.text;
  context.textAlign = 'center';
  context.fillText(plot.empty, (plot.gutter + plot.width) / 2, plot.height / 2 + 5);
}

function paintGround(context: OffscreenCanvasRenderingContext2D, { width, height, gutter, hot, hatched, ticks }: Plot, ink: Ink): void {
  context.lineWidth = 1;
  if (hot) {
    context.fillStyle = ink.raised;
    context.strokeStyle = ink.strong;
    context.fillRect(hot[0], 0.5, hot[1], height - 1);
    context.strokeRect(hot[0], 0.5, hot[1], height - 1);
  }
  context.strokeStyle = ink.strong;
  for (const [x, wide] of hatched) {
    context.save();
    context.beginPath();
    context.rect(x, 0, wide, height);
    context.clip();
    context.globalAlpha = 0.55;
    context.beginPath();
    for (let d = x - height; d < x + wide; d += 10) {
      context.moveTo(d, 0);
      context.lineTo(d + height, height);
    }
    context.stroke();
    context.restore();
  }
  context.font = ink.numbers;
  context.textAlign = 'right';
  for (const { text, y, base } of ticks) {
    context.strokeStyle = base ? ink.strong : ink.line;
    context.beginPath();
    context.moveTo(gutter, Math.round(y) + 0.5);
    context.lineTo(width, Math.round(y) + 0.5);
    context.stroke();
    context.fillStyle = ink.faint;
    context.fillText(text, gutter - 6, y + 5);
  }
}

function paintLevels(context: OffscreenCanvasRenderingContext2D, { levels, gutter, width }: Plot, ink: Ink): void {
  context.lineWidth = 2;
  for (const { y, old } of levels) {
    context.strokeStyle = old ? ink.faint : ink.live;
    context.setLineDash(old ? [5, 4] : []);
    context.beginPath();
    context.moveTo(gutter, y);
    context.lineTo(width, y);
    context.stroke();
  }
  context.setLineDash([]);
}
