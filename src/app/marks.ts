// The two moments that the page is held to: the first picture, and this device's own capture on screen.

/** Whether any pixel of the canvas was painted. */
function painted(canvas: HTMLCanvasElement): boolean {
  const context = canvas.width > 0 && canvas.height > 0 ? canvas.getContext('2d') : null;
  if (!context) return false;
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  for (let i = 3; i < data.length; i += 4) if (data[i]) return true;
  return false;
}

/** Sets a mark once, when the frame that is being drawn now is on its way to the screen. */
function markOnce(name: string): void {
  if (performance.getEntriesByName(name).length > 0) return;
  requestAnimationFrame(() => {
    if (performance.getEntriesByName(name).length === 0) performance.mark(name);
  });
}

let seen = false;

/** `first-picture`: a canvas of the lab is not blank. */
export function markFirstPicture(host: HTMLElement): void {
  if (seen || ![...host.querySelectorAll('canvas')].some(painted)) return;
  seen = true;
  markOnce('first-picture');
}

/** `own-capture`: a frame of this device's own capture was drawn. */
export const markOwnCapture = (): void => markOnce('own-capture');
