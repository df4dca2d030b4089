// One sentence what a step did and one why, from the trace's own numbers. Pure; the page shows it and screen readers
// hear it.
import type { Rect } from '../../frame/frame-types';
import { rulesOf } from '../../ops/rules';
import { pagesOf } from '../../ops/attention/pages';
import { partsOf } from '../../ops/attention/shape';
import type { Frame, SoftmaxTile } from '../../frame/frame-types';
import { hasSram } from '../../frame/places';
import { speak, type Language } from '../../words';
import { bytes, range, value } from '../../ui/format';
import { opSentence, type Sentence } from './op-sentence';
import { sentenceWords } from './sentence.words';
import { isPaged } from '../shared/block-table/slot';
import { scoreSentence } from '../shared/score.words';
import { topKey } from '../shared/top-key';
import { logged } from '../shared/logged';

/** Everything the sentences speak about, read off the frame once. */
interface Facts {
  words: ReturnType<typeof speak<typeof sentenceWords>>;
  frame: Frame;
  rows: string;
  cols: string;
  keys: string;
  read: string;
  written: string;
  /** HBM bytes of the step, both ways. */
  hbm: string;
  /** The chosen row's current tile, where the row is this workgroup's. */
  tile: SoftmaxTile | undefined;
  row: number;
}

/** The part of Q, K or V that was at work last, in an op that has them. */
function liveOf({ trace, tensors }: Frame, which: 'queries' | 'keys' | 'values'): Rect | undefined {
  const roles = rulesOf(trace.header.op)?.softmax;
  return roles && tensors[roles[which]]?.live;
}

/** Whether tiles of Q pass by each tile of keys, so that only some of the workgroup's rows are at work. */
const nested = ({ phase }: Frame): boolean => phase.loops.length > 1;

/** Whether O, l and m go through HBM in every step. */
const rewritten = (frame: Frame): boolean => frame.softmax?.inHbm === true;

/** The rows at work: those of the tile of Q, or all of the workgroup's. */
const rowsOf = (frame: Frame): Pick<Rect, 'r0' | 'r1'> => (nested(frame) && liveOf(frame, 'queries')) || frame.block;

function factsOf(frame: Frame, language: Language): Facts {
  const { block, softmax: online } = frame;
  const { r0, r1 } = rowsOf(frame);
  const here = online?.inWorkgroup && online.row >= r0 && online.row <= r1;
  const tile = here ? online.tiles.at(-1) : undefined;
  const live = liveOf(frame, 'keys');
  const { step } = frame.bytes.hbm;
  return {
    words: speak(sentenceWords, language),
    frame,
    rows: range(r0, r1),
    cols: range(block.c0, block.c1),
    keys: live ? range(live.r0, live.r1) : tile ? range(tile.from, tile.to) : '',
    read: bytes(step.read),
    written: bytes(step.written),
    hbm: bytes(step.read + step.written),
    tile,
    row: frame.selection.row,
  };
}

/** What this step did, and why. */
export function sentence(frame: Frame, language: Language): Sentence {
  const f = factsOf(frame, language);
  if (!frame.workgroup) return { what: f.words.capturing(frame.cursor.workgroup), why: f.words.capturingWhy };
  const { line, cursor } = frame;
  const entry = cursor.line === undefined ? undefined : line.entries[line.index];
  if (entry) return lineSentence(f, entry);
  const { name } = frame.phase;
  const { what, why } = opSentence(frame, f.rows, f.read, f.written, language) ?? (PHASES[name] ?? otherPhase)(f);
  // Where scores are computed, in whichever op.
  const shaped = name.includes('QKᵀ') ? scoreSentence(frame.trace.header.run.shape, frame.plane, language) : '';
  return { what, why: shaped ? `${shaped}${f.words.between}${why}` : why };
}

function lineSentence({ words, frame }: Facts, entry: Frame['line']['entries'][number]): Sentence {
  const { index, count } = frame.line;
  return {
    what: words.line(entry.line, frame.selection.thread, entry.name, logged(entry.value), index + 1, count),
    why: index < count - 1 ? words.lineWhy(frame.phase.name) : words.lineLast(frame.phase.name),
  };
}

const otherPhase = ({ words, frame, read, written }: Facts): Sentence => ({
  what: words.other(frame.phase.name, read, written),
  why: words.otherWhy,
});

/** Bytes of one head's S, or P. */
const planeBytes = (frame: Frame): string => {
  const { queries, keys } = frame.trace.header.run.shape;
  return bytes(4 * queries * keys);
};

const inRegisters = ({ pass }: Frame): boolean => !hasSram(pass);

/**
 * Kernels of one query row: Q in registers, K and V straight from HBM, scores and weights of a step in workgroup
 * memory.
 */
const decoding = ({ pass }: Frame): boolean =>
  Object.values(pass.layouts).some(({ axes, rows }) => axes[0] === 'query' && axes[1] === 'dim' && rows === 1);

