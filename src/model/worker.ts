// The thread the model runs on: `service.ts` answers this worker's questions.
import { answerWith } from '../ask';
import { createService } from './service';

answerWith(createService((url) => fetch(url)));
