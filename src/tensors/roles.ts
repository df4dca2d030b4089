// Which tensor of a file is Q, K or V, by name: q, query, layers.0.q_proj, past.key ... Where names are not clear, the
// visitor chooses.
import { TENSOR_OF } from '../ops/attention/shape';
import { AttnError } from '../errors';
import { INPUT_ROLES, type InputRole } from './sources';

const words: Readonly<Record<string, InputRole>> = {
  q: 'q',
  query: 'q',
  queries: 'q',
  k: 'k',
  key: 'k',
  keys: 'k',
  v: 'v',
  value: 'v',
  values: 'v',
};

/** The role that a name says, and the rest of the name: names with the same rest belong together. */
export function roleOf(name: string): { role: InputRole; rest: string } | undefined {
  const parts = name
    .replace(/\.(npy|safetensors)$/i, '')
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  const at = parts.findLastIndex((part) => Object.hasOwn(words, part));
  const role = words[parts[at] ?? ''];
  return role && { role, rest: parts.toSpliced(at, 1).join('.') };
}

/** What names say about the roles: the name for each role that is clear, and the roles that several names fit. */
export interface Matched {
  chosen: Partial<Record<InputRole, string>>;
  ambiguous: readonly InputRole[];
  missing: readonly InputRole[];
}

/**
 * Matches names to roles. Of several complete sets (one for each layer) the first is taken; without a complete set, a
 * role that two names fit stays open.
 */
export function matchRoles(names: readonly string[]): Matched {
  const found = names.flatMap((name) => {
    const match = roleOf(name);
    return match ? [{ name, ...match }] : [];
  });
  const of = (role: InputRole, rest?: string): string[] =>
    found.filter((f) => f.role === role && (rest === undefined || f.rest === rest)).map(({ name }) => name);
  const ambiguous = INPUT_ROLES.filter((role) => of(role).length > 1);
  const missing = INPUT_ROLES.filter((role) => of(role).length === 0);
  const set = found.find(({ rest }) => INPUT_ROLES.every((role) => of(role, rest).length === 1))?.rest;
  const chosen: Matched['chosen'] = {};
  for (const role of INPUT_ROLES) {
    const [name, another] = of(role, set);
    if (name !== undefined && another === undefined) chosen[role] = name;
  }
  return { chosen, ambiguous, missing };
}

/**
 * The role of each of several files with one tensor: by name first, then the roles still empty, in the order Q, K, V;
 * when none is empty they are filled again.
 * @throws AttnError `tensor-role-twice` (role, first, second)
 */
export function rolesOfFiles(files: readonly string[], filled: readonly InputRole[]): InputRole[] {
  const named = files.map((file) => roleOf(file)?.role);
  for (const [i, role] of named.entries()) {
    const first = role === undefined ? i : named.indexOf(role);
    if (first !== i)
      throw new AttnError('tensor-role-twice', {
        role: role?.toUpperCase() ?? '',
        first: files[first] ?? '',
        second: files[i] ?? '',
      });
  }
  const free = INPUT_ROLES.filter((role) => !named.includes(role));
  const order = [...free.filter((role) => !filled.includes(role)), ...free.filter((role) => filled.includes(role))];
  if (files.length > INPUT_ROLES.length) {
    throw new AttnError('tensor-role-twice', { role: TENSOR_OF.v, first: files[2] ?? '', second: files[3] ?? '' });
  }
  return named.map((role) => role ?? order.shift() ?? 'v');
}
