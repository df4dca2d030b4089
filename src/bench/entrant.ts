// What can take part in a sweep. A file of its own: the page starts with the names, not with what is stored of them.

/** The name under which the tuned choice plays beside the kernels. */
export const TUNED = 'tiled-tuned';

/**
 * What can take part in a sweep: a kernel, or the tuned choice, which stands for another kernel and tile on each device
 * and class of shapes.
 */
export type Entrant = string;
