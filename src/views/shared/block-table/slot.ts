// The place of the block table in a view: loaded only for a kernel that reads K and V through one.
import type { Frame } from '../../../frame/frame-types';
import type { Trace } from '../../../trace/trace';
import type { BlockTable } from './block-table';
import type { ViewEnv } from '../../view';

/** Whether the run reads K and V through a block table. */
export const isPaged = ({ passes }: Pick<Trace, 'passes'>): boolean =>
  passes.some(({ bindings }) => bindings.some(({ planesOf }) => planesOf === 'blocks'));

export interface BlockTableSlot {
  draw(frame: Frame): void;
}

/** Puts a block table at the end of `host` where the trace has one; draws nothing elsewhere. */
export function blockTableSlot(
  host: HTMLElement,
  { trace, language, theme }: Pick<ViewEnv, 'trace' | 'language' | 'theme'>,
): BlockTableSlot {
  let table: BlockTable | undefined;
  let last: Frame | undefined;
  if (isPaged(trace)) {
    void import('./block-table').then(({ makeBlockTable }) => {
      table = makeBlockTable(trace, language, theme);
      host.append(table.element);
      if (last) table.draw(last);
    });
  }
  return {
    draw(frame) {
      last = frame;
      table?.draw(frame);
    },
  };
}
