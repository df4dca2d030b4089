// Assigns tensors of opened files to Q, K and V: to the role that their name says, or the next empty one.
import { asAttnError, AttnError } from '../errors';
import { usable, type TensorFile } from './file';
import { READ_AS_BF16 } from './npy';
import { matchRoles, rolesOfFiles } from './roles';
import { INPUT_ROLES, type InputRole, type Source, type Sources } from './sources';

/** A tensor file and the SHA-256 of its bytes. */
export interface OpenedFile extends TensorFile {
  hash: string;
}

export interface Assignment {
  sources: Sources;
  /**
   * What names left open: `tensor-role-twice`, `tensor-role-missing`. Nothing is assigned for those; the visitor
   * chooses.
   */
  faults: readonly AttnError[];
}

/** A file with one tensor whose name says nothing, such as .npy. */
const single = ({ entries: [first, another] }: TensorFile): boolean =>
  !another && (first?.name === '' || first?.name === READ_AS_BF16);

const sourceOf = ({ hash, file }: OpenedFile, tensor: string): Source => ({ hash, file, tensor });

/**
 * The tensors of a file that are named Q, K and V. When no readable tensor has such a name, an unreadable one is taken,
 * and refused with its reason.
 */
function namesIn({ entries }: TensorFile): Partial<Record<InputRole, string>> {
  const good = matchRoles(entries.filter(usable).map(({ name }) => name));
  const all = matchRoles(entries.map(({ name }) => name));
  const others = good.missing.map((role) => [role, all.chosen[role]] as const).filter(([, name]) => name !== undefined);
  return { ...good.chosen, ...Object.fromEntries(others) };
}

/** Assigns opened files, on top of the sources chosen so far. */
export function assignRoles(files: readonly OpenedFile[], now: Sources): Assignment {
  const sources: Partial<Record<InputRole, Source>> = { ...now };
  const faults: AttnError[] = [];
  for (const file of files.filter((f) => !single(f))) {
    const names = namesIn(file);
    for (const role of INPUT_ROLES) if (names[role] !== undefined) sources[role] = sourceOf(file, names[role]);
    const open = INPUT_ROLES.filter((role) => names[role] === undefined);
    const roles = open.map((role) => role.toUpperCase()).join(', ');
    if (open.length > 0) faults.push(new AttnError('tensor-role-missing', { file: file.file, roles }));
  }
  const singles = files.filter(single);
  try {
    const filled = INPUT_ROLES.filter((role) => sources[role] !== undefined);
    const names = singles.map(({ file }) => file);
    for (const [i, role] of rolesOfFiles(names, filled).entries())
      sources[role] = sourceOf(singles[i]!, singles[i]!.entries[0]!.name);
  } catch (thrown) {
    faults.push(asAttnError(thrown));
  }
  return { sources, faults };
}

/** The roles that got weight matrices: their names end like the parameters of a projection. */
export const weightsIn = (sources: Sources): { role: InputRole; tensor: string }[] =>
  INPUT_ROLES.flatMap((role) => {
    const source = sources[role];
    const name =
      source && (source.tensor && source.tensor !== READ_AS_BF16 ? source.tensor : source.file.replace(/\.npy$/i, ''));
    return name && /(?:^|[._/-])(?:weight|kernel)s?$/i.test(name) ? [{ role, tensor: name }] : [];
  });
