// Whether the JSON of a trace file is what the schema says. Loaded with the first file that a visitor opens.
import { violation } from './schema';
import schema from './trace.schema.json';

export const fitsSchema = (stored: unknown): boolean => violation(stored, schema) === undefined;
