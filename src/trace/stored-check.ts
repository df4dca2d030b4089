// Whether the JSON of a trace file is what the schema says. Loaded with the first file that a visitor opens.
import type { Stored } from './file-format';
import { violation, type Schema } from './schema';
import schema from './trace.schema.json';

/**
 * What files of version 1 do not have, or not everywhere: the sizes of their tensors are held against the shape as they
 * are read.
 */
const NEW = ['op', 'costs', 'layouts', 'planesOf', 'axes', 'planes', 'rows', 'cols'];

/** The same schema without what version 2 brought. */
const without = (rule: Schema): Schema => ({
  ...rule,
  ...(rule.required && { required: rule.required.filter((key) => !NEW.includes(key)) }),
  ...(rule.properties && {
    properties: Object.fromEntries(
      Object.entries(rule.properties).flatMap(([key, one]) =>
        NEW.includes(key) ? [] : [[key, without(one)] as const],
      ),
    ),
  }),
  ...(rule.items && { items: without(rule.items) }),
});

/** Whether no array is said to hold more cells than it has scalars: a picture of it takes as much room as they say. */
const laidOut = ({ arrays: all, layouts, workgroupSize }: Stored['passes'][number]): boolean =>
  all.every(({ name, length, scope }) => {
    const layout = layouts[name];
    return !layout || layout.rows * layout.cols <= length * (scope === 'invocation' ? workgroupSize : 1);
  });

/** Names that the file's own text chose: they become keys of the page's tables. */
const names = ({ tensors, passes }: Stored): string[] => [
  ...tensors.map(({ id }) => id),
  ...passes.flatMap(({ bindings, layouts }) => [
    ...bindings.map(({ tensor }) => tensor),
    ...Object.values(layouts).flatMap(({ role }) => (typeof role === 'string' ? [role] : Object.values(role))),
  ]),
];

const isName = (name: string): boolean => /^[A-Za-z]\w{0,15}$/.test(name) && !(name in Object.prototype);

/** Whether the JSON of a file of some version says what can be drawn. */
export function fitsSchema(stored: unknown, version: number): boolean {
  if (version === 1) return violation(stored, without(schema)) === undefined;
  if (violation(stored, schema) !== undefined) return false;
  // The schema says what `Stored` says.
  const { passes } = stored as Stored;
  return passes.every(laidOut) && names(stored as Stored).every(isName);
}
