// What tests of pictures ask: does text lie on text, and how much of a canvas is painted.

/** Pairs of labels whose text lies on one another; what wrapped out of a line of its own is not on screen. */
export function collisions(labels: readonly HTMLElement[]): string[] {
  const boxes = labels.flatMap((label) => {
    const range = document.createRange();
    range.selectNodeContents(label);
    const box = range.getBoundingClientRect();
    const line = label.parentElement!.getBoundingClientRect();
    return label.textContent?.trim() && box.width > 0 && box.top < line.bottom - 2
      ? [{ box, text: label.textContent.trim() }]
      : [];
  });
  return boxes.flatMap(({ box: a, text }, i) =>
    boxes
      .slice(i + 1)
      .filter(
        ({ box: b }) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 4 && b.top < a.bottom - 4,
      )
      .map((other) => `${text} × ${other.text}`),
  );
}

/** Opaque pixels of a thumbnail: cells with a value. */
export function painted(thumb: HTMLElement): number {
  return opaque(thumb.querySelector('canvas')!);
}

/** Pixels of a canvas that are not wholly transparent. */
export function opaque(canvas: HTMLCanvasElement): number {
  const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
  return data.filter((x, i) => i % 4 === 3 && x > 0).length;
}
