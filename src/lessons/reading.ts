// Numbers that several lessons read from a run.
import { both } from '../ops/costs';
import type { Frame } from '../frame/frame-types';
import type { Request } from '../paging';
import type { PageFrame } from '../views/paging/view';

/** The head that the page opens with in Chinese: 64 tokens of 32 numbers. */
export const ZH = 'input=text&passage=zh&layer=2&head=2&mask=causal';

/** Bytes that matrices of the shown plane take; of those that the run keeps in HBM where none are named. */
export function bytesIn({ tensors }: Frame, ...ids: readonly string[]): number {
  const named = Object.values(tensors).filter(({ id, materialised }) =>
    ids.length > 0 ? ids.includes(id) : materialised,
  );
  return named.reduce((sum, { rows, cols }) => sum + 4 * rows * cols, 0);
}

/** Bytes of the papers' IO model, and those that the run asked for. */
export const modelled = ({ bytes }: Frame): number => both(bytes.run.ioModel);
export const requested = ({ bytes }: Frame): number => both(bytes.run.requested);

/** Bytes between HBM and the chip in the step on screen. */
export const movedNow = ({ bytes }: Frame): number => both(bytes.hbm.step);

/** The largest difference of two runs' answers. */
export function apart(one: Frame, other: Frame, id: string): number {
  const data = (of: Frame): Float32Array =>
    of.trace.tensors.find((tensor) => tensor.id === id)?.data ?? new Float32Array();
  const [a, b] = [data(one), data(other)];
  return a.reduce((most, x, i) => Math.max(most, Math.abs(x - (b[i] ?? NaN))), 0);
}

/** Query rows of the workgroup on screen. */
export const rowsHere = ({ block }: Frame): number => block.r1 - block.r0 + 1;

/** Workgroups of a pass that work for one plane. */
export function workgroupsOf({ trace, pass }: Frame): number {
  const { batch, heads } = trace.header.run.shape;
  return (pass.grid[0] * pass.grid[1] * pass.grid[2]) / (batch * heads);
}

/** In the chat: the first question of the second conversation. */
export const asker = (page: PageFrame | undefined): Request | undefined =>
  page && [...page.moment.state.requests].find(({ name }) => name === 'B1');
