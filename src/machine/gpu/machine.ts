/** The GPU as a machine. */
import type { Machine } from '../machine';
import { answerOn } from './answer';
import { openCapture, warmCapture } from './capture';
import type { Session } from './session';

/** The device of an open session. Once that is lost, every call rejects with `device-lost`. */
export const gpuMachine = (session: Session): Machine => ({
  kind: 'gpu',
  provenance: 'this-device',
  limits: session.limits,
  run: (run, inputs, options) => answerOn(session, run, inputs, options),
  capture: (run, inputs, meta, options) => openCapture(session, run, inputs, meta, options),
  warm: (run) => warmCapture(session, run),
});