/** Older traces of kernels that kept scores times log2(e): what is shown is divided by it again. */
const base2 = ({ pass }: Frame): boolean => pass.text.includes('LOG2E');

/** What Q is multiplied by as it is loaded. */
const factor = (frame: Frame): string => {
  const scale = frame.trace.header.run.scale;
  return `${base2(frame) ? 'log₂e · ' : ''}${scale === undefined ? '1 / √d' : value(scale)}`;
};

function loadQ({ words, frame, rows, read }: Facts): Sentence {
  const { workgroup } = frame.cursor;
  const { queries } = frame.trace.header.run.shape;
  if (decoding(frame))
    return {
      what: words.loadQRow(workgroup, rows, read, factor(frame)),
      why: queries === 1 ? words.loadQRowWhy : words.loadQRowsWhy(queries),
    };
  if (nested(frame))
    return {
      what: words.loadQ(workgroup, rows, read),
      why: words.loadQAgainWhy(frame.phase.loops[0]?.rounds ?? 1),
    };
  return inRegisters(frame)
    ? { what: words.loadQRegisters(workgroup, rows, read, factor(frame)), why: words.loadQRegistersWhy }
    : { what: words.loadQ(workgroup, rows, read), why: words.loadQWhy };
}

function loadKV({ words, frame, keys, read }: Facts): Sentence {
  const { shape, tile } = frame.trace.header.run;
  const [loop] = frame.phase.loops;
  const { round: at, rounds: tiles } = loop ?? { round: frame.phase.tile, rounds: frame.phase.tiles };
  const skipped = Math.ceil(shape.keys / tile.bc) - tiles;
  const lastSeen = shape.mask === 'causal' && at === tiles - 1 && skipped > 0;
  return {
    what: words.loadKV(at + 1, tiles, keys, read),
    why: rewritten(frame)
      ? words.loadKVOnceWhy
      : lastSeen
        ? words.loadLastCausal(skipped)
        : words.loadKVWhy(frame.block.r1 - frame.block.r0 + 1),
  };
}

function scores({ words, frame, rows, keys, read, hbm, tile, row }: Facts): Sentence {
  const masked = tile?.masked.filter(Boolean).length ?? 0;
  const key = tile && topKey(tile);
  const s = key === undefined ? undefined : tile?.s[key - tile.from];
  const end =
    tile && masked === tile.masked.length
      ? words.scoresMasked(row)
      : s === undefined || key === undefined
        ? words.stop
        : words.scoresTop(row, value(s), key);
  const straight = decoding(frame);
  const registers = straight || inRegisters(frame);
  const what = registers
    ? words.scoresRegisters(rows, keys, read)
    : words.scores(rows, keys, bytes(frame.bytes.sram.step.read));
  const why =
    tile && masked > 0
      ? maskWhy(words, frame, masked, tile.masked.length, row)
      : straight
        ? rowScoresWhy(words, frame)
        : registers
          ? words.scoresRegistersWhy
          : words.scoresWhy(hbm);
  return { what: what + end, why: why + (base2(frame) ? words.base2 : '') };
}

/** Where the keys of a step come from. */
function rowScoresWhy(words: Facts['words'], frame: Frame): string {
  const { trace, plane } = frame;
  const { shape } = trace.header.run;
  const first = liveOf(frame, 'keys')?.r0;
  if (!isPaged(trace) || first === undefined) return words.scoresRowWhy;
  const { size, table, width } = pagesOf(shape);
  const logical = Math.floor(first / size);
  const request = Math.floor(plane / shape.heads);
  return words.scoresPageWhy(logical, table[request * width + logical] ?? 0);
}

function maskWhy(words: Facts['words'], { trace }: Frame, masked: number, of: number, row: number): string {
  const { mask } = trace.header.run.shape;
  if (masked === of) return words.softmaxMaskedWhy;
  return mask === 'causal'
    ? words.scoresMaskWhy(masked, of, row)
    : words.scoresHiddenWhy(words.maskName(mask), masked, of, row);
}

/** Where m and l come from HBM and O there is divided by l. */
function softmaxInHbm({ words, read, written, row }: Facts, tile: SoftmaxTile): Sentence | undefined {
  const { divided, mOld = -Infinity, m, l, alpha } = tile;
  if (!divided || mOld <= -1e30 || m === undefined || l === undefined || alpha === undefined) return undefined;
  const { kept, added } = divided;
  return {
    what: words.softmaxInHbm(row, value(mOld), value(m), value(kept), value(added), value(l), value(alpha)),
    why: words.softmaxInHbmWhy(read, written),
  };
}

