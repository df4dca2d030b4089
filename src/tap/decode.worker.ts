/** Decodes large captures in a worker, so that the page stays responsive. */
import { answerWith, type Reply } from '../ask';
import { buffersOf } from '../trace/buffers';
import type { CapturedWorkgroup } from '../trace/trace';
import { decodeWorkgroups } from './decode';
import type { Raw, Reading } from './decode';

const answers = {
  decode({ reading, raw }: { reading: Reading; raw: Raw }, { give }: Reply): CapturedWorkgroup[] {
    const captured = decodeWorkgroups(reading, raw);
    give.push(...buffersOf(captured));
    return captured;
  },
};

export type DecodeAnswers = typeof answers;
answerWith(answers);
