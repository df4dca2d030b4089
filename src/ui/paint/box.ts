// A position with a size.

/** A rectangle of a picture in CSS pixels. */
export interface Box {
  x: number;
  y: number;
  w: number;
  h: number;
}
