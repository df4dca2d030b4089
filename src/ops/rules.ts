// The rules of each op: the arithmetic behind its cells, and what else there is to say of its roles. A list of its own
// beside ./index, for it comes with the first cell that is pointed at, not with the page.
import { attentionRules } from './attention/rules';
import { attentionBackwardRules } from './attention-backward/rules';
import { layernormRules } from './layernorm/rules';
import type { Role } from './layout';
import type { OpRules, RoleInfo } from './rule';

export const RULES: Readonly<Record<string, OpRules>> = {
  attention: attentionRules,
  'attention-backward': attentionBackwardRules,
  layernorm: layernormRules,
};

/** The rules of an op; undefined of one that is not in the list: its cells are only shown. */
export const rulesOf = (op: string): OpRules | undefined => (Object.hasOwn(RULES, op) ? RULES[op] : undefined);

/** What there is to say of a role, in whichever op: the same name is the same role. */
export function roleInfo(role: Role): RoleInfo | undefined {
  for (const { roles } of Object.values(RULES)) if (roles && Object.hasOwn(roles, role)) return roles[role];
  return undefined;
}

/** A role as the papers write it. */
export const signOf = (role: Role): string => roleInfo(role)?.sign ?? role;
