// Whole numbers with their thousands parted. One formatter for all: asking a number for its locale makes one each time, dozens of times a step.

const format = new Intl.NumberFormat('en');

export const whole = (n: number): string => (n >= 0 && n < 1000 && Number.isInteger(n) ? String(n) : format.format(n));
