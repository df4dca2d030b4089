// The visitor's own tensors: opens files, keeps them by their hash in memory and in this browser, and makes the problem
// that a choice of them stands for.
import { asAttnError, AttnError, isError } from '../../errors';
import { checkSize, loadTensor, parseTensorFile, withBf16, type LoadedTensor } from '../../tensors/file';
import { problemOfTensors } from '../../tensors/inputs';
import { assignRoles, weightsIn, type OpenedFile } from '../../tensors/assign';
import {
  complete,
  INPUT_ROLES,
  LONGEST_NAME,
  sameSources,
  shortHash,
  type InputRole,
  type Source,
  type Sources,
} from '../../tensors/sources';
import { createFileStore, sha256 } from '../../tensors/store';
import { ranges, scoresOf, type Choice } from '../../figure/choice';
import type { Shape } from '../../ops/attention/shape';
import { clearErrors, tell } from '../messages/messages';
import type { Problem } from '../../figure/problem';
import type { State } from '../state';

export interface TensorDesk {
  /** Opens files and places their tensors: one step of undo. What is wrong with one of them is told. */
  open(files: readonly File[]): Promise<void>;
  /**
   * The problem of a choice of tensors; undefined while one is not chosen. Throws `tensor-gone` (file, hash) and what
   * reading them throws.
   */
  problem(choice: Choice): Promise<Problem | undefined>;
  /** Lets go of every file, in memory and in this browser. */
  forget(): Promise<void>;
}

/** What the desk asks of the engine. */
export interface DeskActions {
  choose(change: Partial<Choice>): void;
  /** Runs the present choice again: what it needs is here now. */
  rerun(): void;
}

/** Opened files that stay in memory: those of this choice and of the one before, for Back. */
const HELD = 6;

/** Planes that a link can name. */
const PLANES = ranges.plane[1] + 1;

/** The sizes that the views and links of this page reach. Throws `shape-invalid`. */
function checkReach(shape: Shape): void {
  for (const field of ['queries', 'keys', 'dim'] as const) {
    if (shape[field] > ranges[field][1])
      throw new AttnError('shape-invalid', { field, value: shape[field], expected: `1 … ${ranges[field][1]}` });
  }
  const planes = shape.batch * shape.heads;
  if (planes > PLANES)
    throw new AttnError('shape-invalid', { field: 'B × H', value: planes, expected: `1 … ${PLANES}` });
}

