// Whether the device has no pointer that hovers, and so most likely no keyboard: such visitors are not told about keys.
export const byTouch = (): boolean => matchMedia('(hover: none)').matches;
