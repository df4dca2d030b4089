// What a link says of the Page lab, as text: the lab reads it itself, once it is loaded (settings.ts, cursor.ts).
import type { LabLink, Said } from '../shared/link';

export interface PagePart {
  /** What is simulated. */
  page: string;
  /** The cursor: moment, chosen request, pane, pin. */
  moment: string;
}

/** The longest text that is taken. */
const RAW_LIMIT = 6000;

const raw = (said: Said, key: string): string =>
  said(key, (text) => (text.length <= RAW_LIMIT ? text : undefined)) ?? '';

export const pageLink: LabLink<PagePart> = {
  default: { page: '', moment: '' },
  read: (said) => ({ page: raw(said, 'page'), moment: raw(said, 'moment') }),
  write: ({ page, moment }) => ({ page: page || undefined, moment: moment || undefined }),
  passing: ['moment'],
};
