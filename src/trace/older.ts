// Traces whose kernel kept its numbers otherwise than today's card says: what their arrays are multiplied by to be those of a role.
import type { ArrayRole } from '../kernels/card';

type Roles = Readonly<Record<string, ArrayRole>>;

const changed = (roles: Roles, change: (factors: ArrayRole['factors']) => ArrayRole['factors']): Roles =>
  Object.fromEntries(Object.entries(roles).map(([name, role]) => [name, { ...role, factors: change(role.factors) ?? {} }]));

/** The roles of a pass by the text that ran. Earlier kernels kept scores times log2(e), or scaled them after the product. */
export function rolesOfText(text: string, roles: Roles): Roles {
  if (text.includes('LOG2E'))
    return changed(roles, (now) => ({ ...(now?.Q !== undefined && { Q: now.Q * Math.LN2 }), S: Math.LN2, m: Math.LN2 }));
  if (text.includes('s * SCALE')) return changed(roles, () => undefined);
  return roles;
}
