// A block table as the paged kernel reads it: logical blocks in order above, the pool below with K and V where they
// really lie, a line from each to its place. The block that the live tile reads is lit. The table is the captured run's
// own; which block is read comes from the indices that the kernel touched.
import { shownAs } from '../../../frame/places';
import type { TensorId } from '../../../ops/op';
import type { Trace } from '../../../trace/trace';
import { pagesOf, requestsOf } from '../../../ops/attention/pages';
import type { Frame } from '../../../frame/frame-types';
import { speak, type Language } from '../../../words';
import { blockTableWords } from './block-table.words';
import { setText } from '../../../ui/dom/text';
import { element } from '../../../ui/dom/element';
import { range } from '../../../ui/format';
import { markText } from '../../../ui/dom/mark';
import { colourTable, type Theme } from '../../../ui/palette';
import { magnitude } from '../../../ui/paint/heatmap';

/** Blocks of the drawing's own units: a block of the pool and the gap beside it. */
const GAP = 0.12;
const HEIGHT = 44;
const SVG = 'http://www.w3.org/2000/svg';

export interface BlockTable {
  element: HTMLElement;
  draw(frame: Frame): void;
}

/** The tensors that lie in pools of blocks, in the order in which they are bound: K and V. */
const pooledIn = ({ passes }: Pick<Trace, 'passes'>): readonly TensorId[] => [
  ...new Set(
    passes.flatMap(({ bindings }) => bindings.flatMap((b) => (b.planesOf === 'blocks' ? [shownAs(b).shown] : []))),
  ),
];

/** The logical block whose keys the workgroup read last, and its place in the pool; undefined before the first. */
export function blockRead(
  frame: Frame,
): { logical: number; physical: number; keys: readonly [number, number] } | undefined {
  const pages = pagesOf(frame.trace.header.run.shape);
  const live = frame.tensors[pooledIn(frame.trace)[0] ?? '']?.live;
  if (!live) return undefined;
  const logical = Math.floor(live.r0 / pages.size);
  return { logical, physical: tableOf(frame)[logical] ?? 0, keys: [live.r0, live.r1] };
}

/** The row of the table that belongs to the frame's plane: physical block of each logical one. */
export function tableOf({ trace, plane }: Pick<Frame, 'trace' | 'plane'>): readonly number[] {
  const { shape } = trace.header.run;
  const { table, width, size } = pagesOf(shape);
  const request = Math.min(Math.floor(plane / shape.heads), requestsOf(pagesOf(shape)) - 1);
  return table.slice(request * width, request * width + Math.ceil(shape.keys / size));
}

