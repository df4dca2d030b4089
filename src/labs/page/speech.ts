// The lab's dictionary in one language.
import { speak, type Language } from '../../words';
import { pageWords } from './page.words';

export type PageSpeech = ReturnType<typeof speakPage>;

export const speakPage = (language: Language) => speak(pageWords, language);
