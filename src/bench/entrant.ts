// What can take part in a sweep. In a file of its own: the page starts with the names, and loads the rest later.

/** The name of the tuned choice among the kernels. */
export const TUNED = 'tiled-tuned';

/**
 * A kernel's id, or the tuned choice, which stands for another kernel and tile on each device and for each class of
 * shapes.
 */
export type Entrant = string;
