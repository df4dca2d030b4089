// The lab's dictionary, spoken in one language.
import { speak, type Language } from '../../words';
import { stepWords } from './step.words';

export type Speech = ReturnType<typeof speakStep>;

export const speakStep = (language: Language) => speak(stepWords, language);
