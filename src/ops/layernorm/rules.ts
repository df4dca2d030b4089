// How the cells of LayerNorm come about.
import type { OpRules } from '../rule';

export const layernormRules: OpRules = {
  rules: {},
  roles: { Mean: { sign: 'μ' }, Rstd: { sign: 'rstd', range: 'up' }, Gamma: { sign: 'γ' }, Beta: { sign: 'β' } },
};
