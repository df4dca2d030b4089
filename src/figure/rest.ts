// When a picture has stood for a moment: then it is described in words, and drawn where nobody looks.
import type { Frame } from '../frame/frame-types';

/** A frame has come to rest once it has stood so long: then it is described in words, and drawn where nobody looks. */
const REST_MS = 400;

/** Calls `act` with the newest frame once no other has come for a while. */
export function atRest(act: (frame: Frame) => void): { soon(frame: Frame): void; stop(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    soon(frame) {
      clearTimeout(timer);
      timer = setTimeout(() => act(frame), REST_MS);
    },
    stop: () => clearTimeout(timer),
  };
}
