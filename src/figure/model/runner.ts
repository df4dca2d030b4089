// From settings to what views of the small model draw: tokens, a plain and a changed pass, and the text grown on. What
// newer settings make useless is ended.
import { effect, signal, type ReadonlySignal, type Signal } from '@preact/signals-core';
import { asAttnError, AttnError } from '../../errors';
import type { ModelClient } from '../../model/client';
import { isPlain } from '../../model/options';
import type { Reading } from '../../model/reading';
import { DOCUMENT_TOKEN } from '../../model/tokenizer';
import type { Grown, ModelFrame, ModelSettings } from '../../views/model/view';

/** The part of the page's model that a figure asks. */
export type ModelSource = Pick<ModelClient, 'load' | 'encode' | 'read' | 'next' | 'vocabulary' | 'parts' | 'ranks'>;

export interface ModelRunner {
  readonly frame: ReadonlySignal<ModelFrame>;
  /** Whether nothing is on its way. */
  readonly settled: ReadonlySignal<boolean>;
  dispose(): void;
}

/** Most tokens that the figure grows a text by at once. */
export const GROW = 60;

/** Ms that settings must stand before the model is asked: a slider passes over many. */
const STANDS_MS = 60;

interface Answer {
  text: string;
  labels: readonly string[];
  ids: readonly number[];
  reading?: Reading;
  plain?: Reading;
}

/**
 * @param settings what is asked; read until `dispose`
 * @param opening the text where the settings have none
 * @param needs which answers are wanted: a figure of counts alone asks for no pass
 */
export function createModelRunner(
  model: ModelSource,
  settings: ReadonlySignal<ModelSettings>,
  opening: string,
  needs: { pass: boolean; parts: boolean; cut: boolean },
): ModelRunner {
  const answer = signal<Answer>({ text: '', labels: [], ids: [] });
  const vocabulary = signal<readonly string[]>([]);
  const parts = signal<ModelFrame['parts']>(undefined);
  const config = signal<ModelFrame['config']>(undefined);
  const cut = signal<{ word: string; tokens: NonNullable<ModelFrame['cut']> } | undefined>(undefined);
  const grown = signal<readonly Grown[]>([]);
  const [growing, working] = [signal(false), signal(false)];
  /** The text has come to its end before it was as long as asked for. */
  const atEnd = signal(false);
  const progress = signal<number | undefined>(undefined);
  const error = signal<AttnError | undefined>(undefined);
  let ended = false;
  const tell = (thrown: unknown): void => {
    const found = asAttnError(thrown);
    if (!ended && found.code !== 'cancelled') error.value = found;
  };

  if (needs.pass) void model.vocabulary().then((all) => (vocabulary.value = all), tell);
  if (needs.parts) {
    void model.load().then((own) => (config.value = own), tell);
    void model.parts().then((all) => (parts.value = all), tell);
  }

  const stopReading = followReading({ model, settings, opening, needs, answer, progress, error, working, tell });
  const stopGrowing = followGrowth({ model, settings, answer, grown, growing, atEnd, tell });
  const stopCutting = effect(() => {
    const { word } = settings.value;
    if (!needs.cut || word === undefined) return;
    const current = word;
    void cutWord(model, current).then((tokens) => {
      if (!ended && settings.peek().word === current) cut.value = { word: current, tokens };
    }, tell);
  });

  const frame = signal(frameNow());
  function frameNow(): ModelFrame {
    const { text, labels, reading, plain } = answer.value;
    const last = Math.max(0, labels.length - 1);
    return {
      settings: settings.value,
      text: text || (settings.value.text ?? opening),
      labels,
      ...(reading && { reading }),
      ...(plain && { plain }),
      vocabulary: vocabulary.value,
      at: Math.min(settings.value.at ?? last, last),
      grown: grown.value,
      growing: growing.value,
      ...(progress.value !== undefined && { progress: progress.value }),
      ...(error.value && { error: error.value }),
      ...(config.value && { config: config.value }),
      ...(parts.value && { parts: parts.value }),
      ...(cut.value && { cut: cut.value.tokens }),
    };
  }
  const settled = signal(false);
  const stopFrame = effect(() => {
    frame.value = frameNow();
    const { reading } = answer.value;
    const { word } = settings.value;
    const read = !needs.pass || (reading !== undefined && vocabulary.value.length > 0);
    const counted = !needs.parts || (parts.value !== undefined && config.value !== undefined);
    const cutAll = !needs.cut || word === undefined || cut.value?.word === word;
    const allGrown = !needs.pass || grown.value.length >= settings.value.more || atEnd.value;
    settled.value = allGrown && !working.value && !growing.value && read && counted && cutAll;
  });

  return {
    frame,
    settled,
    dispose() {
      ended = true;
      for (const stop of [stopReading, stopGrowing, stopCutting, stopFrame]) stop();
    },
  };
}

