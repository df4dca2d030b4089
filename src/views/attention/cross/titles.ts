// Names of the five matrices beside them, where their values live, and the note on what never reaches HBM.
import { setText } from '../../../ui/dom/text';
import type { Frame } from '../../../frame/frame-types';
import { hasSram } from '../../../frame/places';
import { boundsOf, cellState, freshArray, inHbm, SPOTS, type Layer, type Spot } from './cells';
import { setBox } from '../../shared/grid';
import type { CrossLayout } from './layout';
import { writtenPart } from './speech';
import type { CrossWords } from './cross.words';

export interface Titles {
  elements: readonly HTMLElement[];
  arrange(frame: Frame, at: CrossLayout): void;
  show(frame: Frame, at: CrossLayout, layers: Readonly<Record<Spot, readonly Layer[]>>, role: 'S' | 'P'): void;
}

export function makeTitles(words: CrossWords): Titles {
  const made = (name: string, tag = 'div'): HTMLElement => {
    const node = document.createElement(tag);
    node.className = name;
    return node;
  };
  const titles = SPOTS.map((spot) => {
    const node = made(`cross-title at-${spot}`);
    const [name, size, where] = [made('', 'b'), made('size', 'span'), made('where', 'span')];
    node.append(name, size, where);
    return { spot, node, name, size, where };
  });
  const under = made('cross-note-o');
  const never = made('cross-note-never', 'p');
  const reason = made('', 'span');
  never.append(reason);
  return {
    elements: [...titles.map((t) => t.node), under, never],
    arrange(frame, at) {
      const { shape } = frame.trace.header.run;
      const { Q, S, O, K, V } = at.places;
      for (const { spot, node, size } of titles) {
        const { r1, c1 } = boundsOf(spot, shape);
        const turned = spot === 'K' || spot === 'V';
        size.textContent = turned ? `${c1 + 1}×${r1 + 1}` : `${r1 + 1}×${c1 + 1}`;
        const place = at.places[spot];
        const line = {
          x: place.x,
          y: S.y - 24,
          w: spot === 'S' ? O.x - S.x - 4 : spot === 'Q' ? S.x - Q.x - 4 : at.width - O.x,
          h: 22,
        };
        setBox(node, turned ? { x: 0, y: place.y, w: K.x - 8, h: place.h } : line);
      }
      setBox(under, { x: O.x, y: V.y, w: at.width - O.x, h: V.h });
      // On a phone it would run out of the panel; the legend says it there.
      under.hidden = at.width - O.x < 60;
    },
    show(frame, at, layers, role) {
      const hbm = inHbm(frame);
      for (const { spot, name, where } of titles) {
        setText(
          name,
          spot === 'S' ? (hbm || freshArray(frame) ? role : 'S, P') : spot === 'K' || spot === 'V' ? `${spot}ᵀ` : spot,
        );
        if (spot === 'S')
          setText(
            where,
            hbm ? words.written(writtenPart(frame, role)) : hasSram(frame.pass) ? words.inSram : words.onlyRegisters,
          );
      }
      const o = cellState(frame, 'O', frame.block.r0, frame.block.c0, layers.O);
      setText(under, o.kind === 'value' && o.space === 'reg' ? words.inRegisters : '');
      noteNever(frame, at);
    },
  };

  /** The note stands in the larger free band of the middle, above or below the rows that are worked on. */
  function noteNever(frame: Frame, at: CrossLayout): void {
    const { S } = at.places;
    const perRow = S.h / frame.trace.header.run.shape.queries;
    const above = frame.block.r0 * perRow;
    const below = S.h - (frame.block.r1 + 1) * perRow;
    const room = Math.max(above, below);
    const hidden = inHbm(frame) || room < 52 || S.w < 150;
    if (never.hidden !== hidden) never.hidden = hidden;
    if (hidden) return;
    setText(reason, words.never);
    setBox(never, { x: S.x + 8, y: (below >= above ? S.y + S.h - below : S.y) + 8, w: S.w - 16, h: room - 16 });
  }
}
