/** The phases of a kernel: they are separated by barriers and by comment lines `// phase: NAME`. */
import { visitAst } from 'wesl/core';
import type { BlockElem, FnElem, Statement } from 'wesl/core';
import { calleeName, cannotTap } from './source';
import type { Source } from './source';

/** A static phase: from a barrier or a `// phase:` comment to the next. */
export interface PhaseInfo {
  id: number;
  line: number;
  /** The last line of the phase, in source order. */
  endLine: number;
  name: string;
  /** Ids of the loops that it begins in, outermost first; absent in older files, and where no round can be told. */
  loops?: readonly number[];
}

/** A loop that phases begin in. */
export interface LoopInfo {
  id: number;
  line: number;
  /** The variable that a `for` declares; empty where there is none. */
  name: string;
}

/** Where the next phase begins. */
export interface Boundary {
  /** The static phase that begins here. */
  id: number;
  fn: FnElem;
  /** Where the call that reports it is inserted: after the barrier, or before the comment. */
  at: number;
  line: number;
  /** The last line of the previous phase, in source order. */
  lineBefore: number;
  name: string;
}

export interface Phases {
  /** Phase 0 is the entry point's first; the others follow in source order. */
  infos: readonly PhaseInfo[];
  /** In source order, without phase 0. */
  boundaries: readonly Boundary[];
}

interface Comment {
  start: number;
  end: number;
  /** The NAME of a `// phase: NAME` line. */
  phase: string | undefined;
}

/** All comments; block comments nest in WGSL. */
function commentsIn(text: string): Comment[] {
  const found: Comment[] = [];
  const opener = /\/\/|\/\*/g;
  for (let match = opener.exec(text); match; match = opener.exec(text)) {
    const start = match.index;
    let end = start;
    let phase: string | undefined;
    if (match[0] === '//') {
      const lineEnd = text.indexOf('\n', start);
      end = lineEnd < 0 ? text.length : lineEnd;
      phase = /^\/\/\s*phase:\s*(.*\S)/.exec(text.slice(start, end))?.[1];
    } else {
      const bracket = /\/\*|\*\//g;
      bracket.lastIndex = start;
      for (let depth = 0, inner = bracket.exec(text); inner; inner = bracket.exec(text)) {
        depth += inner[0] === '/*' ? 1 : -1;
        end = bracket.lastIndex;
        if (depth === 0) break;
      }
    }
    found.push({ start, end, phase });
    opener.lastIndex = end;
  }
  return found;
}

/** The blocks that a statement holds. */
export function blocksOf(statement: Statement): BlockElem[] {
  switch (statement.kind) {
    case 'block':
      return [statement];
    case 'if':
      return [statement.body, ...(statement.else ? blocksOf(statement.else) : [])];
    case 'for':
    case 'while':
      return [statement.body];
    case 'loop':
      return [statement.body, ...(statement.continuing ? [statement.continuing.body] : [])];
    case 'switch':
      return statement.clauses.map(({ body }) => body);
    default:
      return [];
  }
}

/** Whether a position lies between the statements of a block, where a call may be inserted. */
function betweenStatements(block: BlockElem, position: number): boolean {
  const around = block.body.find((s) => s.start <= position && position < s.end);
  if (!around) return true;
  return blocksOf(around).some((b) => b.start < position && position < b.end && betweenStatements(b, position));
}

export const isBarrier = (statement: Statement): boolean =>
  statement.kind === 'call' &&
  ['workgroupBarrier', 'storageBarrier', 'textureBarrier'].includes(calleeName(statement.call));

/** The `phase:` comment among those that directly follow `position`. */
function phaseCommentAfter(text: string, comments: readonly Comment[], position: number): Comment | undefined {
  let from = position;
  for (const comment of comments) {
    if (comment.start < position) continue;
    if (text.slice(from, comment.start).trim() !== '') return undefined;
    if (comment.phase !== undefined) return comment;
    from = comment.end;
  }
  return undefined;
}

/**
 * Finds the phases of the entry point and of the functions it reaches.
 * @throws AttnError cannot-tap when a phase comment stands inside a statement
 */
export function findPhases(source: Source, fns: readonly FnElem[]): Phases {
  const { text, lineAt } = source;
  const comments = commentsIn(text);
  const named = comments.filter(({ phase }) => phase !== undefined);
  const used = new Set<Comment>();
  const found: Omit<Boundary, 'id'>[] = [];
  for (const fn of fns) {
    visitAst(fn.body, (element) => {
      if (element.kind !== 'call' || !isBarrier(element)) return;
      const comment = phaseCommentAfter(text, comments, element.end);
      if (comment) used.add(comment);
      const lineBefore = lineAt(element.start);
      const line = comment ? lineAt(comment.start) : lineBefore;
      found.push({ fn, at: element.end, line, lineBefore, name: comment?.phase ?? `after line ${lineBefore}` });
    });
    for (const comment of named) {
      if (used.has(comment) || comment.start < fn.body.start || comment.end > fn.body.end) continue;
      const line = lineAt(comment.start);
      if (!betweenStatements(fn.body, comment.start))
        throw cannotTap(`line ${line}: the phase comment stands inside a statement`);
      found.push({ fn, at: comment.start, line, lineBefore: line - 1, name: comment.phase ?? '' });
    }
  }
  found.sort((a, b) => a.at - b.at);
  return number(
    source,
    found,
    named.filter((comment) => !used.has(comment)),
  );
}

/** Numbers the phases. The entry point's first comment names phase 0 when it comes before every other boundary. */
function number(source: Source, found: readonly Omit<Boundary, 'id'>[], alone: readonly Comment[]): Phases {
  const { entry, lineAt } = source;
  const first = found.find(({ fn }) => fn === entry);
  const topLevel = first && !entry.body.body.some((s) => s.start <= first.at && first.at < s.end);
  const names = topLevel === true && alone.some(({ start }) => start === first.at);
  const boundaries = found
    .filter((boundary) => !(names && boundary === first))
    .map((boundary, i) => ({ ...boundary, id: i + 1 }));
  const start = {
    id: 0,
    fn: entry,
    at: entry.body.start,
    line: lineAt(entry.body.start),
    name: names ? first.name : 'start',
  };
  const infos = [start, ...boundaries].map(({ id, fn, at, line, name }) => {
    const next = boundaries.find((b) => b.fn === fn && b.at > at);
    return { id, line, endLine: next ? Math.max(line, next.lineBefore) : lineAt(fn.body.end - 1), name };
  });
  return { infos, boundaries };
}
