// The lab's dictionary, spoken in one language.
import { speak, type Language } from '../../words';
import { timeWords } from './time.words';

export type TimeSpeech = ReturnType<typeof speakTime>;

export const speakTime = (language: Language) => speak(timeWords, language);
