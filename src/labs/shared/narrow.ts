// Whether the page is a small screen, where one pane at a time is shown.
import { signal, type ReadonlySignal } from '@preact/signals-core';

const NARROW = '(max-width: 799px)';

/** Follows the width of the page until `stop`. */
export function followNarrow(): { narrow: ReadonlySignal<boolean>; stop(): void } {
  const media = matchMedia(NARROW);
  const narrow = signal(media.matches);
  const follow = (): void => {
    narrow.value = media.matches;
  };
  media.addEventListener('change', follow);
  return { narrow, stop: () => media.removeEventListener('change', follow) };
}
