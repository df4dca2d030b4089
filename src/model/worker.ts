// The thread the model runs on: `service.ts` wired to this worker's messages.
import type { Request } from './service';
import { createService } from './service';

const serve = createService(
  (reply, transfer) => postMessage(reply, { transfer }),
  (url) => fetch(url),
);

addEventListener('message', (event: MessageEvent<Request>) => void serve(event.data));
