// What a link says of the Model lab: its settings as one text, which the lab reads itself once it is loaded, and which
// picture stands.
import { oneOf, type LabLink } from '../shared/link';

/** Pictures by their names in links; the views are called `model-NAME`. */
export const PICTURES = ['stack', 'next', 'ledger', 'merge'] as const;
export type Picture = (typeof PICTURES)[number];

export interface ModelPart {
  /** Text, what the pass does otherwise, position, sampling: see figure/model/settings.ts. */
  model: string | undefined;
  /** Undefined = the first. */
  picture: Picture | undefined;
}

/** The longest text that is taken. */
const RAW_LIMIT = 6000;

const standard: ModelPart = { model: undefined, picture: undefined };

export const modelLink: LabLink<ModelPart> = {
  default: standard,
  read: (param) => ({
    model: param('model', (text) => (text.length <= RAW_LIMIT ? text : undefined)),
    picture: param('picture', oneOf(PICTURES)),
  }),
  write: ({ model, picture }) => ({ model: model || undefined, picture }),
  passing: ['model'],
};