export function makeBlockTable(trace: Pick<Trace, 'passes'>, language: Language, theme: Theme): BlockTable {
  const words = speak(blockTableWords, language);
  const root = element('figure', 'block-table');
  const [said, picture] = [element('figcaption', 'said'), document.createElementNS(SVG, 'svg')];
  const path = (name: string): SVGPathElement => {
    const made = document.createElementNS(SVG, 'path');
    made.setAttribute('class', name);
    made.setAttribute('vector-effect', 'non-scaling-stroke');
    picture.append(made);
    return made;
  };
  picture.setAttribute('preserveAspectRatio', 'none');
  picture.setAttribute('aria-hidden', 'true');
  const [logical, pool, lines, lit] = [path('logical'), path('pool'), path('lines'), path('lit')];
  const planes = pooledIn(trace).map((id) => {
    const row = element('div', 'pool-row');
    const name = element('b', 'name');
    name.textContent = id;
    const canvas = document.createElement('canvas');
    const mark = element('i', 'lit-block');
    const plate = element('div', 'plate');
    plate.append(canvas, mark);
    row.append(name, plate);
    return { id, row, canvas, mark };
  });
  const above = element('div', 'pool-row');
  const plate = element('div', 'plate');
  plate.append(picture);
  above.append(element('b', 'name'), plate);
  root.append(said, above, ...planes.map(({ row }) => row));
  root.tabIndex = 0;
  let traced: Frame['trace'] | undefined;
  let shownPlane = -1;
  let shownBlock = '';

  const stand = (frame: Frame): void => {
    const { blocks } = pagesOf(frame.trace.header.run.shape);
    const table = tableOf(frame);
    picture.setAttribute('viewBox', `0 0 ${blocks} ${HEIGHT}`);
    const box = (i: number, many: number, y: number): string =>
      `M${(i * blocks) / many + GAP / 2} ${y}h${blocks / many - GAP}v8h${GAP - blocks / many}z`;
    logical.setAttribute('d', table.map((_, i) => box(i, table.length, 0)).join(''));
    pool.setAttribute('d', Array.from({ length: blocks }, (_, b) => box(b, blocks, HEIGHT - 8)).join(''));
    lines.setAttribute('d', table.map((block, i) => line(i, block, table.length, blocks)).join(''));
    for (const { id, canvas } of planes) paintPool(canvas, frame, id, table, theme);
    const note = words.note(blocks, table.length, pagesOf(frame.trace.header.run.shape).size);
    root.dataset['mark'] = markText({ kind: 'captured', provenance: frame.provenance, note }, language);
    root.ariaDescription = root.dataset['mark'];
  };

  return {
    element: root,
    draw(frame) {
      if (frame.trace !== traced || frame.plane !== shownPlane) {
        stand(frame);
        [traced, shownPlane, shownBlock] = [frame.trace, frame.plane, ''];
      }
      const read = blockRead(frame);
      const now = read ? `${read.logical},${read.keys.join()}` : 'none';
      if (now === shownBlock) return;
      shownBlock = now;
      const { blocks } = pagesOf(frame.trace.header.run.shape);
      const many = tableOf(frame).length;
      lit.setAttribute(
        'd',
        read
          ? `${line(read.logical, read.physical, many, blocks)}M${(read.logical * blocks) / many} 0h${blocks / many}v8h${-blocks / many}zM${read.physical} ${HEIGHT - 8}h1v8h-1z`
          : '',
      );
      for (const { mark } of planes) {
        mark.hidden = !read;
        if (!read) continue;
        mark.style.setProperty('left', `${((100 * read.physical) / blocks).toFixed(3)}%`);
        mark.style.setProperty('width', `${(100 / blocks).toFixed(3)}%`);
      }
      setText(said, read ? words.reads(range(...read.keys), read.logical, read.physical) : words.none(many));
      root.ariaLabel = `${words.title} ${said.textContent}`;
    },
  };
}

/** From the middle of logical block i to the middle of its place in the pool. */
const line = (i: number, block: number, many: number, blocks: number): string =>
  `M${((i + 0.5) * blocks) / many} 8L${block + 0.5} ${HEIGHT - 8}`;

/**
 * K or V of this head in the order of the pool, a block beside the other, slots across; what belongs to nobody stays
 * empty.
 */
function paintPool(
  canvas: HTMLCanvasElement,
  frame: Frame,
  id: TensorId,
  table: readonly number[],
  theme: Theme,
): void {
  const tensor = frame.tensors[id];
  const { blocks, size } = pagesOf(frame.trace.header.run.shape);
  const context = canvas.getContext('2d');
  if (!tensor || !context) return;
  const { rows, cols, values } = tensor;
  canvas.width = blocks * (size + 1);
  canvas.height = cols;
  const image = context.createImageData(canvas.width, canvas.height);
  const pixels = new Uint32Array(image.data.buffer);
  const colours = colourTable(theme, 'diverging');
  const most = magnitude(values) || 1;
  table.forEach((block, i) => {
    for (let slot = 0; slot < Math.min(size, rows - i * size); slot++)
      for (let c = 0; c < cols; c++) {
        const x = (values[(i * size + slot) * cols + c] ?? 0) / most;
        pixels[c * canvas.width + block * (size + 1) + slot] =
          colours[Math.round(((x + 1) / 2) * (colours.length - 1))] ?? 0;
      }
  });
  context.putImageData(image, 0, 0);
}
