// The worker that the model runs in: `service.ts` answers its messages.
import { answerWith } from '../ask';
import { createService } from './service';

answerWith(createService((url) => fetch(url)));
