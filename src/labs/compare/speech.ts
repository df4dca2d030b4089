// The Compare lab's dictionary in one language.
import { speak, type Language, type Widened } from '../../words';
import { compareWords } from './compare.words';

export type CompareSpeech = Widened<typeof compareWords>;

export const speakCompare = (language: Language): CompareSpeech => speak(compareWords, language);
