// Colours and pixels for canvases: the theme's colours, and the screen's own pixels.

/**
 * The values of custom properties on an element, by name without the dashes. Reading them is slow: once for each theme
 * is enough.
 */
export function inkOf<Name extends string>(element: Element, ...names: Name[]): Record<Name, string> {
  const style = getComputedStyle(element);
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()])) as Record<
    Name,
    string
  >;
}

/** Sizes a canvas in CSS pixels at the screen's density and clears it. Coordinates are CSS pixels from then on. */
export function sizeCanvas(canvas: HTMLCanvasElement, width: number, height: number): void {
  const density = devicePixelRatio || 1;
  canvas.width = Math.round(width * density);
  canvas.height = Math.round(height * density);
  canvas.style.setProperty('width', `${width}px`);
  canvas.style.setProperty('height', `${height}px`);
  canvas.getContext('2d')?.setTransform(density, 0, 0, density, 0, 0);
}

/**
 * A small picture with text, painted once and copied afterwards: on a canvas of the page every text would make the
 * browser compute styles and layout. It is a bitmap, because copying from a canvas converts it to a picture each time.
 * `paint` draws in CSS pixels.
 */
export function stamp(
  width: number,
  height: number,
  paint: (pen: OffscreenCanvasRenderingContext2D) => void,
): ImageBitmap {
  const density = devicePixelRatio || 1;
  const canvas = new OffscreenCanvas(Math.ceil(width * density), Math.ceil(height * density));
  const pen = canvas.getContext('2d');
  pen?.scale(density, density);
  if (pen) paint(pen);
  return canvas.transferToImageBitmap();
}
