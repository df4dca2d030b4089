/** Checks a value against the few words of JSON Schema that trace.schema.json uses. */

export interface Schema {
  type?: string | readonly string[];
  enum?: readonly unknown[];
  required?: readonly string[];
  properties?: Readonly<Record<string, Schema>>;
  additionalProperties?: Schema;
  items?: Schema;
  /** Of a text, the only thing that has one. */
  pattern?: string;
  minItems?: number;
  maxItems?: number;
  minimum?: number;
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

/** The first place where `value` breaks the schema, as a path and what was expected; undefined when it is valid. */
export function violation(value: unknown, schema: Schema, path = ''): string | undefined {
  const type = typeOf(value);
  const wanted = schema.type === undefined ? [] : [schema.type].flat();
  if (wanted.length > 0 && !wanted.includes(type) && !(type === 'integer' && wanted.includes('number'))) {
    return `${path}: ${type}, not ${wanted.join(' or ')}`;
  }
  if (schema.enum && !schema.enum.includes(value)) return `${path}: not one of ${schema.enum.join(', ')}`;
  if (schema.pattern !== undefined && !(typeof value === 'string' && new RegExp(schema.pattern).test(value)))
    return `${path}: not of the form ${schema.pattern}`;
  if (typeof value === 'number' && schema.minimum !== undefined && value < schema.minimum)
    return `${path}: less than ${schema.minimum}`;
  if (Array.isArray(value)) {
    const { minItems = 0, maxItems = Infinity, items } = schema;
    if (value.length < minItems || value.length > maxItems) return `${path}: ${value.length} items`;
    return items && first(value.map((item, i) => () => violation(item, items, `${path}[${i}]`)));
  }
  if (type !== 'object') return undefined;
  const object = value as Record<string, unknown>;
  const missing = schema.required?.find((key) => !Object.hasOwn(object, key));
  if (missing !== undefined) return `${path}.${missing}: missing`;
  return first(
    Object.entries(object).map(([key, member]) => () => {
      const rule =
        schema.properties && Object.hasOwn(schema.properties, key)
          ? schema.properties[key]
          : schema.additionalProperties;
      return rule && violation(member, rule, `${path}.${key}`);
    }),
  );
}

function first(checks: readonly (() => string | undefined)[]): string | undefined {
  for (const check of checks) {
    const found = check();
    if (found !== undefined) return found;
  }
  return undefined;
}