interface Following {
  model: ModelSource;
  settings: ReadonlySignal<ModelSettings>;
  answer: Signal<Answer>;
  tell(thrown: unknown): void;
}

/** Keeps the passes at what the settings ask for. */
function followReading({
  model,
  settings,
  opening,
  needs,
  answer,
  progress,
  error,
  working,
  tell,
}: Following & {
  opening: string;
  needs: { pass: boolean };
  progress: Signal<number | undefined>;
  error: Signal<AttnError | undefined>;
  working: Signal<boolean>;
}): () => void {
  let asked = '';
  let plainKept: Reading | undefined;
  let end = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const ask = async (text: string, { options, cache }: ModelSettings, signalled: AbortSignal): Promise<void> => {
    const onProgress = (done: number): void => {
      if (!signalled.aborted) progress.value = done;
    };
    if (text.trim() === '') throw new AttnError('text-empty');
    const encoding = await model.encode(text);
    const ids = [...encoding.ids];
    const labels = encoding.labels;
    if (signalled.aborted) return;
    if (!needs.pass) {
      answer.value = { text, labels, ids };
      return;
    }
    const same = plainKept && plainKept.ids.length === ids.length && plainKept.ids.every((id, i) => id === ids[i]);
    const plain = same && plainKept ? plainKept : await model.read({ ids }, { signal: signalled, onProgress });
    plainKept = plain;
    const shorter = ids.slice(0, -1);
    const against = cache && shorter.length > 0 ? { ids: shorter, options } : { ids };
    const reading =
      isPlain(options) && !cache
        ? plain
        : await model.read({ ids, options, against }, { signal: signalled, onProgress });
    if (signalled.aborted) return;
    answer.value = { text, labels, ids, reading, plain };
  };

  const stop = effect(() => {
    const now = settings.value;
    const text = now.text ?? opening;
    const key = JSON.stringify([text, now.options, now.cache]);
    if (key === asked) return;
    const first = asked === '';
    asked = key;
    end.abort();
    const mine = (end = new AbortController());
    clearTimeout(timer);
    working.value = true;
    const go = (): void => {
      ask(text, now, mine.signal)
        .then(() => {
          if (!mine.signal.aborted) error.value = undefined;
        }, tell)
        .finally(() => {
          if (mine.signal.aborted) return;
          progress.value = undefined;
          working.value = false;
        })
        .catch(() => undefined);
    };
    timer = setTimeout(go, first ? 0 : STANDS_MS);
  });
  return () => {
    stop();
    end.abort();
    clearTimeout(timer);
  };
}

/** Grows the text by as many tokens as the settings ask for, from the position looked at on. */
function followGrowth({
  model,
  settings,
  answer,
  grown,
  growing,
  atEnd,
  tell,
}: Following & { grown: Signal<readonly Grown[]>; growing: Signal<boolean>; atEnd: Signal<boolean> }): () => void {
  let turn = 0;
  let from = '';

  const grow = async (ids: readonly number[], most: number, mine: number): Promise<void> => {
    const { sampling, seed } = settings.peek();
    const goesOn = (): boolean => mine === turn && grown.peek().length < most;
    while (goesOn()) {
      const all = [...ids, ...grown.peek().map(({ token }) => token)];
      if (all.length >= (answer.peek().reading?.config.context ?? all.length)) return;
      const next = await model.next(all, { layer: 0, head: 0 }, { ...sampling, seed });
      if (mine !== turn) return;
      if (next.token === DOCUMENT_TOKEN) return;
      grown.value = [...grown.peek(), { token: next.token, label: next.label, probability: next.probability }];
    }
  };

  const stop = effect(() => {
    const { sampling, seed, more, at } = settings.value;
    const { ids, reading } = answer.value;
    if (!reading || ids.length === 0) return;
    const prefix = ids.slice(0, Math.min(at ?? ids.length - 1, ids.length - 1) + 1);
    const key = JSON.stringify([prefix, sampling, seed]);
    const mine = ++turn;
    if (key !== from) grown.value = [];
    from = key;
    if (grown.peek().length >= more) {
      if (grown.peek().length > more) grown.value = grown.peek().slice(0, more);
      growing.value = false;
      return;
    }
    atEnd.value = false;
    growing.value = true;
    grow(prefix, more, mine)
      .catch(tell)
      .finally(() => {
        if (mine !== turn) return;
        atEnd.value = grown.peek().length < more;
        growing.value = false;
      })
      .catch(() => undefined);
  });
  return () => {
    stop();
    turn++;
  };
}

async function cutWord(model: ModelSource, word: string): Promise<NonNullable<ModelFrame['cut']>> {
  const { ids, labels } = await model.encode(word);
  const ranks = await model.ranks([...ids]);
  return labels.map((label, i) => ({ label, rank: ranks[i] }));
}
