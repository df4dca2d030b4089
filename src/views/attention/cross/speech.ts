// What the cross says: one cell for screen readers and tooltips, and the whole picture in a paragraph.
import type { Frame } from '../../../frame/frame-types';
import type { Language } from '../../../words';
import { inHbm, liveTile, middleRole, type CellState, type Spot } from './cells';
import { labelText } from '../../shared/label';
import { crossSpoken } from './cross.words';
import { provenanceWords } from '../../shared/provenance.words';
import { percent, value } from '../../../ui/format';

/** Role, row, column, value and where the value comes from. */
export function sayCell(
  frame: Frame,
  spot: Spot,
  row: number,
  col: number,
  state: CellState,
  language: Language,
): string {
  const words = crossSpoken[language];
  const { tokens, run } = frame.trace.header;
  const named = (i: number): string => (tokens?.[i] === undefined ? String(i) : `${i} “${labelText(tokens, i)}”`);
  const offset = spot === 'K' || spot === 'V' ? 0 : run.shape.keys - run.shape.queries;
  const rowName = tokens ? `${row} “${labelText(tokens, row + offset)}”` : String(row);
  const colName = spot === 'S' ? named(col) : String(col);
  return words.cell(state.role, rowName, colName, sayState(frame, state, language));
}

function sayState(frame: Frame, state: CellState, language: Language): string {
  const words = crossSpoken[language];
  if (state.kind !== 'value') return { masked: words.masked, later: words.later, never: words.neverCell }[state.kind];
  const parts = [
    value(state.value),
    words[state.space],
    ...(state.past ? [words.past] : []),
    provenanceWords[frame.provenance][language],
  ];
  return parts.join(language === 'zh' ? '，' : ', ');
}

/** The whole picture in a paragraph. */
export function describeCross(frame: Frame, language: Language): string {
  const words = crossSpoken[language];
  const { shape } = frame.trace.header.run;
  const { block, tensors } = frame;
  if (!frame.workgroup) return words.noCapture;
  let text = words.describe(frame.phase.name, shape.queries, shape.keys, shape.dim, block.r0, block.r1);
  const tile = liveTile(frame);
  if (tile) text += words.describeTile(middleRole(frame), tile.c0, tile.c1);
  text += inHbm(frame)
    ? (['S', 'P'] as const).map((id) => words.describeHbm(id, writtenPart(frame, id))).join('')
    : words.describeNever;
  const names = (way: 'reads' | 'writes'): string =>
    Object.values(tensors)
      .filter((t) => t[way])
      .map((t) => t.id)
      .join(', ');
  if (names('reads')) text += words.describeRead(names('reads'));
  if (names('writes')) text += words.describeWritten(names('writes'));
  return text;
}

/** How much of an HBM matrix is written, as a percentage. */
export function writtenPart(frame: Frame, id: 'S' | 'P' | 'O'): string {
  const tensor = frame.tensors[id];
  if (!tensor || tensor.written === 'input') return '100 %';
  const cells = tensor.written.reduce((sum, r) => sum + (r.r1 - r.r0 + 1) * (r.c1 - r.c0 + 1), 0);
  return percent(cells / Math.max(1, tensor.rows * tensor.cols));
}
