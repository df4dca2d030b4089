// Where there is nothing to point with and, most likely, no keyboard: such a visitor is not told of keys.
export const byTouch = (): boolean => matchMedia('(hover: none)').matches;
