// Which kernels the page takes where nobody has chosen: beside the kernels themselves the one place that names any.

/** What the page opens with; others are held against it, and the tour tells of it. */
export const OPENING = 'flash2';

/** Those with a recording beside the page, which e2e/tools/record.mjs makes. */
export const RECORDED: readonly string[] = [OPENING, 'naive'];
