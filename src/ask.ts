// Questions to a worker, and its answers: numbered, with progress, and errors carried over with their codes. Both ends
// of the line.
import { asAttnError, AttnError, carriedOver, type Carried } from './errors';

/** What a worker's function has beside the question. */
export interface Reply {
  /** Tells whoever asked how much is done, from 0 to 1. */
  progress(done: number): void;
  /**
   * Buffers of the answer that are handed over, not copied: the worker puts them in, and has them no more afterwards.
   */
  readonly give: ArrayBuffer[];
}

/** The functions of a worker by name: each takes one question that can be cloned, and returns the answer or throws. */
export type Answers = Record<string, (question: never, reply: Reply) => unknown>;

export interface AskOptions {
  onProgress?: ((done: number) => void) | undefined;
  /** Buffers of the question that are handed over, not copied. */
  give?: readonly ArrayBuffer[];
}

/** The page's end. */
export interface Line<T extends Answers> {
  /**
   * Asks one function of the worker, which starts with the first question.
   * @throws AttnError what the function throws; `cancelled` once the line has ended; what `failed` makes where the
   * worker itself failed
   */
  ask<K extends keyof T & string>(
    name: K,
    question: Parameters<T[K]>[0],
    options?: AskOptions,
  ): Promise<Awaited<ReturnType<T[K]>>>;
  /** Ends the worker. What is under way, or asked for later, rejects with `cancelled`. */
  end(): void;
}

/** The part of a worker that the page's end uses. */
export type Port = Pick<Worker, 'postMessage' | 'terminate' | 'addEventListener'>;
/** The part of its own scope that the worker's end uses. */
export type WorkerScope = Pick<Worker, 'postMessage' | 'addEventListener'>;

interface Question {
  id: number;
  name: string;
  question: unknown;
}
type Message = { id: number; progress: number } | { id: number; answer: unknown } | { id: number; failed: Carried };

interface Waiting {
  resolve: (answer: unknown) => void;
  reject: (error: AttnError) => void;
  onProgress: ((done: number) => void) | undefined;
}

const brokeDown = (message: string): AttnError => new AttnError('unexpected', { message });

/**
 * A line to a worker that serves `T`.
 * @param start makes the worker: with the first question, and with the first one after it broke down
 * @param failed the error where its script did not load or threw outside of a function
 */
export function lineTo<T extends Answers>(
  start: () => Port,
  failed: (message: string) => AttnError = brokeDown,
): Line<T> {
  const waiting = new Map<number, Waiting>();
  let port: Port | undefined;
  let ended = false;
  let asked = 0;

  const hangUp = (error: AttnError): void => {
    port?.terminate();
    port = undefined;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };

  const receive = ({ data }: MessageEvent<Message>): void => {
    const waits = waiting.get(data.id);
    if ('progress' in data) return waits?.onProgress?.(data.progress);
    waiting.delete(data.id);
    if ('answer' in data) waits?.resolve(data.answer);
    else waits?.reject(carriedOver(data.failed));
  };

  const open = (): Port => {
    const made = start();
    made.addEventListener('message', receive);
    made.addEventListener('error', ({ message }) => {
      if (port === made) hangUp(failed(message || 'a worker failed'));
    });
    return made;
  };

  return {
    ask: (name, question, { onProgress, give = [] } = {}) => {
      if (ended) return Promise.reject(new AttnError('cancelled'));
      port ??= open();
      const to = port;
      const id = asked++;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve: resolve as Waiting['resolve'], reject, onProgress });
        to.postMessage({ id, name, question } satisfies Question, { transfer: [...give] });
      });
    },
    end() {
      ended = true;
      hangUp(new AttnError('cancelled'));
    },
  };
}

/** The worker's end: answers what is asked with the functions of that name, each in its own time. */
export function answerWith(answers: Answers, scope: WorkerScope = globalThis as unknown as WorkerScope): void {
  const send = (message: Message, transfer: ArrayBuffer[] = []): void => scope.postMessage(message, { transfer });
  const serve = async ({ id, name, question }: Question): Promise<void> => {
    const give: ArrayBuffer[] = [];
    try {
      const answer = await answers[name]!(question as never, { progress: (progress) => send({ id, progress }), give });
      send({ id, answer }, give);
    } catch (thrown) {
      const { code, details } = asAttnError(thrown);
      send({ id, failed: { code, details } });
    }
  };
  scope.addEventListener('message', (event) => void serve((event as MessageEvent<Question>).data));
}
