// The ring: a 2 px outline around one thing that a sentence speaks of. It lies over the page, follows layout and
// scrolling, and takes no pointer.
import type { Box } from '../../ui/paint/box';
import css from './ring.css?inline';

/** What a ring can go around. A view that knows the thing says where it is, see `MountedView.ring`. */
export type RingRef =
  /** The scores of the cross, all or the part that is at work. */
  | { of: 'scores'; live?: boolean }
  /** A memory level. */
  | { of: 'level'; id: 'hbm' | 'sram' | 'reg' }
  /** S and P of a kernel that never writes them. */
  | { of: 'never' }
  /** The table of the whole run's HBM traffic. */
  | { of: 'traffic' }
  /** The softmax of the chosen row. */
  | { of: 'row' }
  /** A matrix by its role; on one memory level, where several hold it; or the part of it that is at work. */
  | { of: 'matrix'; role: string; level?: 'hbm' | 'sram' | 'reg'; live?: boolean }
  /** What moves between a memory level and the next one. */
  | { of: 'link'; id: 'hbm' | 'sram' }
  /** The first line of the source that has this in it. */
  | { of: 'line'; text: string };

/** An element, or a part of it in pixels from its corner. */
export interface RingTarget {
  element: Element;
  box?: Box;
}

/** Style sheet text for the shadow root that holds the ring. */
export const ringCss: string = css;

/** Where the target is in the window; undefined while it shows nothing. */
export function placeOf({ element, box }: RingTarget): DOMRect | undefined {
  const all = element.getBoundingClientRect();
  const { x, y, width, height } = all;
  const place = box ? new DOMRect(x + box.x, y + box.y, box.w, box.h) : all;
  return width > 0 && height > 0 && place.width > 0 && place.height > 0 ? place : undefined;
}

export interface Ring {
  /** Goes around what `find` gives, asked at every frame; `moved` is told of each new place. */
  around(find: () => RingTarget | undefined, moved?: (place: DOMRect | undefined) => void): void;
  dispose(): void;
}

/** A ring on `host`. It costs nothing until it goes around something. */
export function mountRing(host: ParentNode): Ring {
  const ring = document.createElement('div');
  ring.className = 'ring';
  ring.hidden = true;
  ring.ariaHidden = 'true';
  host.append(ring);
  let handle = 0;
  let find: () => RingTarget | undefined = () => undefined;
  let moved: ((place: DOMRect | undefined) => void) | undefined;
  let shown: string | undefined;
  const follow = (): void => {
    handle = requestAnimationFrame(follow);
    const target = find();
    const place = target && placeOf(target);
    const now = place ? [place.x, place.y, place.width, place.height].map((n) => n.toFixed(1)).join(' ') : '';
    if (now === shown) return;
    shown = now;
    ring.hidden = !place;
    if (place) {
      const { style } = ring;
      style.setProperty('width', `${place.width}px`);
      style.setProperty('height', `${place.height}px`);
      style.setProperty('transform', `translate(${place.x}px, ${place.y}px)`);
    }
    moved?.(place);
  };
  return {
    around(to, tell) {
      [find, moved, shown] = [to, tell, undefined];
      cancelAnimationFrame(handle);
      follow();
    },
    dispose() {
      cancelAnimationFrame(handle);
      ring.remove();
    },
  };
}
