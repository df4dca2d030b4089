/** For tests: both ends of a line in one thread. */
import { answerWith, type Answers, type Port } from '../ask';

/** A port whose other end answers; messages are cloned and arrive later, as with a real worker. */
export function inMemory(answers: Answers): Port {
  const [page, worker] = [new EventTarget(), new EventTarget()];
  let open = true;
  const carrier = (to: EventTarget) => (message: unknown, options?: StructuredSerializeOptions | Transferable[]) => {
    const data: unknown = structuredClone(message, Array.isArray(options) ? { transfer: options } : options);
    setTimeout(() => open && to.dispatchEvent(new MessageEvent('message', { data })));
  };
  answerWith(answers, { postMessage: carrier(page), addEventListener: worker.addEventListener.bind(worker) });
  return {
    postMessage: carrier(worker),
    terminate: () => (open = false),
    addEventListener: page.addEventListener.bind(page),
  };
}