function softmax(f: Facts): Sentence {
  const { words, rows, keys, tile, row } = f;
  const { m, l, alpha } = tile ?? {};
  if (tile && m !== undefined && l === undefined && alpha !== undefined) {
    return { what: words.softmaxLater(row, value(m), value(alpha)), why: words.softmaxLaterWhy };
  }
  if (!tile || m === undefined || l === undefined || alpha === undefined) {
    return { what: words.softmaxBlock(rows, keys), why: words.softmaxBlockWhy };
  }
  if (tile.masked.every(Boolean))
    return { what: words.softmaxMasked(row, value(m), value(l)), why: words.softmaxMaskedWhy };
  const inHbm = softmaxInHbm(f, tile);
  if (inHbm) return inHbm;
  const { mOld, lOld, sumP } = tile;
  if (mOld === undefined || mOld <= -1e30 || lOld === undefined || sumP === undefined) {
    return { what: words.softmaxFirst(row, value(m), value(l)), why: words.softmaxFirstWhy(value(alpha)) };
  }
  return alpha === 1
    ? { what: words.softmaxStays(row, value(m), value(lOld), value(sumP), value(l)), why: words.softmaxStaysWhy }
    : {
        what: words.softmaxRises(row, value(mOld), value(m), value(alpha), value(lOld), value(sumP), value(l)),
        why: words.softmaxRisesWhy,
      };
}

function output({ words, frame, rows, keys, read, written, hbm, tile, row }: Facts): Sentence {
  // K of the next tile may be there already; V is that of this one.
  const v = liveOf(frame, 'values');
  const seen = v ? range(v.r0, v.r1) : keys;
  const ofRow = tile?.alpha === undefined ? '' : words.outputRow(row, value(tile.alpha));
  if (rewritten(frame))
    return { what: words.outputInHbm(rows, seen, read, written) + ofRow, why: words.outputInHbmWhy };
  const what = words.output(rows, seen) + ofRow;
  if (decoding(frame)) return { what, why: words.outputRowWhy(read) };
  return { what, why: inRegisters(frame) ? words.outputRegistersWhy(read) : words.outputWhy(hbm) };
}

function writeO({ words, frame, rows, written }: Facts): Sentence {
  if (frame.pass.name === 'parts') return { what: words.writePart(written), why: words.writePartWhy };
  const count = frame.block.r1 - frame.block.r0 + 1;
  const { keys } = frame.trace.header.run.shape;
  return { what: words.write(rows, written), why: words.writeWhy(count, keys, bytes(4 * count * keys)) };
}

/** By the phase names of the kernels' own comments. */
const PHASES: Readonly<Record<string, (f: Facts) => Sentence>> = {
  'load Q': loadQ,
  'load Q,K': ({ words, frame, rows, read }) => ({
    what: words.loadQK(frame.cursor.workgroup, rows, read, factor(frame)),
    why: words.loadQWhy,
  }),
  'm, l, O begin': ({ words, frame, rows, written }) =>
    rewritten(frame)
      ? { what: words.beginInHbm(rows, written), why: words.beginInHbmWhy }
      : { what: words.begin, why: words.beginWhy },
  'load V, next K': ({ words, frame: { phase }, read }) =>
    phase.tile === phase.tiles - 1
      ? { what: words.loadVLast(phase.tile + 1, phase.tiles, read), why: words.loadVLastWhy }
      : { what: words.loadVK(phase.tile + 1, phase.tiles, read), why: words.loadVKWhy },
  'load K,V': loadKV,
  // The naive kernel's scores pass bears the same name and writes S to HBM.
  'S = QKᵀ': (f) =>
    f.frame.pass.name === 'scores'
      ? {
          what: f.words.naiveScores(f.frame.cursor.workgroup, f.rows, f.cols, f.read, f.written),
          why: f.words.naiveScoresWhy(planeBytes(f.frame)),
        }
      : scores(f),
  softmax,
  'O += PV': output,
  'write O': writeO,
  'write LSE': ({ words, rows, read, written }) => ({
    what: words.writeLse(rows, read, written),
    why: words.writeLseWhy,
  }),
  'merge m, l': ({ words, frame, read }) => ({
    what: words.mergeSums(partsOf(frame.trace.header.run.shape), read),
    why: words.mergeSumsWhy,
  }),
  'merge O': ({ words, frame, rows, written }) => ({
    what: words.mergeO(partsOf(frame.trace.header.run.shape), rows, written),
    why: words.mergeOWhy,
  }),
  'row max': ({ words, rows, read, tile, row }) => ({
    what: words.rowMax(rows, read) + (tile?.m === undefined ? '' : words.rowMaxOf(row, value(tile.m))),
    why: words.rowMaxWhy,
  }),
  'row sum': ({ words, rows, read, tile, row }) => ({
    what: words.rowSum(rows, read) + (tile?.l === undefined ? '' : words.rowSumOf(row, value(tile.l))),
    why: words.rowSumWhy,
  }),
  'write P': ({ words, frame, rows, read, written }) => ({
    what: words.writeP(rows, read, written),
    why: words.writePWhy(planeBytes(frame)),
  }),
  'O = PV': ({ words, frame, rows, cols, read, written }) => ({
    what: words.naiveOutput(frame.cursor.workgroup, rows, cols, read, written),
    why: words.naiveOutputWhy,
  }),
};
