// The texts that the page opens with, and the head it shows first. Neither text was in the training data.

/** Default passages by language, both public domain and at least 64 tokens. */
export const PASSAGES = {
  /** Moby-Dick, chapter 36, which was held out: "Whosoever of ye raises me" occurs three times. */
  en: 'Whosoever of ye raises me a white-headed whale with a wrinkled brow and a crooked jaw; whosoever of ye raises me that white-headed whale, with three holes punctured in his starboard fluke—look ye, whosoever of ye raises me that same white whale, he shall have this gold ounce, my boys!',
  /** 崔颢《黄鹤楼》, not among the poems that were trained on: 黄鹤 occurs three times. */
  zh: '昔人已乘黄鹤去，此地空余黄鹤楼。黄鹤一去不复返，白云千载空悠悠。晴川历历汉阳树，芳草萋萋鹦鹉洲。日暮乡关何处是，烟波江上使人愁。',
} as const;

/** A layer and head, both counted from 0. */
export interface HeadChoice {
  readonly layer: number;
  readonly head: number;
}

/**
 * The head shown first with each passage, chosen by looking at all of them. en: an induction head (Olsson et al. 2022).
 * In the second and third "whosoever of ye raises me" every token looks at what followed it the time before: stripes
 * parallel to the diagonal. zh: a line head. Every character looks at the mark that ended the previous half-line: a
 * staircase.
 */
export const DEFAULT_HEAD: Readonly<Record<keyof typeof PASSAGES, HeadChoice>> = {
  en: { layer: 3, head: 2 },
  zh: { layer: 2, head: 2 },
};