export function createTensorDesk(state: State, { choose, rerun }: DeskActions): TensorDesk {
  const store = createFileStore();
  /** By hash and name: files of equal bytes keep their own names. */
  const held = new Map<string, OpenedFile>();
  const keyOf = ({ hash, file }: { hash: string; file: string }): string => `${hash}/${file}`;
  const holds = (hash: string | undefined): boolean => [...held.values()].some((opened) => opened.hash === hash);
  /** Writes to this browser's store, one after the other. */
  let keeping: Promise<void> = Promise.resolve();
  let last: { sources: Sources; loaded: Record<InputRole, LoadedTensor> } | undefined;

  const report = (thrown: unknown, retry?: () => void): void =>
    tell(state.messages, { kind: 'error', error: asAttnError(thrown) }, retry);

  const hold = (opened: OpenedFile): void => {
    const key = keyOf(opened);
    held.delete(key);
    held.set(key, opened);
    for (const oldest of held.keys()) if (held.size > HELD) held.delete(oldest);
    state.shelf.value = [...held.values()].map(({ hash, file, entries }) => ({
      hash,
      file,
      entries: entries.map(({ name, shape, dtype }) => ({ name, shape, dtype })),
    }));
  };

  const openBytes = async (file: string, bytes: Uint8Array<ArrayBuffer>, bf16: boolean): Promise<OpenedFile> => {
    const read = parseTensorFile(file, bytes);
    const parsed = bf16 ? withBf16(read) : read;
    const [only, another] = parsed.entries;
    // One tensor is what is meant: what is wrong with it is told now, not when all three are there.
    if (only && !another) loadTensor(file, only);
    return { ...parsed, hash: await sha256(bytes) };
  };

  /** Reads a file, if it is not too large to. */
  const openFile = async (
    file: File,
    bf16: boolean,
  ): Promise<{ opened: OpenedFile; bytes: Uint8Array<ArrayBuffer> }> => {
    checkSize(file.name, file.size);
    const bytes = new Uint8Array(await file.arrayBuffer());
    return { opened: await openBytes(file.name.slice(-LONGEST_NAME), bytes, bf16), bytes };
  };

  const fetchFile = async (source: Source): Promise<OpenedFile> => {
    const { hash, file } = source;
    const here = held.get(keyOf(source));
    if (here) return here;
    const same = [...held.values()].find((opened) => opened.hash === hash);
    if (same) {
      const named = { ...same, file };
      hold(named);
      return named;
    }
    const kept = await store.get(hash);
    if (!kept) throw new AttnError('tensor-gone', { file, hash: shortHash(hash) });
    // What is kept was said to be bf16, where it does not say so itself.
    const opened = { ...withBf16(parseTensorFile(file, kept.bytes)), hash };
    hold(opened);
    return opened;
  };

  const load = async (source: Source): Promise<LoadedTensor> => {
    const opened = await fetchFile(source);
    const entry = opened.entries.find(({ name }) => name === source.tensor);
    if (!entry)
      throw new AttnError('tensor-gone', { file: `${source.file}: ${source.tensor}`, hash: shortHash(source.hash) });
    return loadTensor(source.file, entry);
  };

  const loadAll = async (sources: Readonly<Record<InputRole, Source>>): Promise<Record<InputRole, LoadedTensor>> => {
    if (last && sameSources(last.sources, sources)) return last.loaded;
    const loaded = { q: await load(sources.q), k: await load(sources.k), v: await load(sources.v) };
    last = { sources, loaded };
    return loaded;
  };

  /** The sources whose files are here: a role whose file is missing is free for another. */
  const atHand = (sources: Sources): Sources =>
    Object.fromEntries(INPUT_ROLES.flatMap((role) => (holds(sources[role]?.hash) ? [[role, sources[role]]] : [])));

  const openAll = async (files: readonly File[], bf16: boolean): Promise<void> => {
    const faults: unknown[] = [];
    const bare: File[] = [];
    const read: Awaited<ReturnType<typeof openFile>>[] = [];
    for (const file of files)
      await openFile(file, bf16).then(
        (one) => read.push(one),
        (thrown) => {
          faults.push(thrown);
          if (isError(thrown, 'tensor-bare')) bare.push(file);
        },
      );
    const { tensors: now, input } = state.choice.peek();
    const wanted = new Set(
      INPUT_ROLES.map((role) => now[role]?.hash).filter((hash) => hash !== undefined && !holds(hash)),
    );
    for (const { opened } of read) hold(opened);
    // What the link asked for goes where the link says.
    const fresh = read.map(({ opened }) => opened).filter(({ hash }) => !wanted.has(hash));
    const placed = assignRoles(fresh, fresh.length === read.length ? atHand(now) : now);
    // Whether another file's numbers are bf16 is as open as it was.
    const unsaid = (error: AttnError): boolean =>
      isError(error, 'tensor-bare') && !files.some(({ name }) => name.slice(-LONGEST_NAME) === error.details.tensor);
    if (read.length > 0) {
      clearErrors(state.messages, 'tensor-', unsaid);
      if (input === 'file' && sameSources(now, placed.sources) && state.file.peek() === undefined) rerun();
      else choose({ input: 'file', tensors: placed.sources, layout: undefined, plane: 0, tile: undefined });
    }
    for (const { role, tensor } of weightsIn(placed.sources))
      faults.push(new AttnError('tensor-weight', { tensor, role: role.toUpperCase() }));
    const asBf16 = (): void => void openAll(bare, true).catch(report);
    for (const fault of [...faults, ...placed.faults])
      report(fault, isError(fault, 'tensor-bare') ? asBf16 : undefined);
    for (const { opened, bytes } of read) {
      keeping = keeping.then(() => store.put(opened.hash, { name: opened.file, bytes })).catch(report);
    }
  };

  return {
    open: (files) => openAll(files, false),
    async problem(choice) {
      const { tensors, layout, mask } = choice;
      if (!complete(tensors)) return undefined;
      const loaded = await loadAll(tensors);
      const { shape: bare, inputs } = problemOfTensors(loaded, mask, layout);
      const shape = { ...bare, ...scoresOf(choice, bare.heads) };
      checkReach(shape);
      const note = ({ dtype, rounding }: LoadedTensor) => ({ dtype, rounding });
      state.own.value = { sources: tensors, shape, notes: { q: note(loaded.q), k: note(loaded.k), v: note(loaded.v) } };
      const words = INPUT_ROLES.map(
        (role) =>
          `${role.toUpperCase()} ${loaded[role].name} (${loaded[role].dtype}, ${shortHash(tensors[role].hash)})`,
      );
      return { shape, inputs, source: `files: ${words.join(', ')}` };
    },
    async forget() {
      // What is being kept is waited for, or it would outlive this; and the boxes are empty only once the files are
      // gone.
      keeping = keeping.then(() => store.clear()).catch(report);
      await keeping;
      held.clear();
      last = undefined;
      state.shelf.value = [];
      state.own.value = undefined;
      choose({ tensors: {} });
      clearErrors(state.messages, 'tensor-');
      clearErrors(state.messages, 'storage-');
    },
  };
}
