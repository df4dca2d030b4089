// How the cells of the backward pass come about.
import type { OpRules } from '../rule';

export const attentionBackwardRules: OpRules = { rules: {} };
