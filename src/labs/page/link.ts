// What a link says of the Page lab, as text: the lab reads it itself, once it is loaded (settings.ts, cursor.ts).
import type { LabLink, ParamReader } from '../shared/link';

export interface PagePart {
  /** What is simulated. */
  page: string;
  /** The cursor: moment, chosen request, pane, pin. */
  moment: string;
}

/** The longest text that is taken. */
const RAW_LIMIT = 6000;

const raw = (param: ParamReader, key: string): string =>
  param(key, (text) => (text.length <= RAW_LIMIT ? text : undefined)) ?? '';

export const pageLink: LabLink<PagePart> = {
  default: { page: '', moment: '' },
  read: (param) => ({ page: raw(param, 'page'), moment: raw(param, 'moment') }),
  write: ({ page, moment }) => ({ page: page || undefined, moment: moment || undefined }),
  passing: ['moment'],
};
