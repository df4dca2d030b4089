// Whether the JSON of a trace file is what the schema says. Loaded with the first file that a visitor opens.
import { violation, type Schema } from './schema';
import schema from './trace.schema.json';

/** What files of version 1 do not have, or not everywhere: the sizes of their tensors are held against the shape as they are read. */
const NEW = ['op', 'costs', 'layouts', 'planesOf', 'axes', 'planes', 'rows', 'cols'];

/** The same schema without what version 2 brought. */
const without = (rule: Schema): Schema => ({
  ...rule,
  ...(rule.required && { required: rule.required.filter((key) => !NEW.includes(key)) }),
  ...(rule.properties && {
    properties: Object.fromEntries(
      Object.entries(rule.properties).flatMap(([key, one]) => (NEW.includes(key) ? [] : [[key, without(one)] as const])),
    ),
  }),
  ...(rule.items && { items: without(rule.items) }),
});

export const fitsSchema = (stored: unknown, version: number): boolean =>
  violation(stored, version === 1 ? without(schema) : schema) === undefined;
