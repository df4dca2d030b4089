// What a link says of the Compare lab: what the second run differs in, how both are shown, and where both stand.
import { oneOf, unless, type LabLink } from '../shared/link';
import { defaultCompare, PICTURES, TOGETHER, type CompareSettings } from './settings';
import { formatVersus, parseVersus, type Versus } from '../shared/versus';

export interface ComparePart {
  /** What the second run of the Compare lab differs in. */
  versus: Versus;
  /** How both are shown. */
  compare: CompareSettings;
  /** Position on the common cursor, from 0; one beyond the end stands for the end. */
  stop: number;
}

const standard: ComparePart = { versus: {}, compare: defaultCompare, stop: 0 };

type Both = Pick<ComparePart, 'compare' | 'stop'>;

/** `bytes.40.memory` */
const bothText = ({ compare: { by, picture }, stop }: Both): string => `${by}.${stop}.${picture}`;

function bothOf(text: string): Both | undefined {
  const [how = '', where = '', what = '', more] = text.split('.');
  const by = oneOf(TOGETHER)(how);
  const picture = oneOf(PICTURES)(what);
  return by && picture && more === undefined && /^\d{1,7}$/.test(where)
    ? { compare: { by, picture }, stop: Number(where) }
    : undefined;
}

export const compareLink: LabLink<ComparePart> = {
  default: standard,
  read: (said, { kernel }) => ({
    versus: said('vs', (text) => parseVersus(text, kernel)) ?? standard.versus,
    ...(said('both', bothOf) ?? { compare: standard.compare, stop: standard.stop }),
  }),
  write: (part) => ({ vs: formatVersus(part.versus), both: unless(bothText(standard), bothText(part)) }),
  passing: ['stop'],
};
