// What a place of a lesson says in a language: workloads have texts of their own.
import type { Language } from '../words';

/** The fragment in a language: `{-zh}` stands for the Chinese one of two that are told alike. */
export const inLanguage = (fragment: string, language: Language): string =>
  fragment.replaceAll('{-zh}', language === 'zh' ? '-zh' : '');
