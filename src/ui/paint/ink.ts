// What is painted instead of laid out takes its colours from the theme, and the screen's own pixels.

/** The values of custom properties on an element, by name without the dashes. Asking costs: once a theme is enough. */
export function inkOf<Name extends string>(element: Element, ...names: Name[]): Record<Name, string> {
  const style = getComputedStyle(element);
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()])) as Record<Name, string>;
}

/**
 * Gives a canvas so many CSS pixels, in the screen's density; what was painted is gone. Coordinates are CSS pixels from
 * then on.
 */
export function sizeCanvas(canvas: HTMLCanvasElement, width: number, height: number): void {
  const density = devicePixelRatio || 1;
  canvas.width = Math.round(width * density);
  canvas.height = Math.round(height * density);
  canvas.style.setProperty('width', `${width}px`);
  canvas.style.setProperty('height', `${height}px`);
  canvas.getContext('2d')?.setTransform(density, 0, 0, density, 0, 0);
}

/**
 * A small picture with text in it, painted once and copied from then on: on a canvas of the page every text would ask
 * for the page's styles, and with them for its layout. A bitmap, since copying from a canvas makes a picture of it
 * first, each time. `paint` draws in CSS pixels.
 */
export function stamp(width: number, height: number, paint: (pen: OffscreenCanvasRenderingContext2D) => void): ImageBitmap {
  const density = devicePixelRatio || 1;
  const canvas = new OffscreenCanvas(Math.ceil(width * density), Math.ceil(height * density));
  const pen = canvas.getContext('2d');
  pen?.scale(density, density);
  if (pen) paint(pen);
  return canvas.transferToImageBitmap();
}
