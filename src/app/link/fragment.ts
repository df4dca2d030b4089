// The text of a link's fragment and back: the page's own part and each lab's, joined. What cannot be read is named, and
// a default stands in.
import { LABS } from '../../labs';
import type { LabEntry, LabParts } from '../../labs/lab';
import type { AnyLink, ParamReader } from '../../labs/shared/link';
import { sealed, unsealed } from './link-check';
import { choiceLink, fileShown, ownLink, type ChosenRun, type PageOwn } from './own';

/** Everything that a link carries, and that Back brings back. */
export interface Located extends PageOwn, ChosenRun, LabParts {}

/** A part of a link that could not be used. */
export type LinkProblem =
  | { kind: 'bad-value' | 'no-file'; key: string; value: string }
  | { kind: 'unknown-key'; key: string }
  /** It was cut or changed on its way. */
  | { kind: 'mangled' };

/** Most characters of a key or a value that are told. */
const TOLD = 60;

/** The links of a page with these labs. */
export function linksOf(labs: readonly Pick<LabEntry, 'id' | 'link'>[]) {
  const parts: readonly AnyLink[] = [
    ownLink(labs.map(({ id }) => id)),
    choiceLink,
    ...labs.flatMap(({ link }) => link ?? []),
  ];
  const defaults = Object.assign({}, ...parts.map((part) => part.default)) as Located;

  /** Fields at their defaults: two links that differ in those alone are then the same. */
  const levelled = (fields: readonly string[]): Partial<Located> =>
    Object.fromEntries(fields.map((field) => [field, defaults[field as keyof Located]]));
  const passing = new Set(parts.flatMap((part) => part.passing));
  const passed = levelled([...passing]);
  const looks = levelled(parts.flatMap((part) => part.looks ?? []));

  /** The lab that a link opens by a key of its own, where it names none. */
  const opened = (keys: URLSearchParams): string | undefined =>
    labs.find(({ link }) => link?.opens?.some((key) => keys.has(key)))?.id;

  /** Reads a fragment (with or without its #). Never throws; what it cannot use it names. */
  function parse(fragment: string): { located: Located; problems: LinkProblem[] } {
    const { given, whole } = unsealed(fragment.replace(/^#/, ''));
    const problems: LinkProblem[] = whole ? [] : [{ kind: 'mangled' }];
    const named = opened(given);
    if (named && !given.has('lab')) given.set('lab', named);
    const known = new Set<string>();
    const located = { ...defaults };
    for (const part of parts) {
      let any = false;
      const param: ParamReader = (key, read) => {
        known.add(key);
        const text = given.get(key);
        if (text === null) return undefined;
        const value = read(text);
        if (value === undefined) problems.push({ kind: 'bad-value', key, value: text.slice(0, TOLD) });
        else any = true;
        return value;
      };
      const state = part.read(param, located.choice);
      // Of what a link does not speak stays the very object, so that nothing follows a change that is none.
      if (any) Object.assign(located, state);
    }
    for (const key of new Set(given.keys()))
      if (!known.has(key)) problems.push({ kind: 'unknown-key', key: key.slice(0, TOLD) });
    return { located, problems };
  }

  /**
   * The fragment of a link, without its #: letters, digits and -._%+=& only, and a check at its end. Reads back as the
   * same value.
   */
  function format(located: Located): string {
    const written = new URLSearchParams();
    for (const part of parts) {
      // Where a file is shown, the own run would claim what is not on screen.
      if (part === choiceLink && fileShown(located) !== undefined) continue;
      for (const [key, value] of Object.entries(part.write(located as never)))
        if (value !== undefined) written.set(key, value);
    }
    if (opened(written) !== undefined) written.set('lab', located.lab);
    // Messengers end a link at a star, the only such sign that is written as it is.
    return sealed(written.toString().replaceAll('*', '%2A'));
  }

  /**
   * Fields whose change is a choice: one step of undo. The others (cursor, row, speed, ...) only update the newest
   * entry.
   */
  const undoable = (at: Located): string => format({ ...at, ...passed });

  return {
    parse,
    format,
    /** What a plain address opens. */
    defaults,
    undoable,
    /** The same but for how the page looks: who changes that still sees what the link was about. */
    subject: (at: Located): string => undoable({ ...at, ...looks }),
    /**
     * Whether two moments differ in no more than what passes, told without writing either of them out: this runs at
     * every step.
     */
    onlyPassed: (a: Located, b: Located): boolean =>
      (Object.keys(a) as (keyof Located)[]).every((key) => a[key] === b[key] || passing.has(key)),
  };
}

export const { parse: parseFragment, format: formatFragment, defaults, undoable, subject, onlyPassed } = linksOf(LABS);
