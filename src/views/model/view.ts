// The contract of a picture of the small model: what it is given, what it reports back. It holds no state of its own.
import type { NetId, PartId } from '../../model/ledger';
import type { PassOptions } from '../../model/options';
import type { HeadChoice } from '../../model/passage';
import type { Reading } from '../../model/reading';
import type { Sampling } from '../../model/sampling';
import type { ModelConfig } from '../../model/weights';
import type { Theme } from '../../ui/palette';
import type { Language } from '../../words';
import type { AttnError } from '../../errors';

/** Sizes of the network that is counted, where they differ from the one that is named. */
export interface NetChange {
  readonly width?: number;
  readonly layers?: number;
  readonly vocabulary?: number;
  /** Width of the FFN over d. */
  readonly factor?: number;
}

/** All that can be set, and that a link carries. */
export interface ModelSettings {
  /** Absent: the passage that the page opens with. */
  readonly text?: string;
  /** What the pass does otherwise. */
  readonly options: PassOptions;
  /** Position of the token whose next one is looked at; absent: the last. */
  readonly at?: number;
  readonly sampling: Sampling;
  readonly seed: number;
  /** Tokens that the text is grown by, from `at` on. */
  readonly more: number;
  /** Holds the pass against the one without the last token, not against the plain one: what a KV cache relies on. */
  readonly cache?: boolean;
  readonly net: NetId;
  readonly sizes: NetChange;
  /** Merges that are shown. */
  readonly merges: number;
  /** The word that is cut by the tokenizer. */
  readonly word?: string;
}

/** A token that the text was grown by. */
export interface Grown {
  readonly token: number;
  readonly label: string;
  /** What the model gave it, at temperature 1. */
  readonly probability: number;
}

export interface ModelFrame {
  readonly settings: ModelSettings;
  /** The text that is read, also while it is read. */
  readonly text: string;
  /** Labels of its tokens; those of `reading` are the same but while a new text is on its way. */
  readonly labels: readonly string[];
  /** Absent until the model answered. */
  readonly reading?: Reading;
  /** The plain pass over the same tokens; the very reading where nothing is changed. */
  readonly plain?: Reading;
  /** A label for every token there is. */
  readonly vocabulary: readonly string[];
  /** Position looked at, within the reading. */
  readonly at: number;
  readonly grown: readonly Grown[];
  readonly growing: boolean;
  /** How much of the pass is done, 0 to 1; absent when it stands. */
  readonly progress?: number;
  readonly error?: AttnError;
  /** The model's own sizes, once they are known. */
  readonly config?: ModelConfig;
  /** Numbers in the weights file, by part. */
  readonly parts?: Readonly<Partial<Record<PartId, number>>>;
  /** The word's tokens, with the rank of the merge that made each. */
  readonly cut?: readonly { readonly label: string; readonly rank: number | undefined }[];
}

/** Some settings; undefined = at its default. */
export type ModelChange = { readonly [K in keyof ModelSettings]?: ModelSettings[K] | undefined };

export interface ModelEvents {
  set(change: ModelChange): void;
  /** Grows the text until `most` more, or ends that. */
  grow(on: boolean): void;
}

export interface ModelViewEnv {
  readonly language: Language;
  readonly theme: Theme;
  readonly motion: boolean;
  readonly on: ModelEvents;
  /** What may be set by hand: ids of the controls; absent: all. */
  readonly controls?: readonly string[];
  /** The link that opens a head in the Step lab. */
  headLink(head: HeadChoice): string;
}

export interface MountedModelView {
  draw(frame: ModelFrame): void;
  dispose(): void;
}

export interface ModelView {
  id: string;
  title: Record<Language, string>;
  /** Style sheet text; every selector starts with the view's own class `.view-ID`. */
  css: string;
  /** One paragraph for screen readers: what the picture shows now. */
  describe(frame: ModelFrame, language: Language): string;
  mount(host: HTMLElement, env: ModelViewEnv): MountedModelView;
}
