// Traces whose kernel kept its numbers otherwise than today's card says: what their arrays are multiplied by to be those of a role.
import type { ArrayLayout } from '../ops/layout';

type Roles = Readonly<Record<string, ArrayLayout>>;

const changed = (layouts: Roles, change: (factors: ArrayLayout['factors']) => ArrayLayout['factors']): Roles =>
  Object.fromEntries(Object.entries(layouts).map(([name, role]) => [name, { ...role, factors: change(role.factors) ?? {} }]));

/** The layouts of a pass by the text that ran. Earlier kernels kept scores times log2(e), or scaled them after the product. */
export function rolesOfText(text: string, layouts: Roles): Roles {
  if (text.includes('LOG2E'))
    return changed(layouts, (now) => ({ ...(now?.Q !== undefined && { Q: now.Q * Math.LN2 }), S: Math.LN2, m: Math.LN2 }));
  if (text.includes('s * SCALE')) return changed(layouts, () => undefined);
  return layouts;
}
