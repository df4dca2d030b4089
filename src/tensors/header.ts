// What the headers of tensor files share: the largest that is read, and how many numbers a shape has.

/** The limit of the safetensors format; no header of Q, K and V comes near it. */
export const LARGEST_HEADER = 100_000_000;

/** Numbers in a tensor of this shape. */
export const countOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);
