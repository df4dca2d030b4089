// Files that come in and go out: traces, and what holds tensors.
import { asAttnError, AttnError } from '../errors';
import { readTrace } from '../trace/file';
import { MAX_BYTES } from '../trace/file-format';
import type { Engine } from './engine/engine';
import { keepImport } from './engine/imports';
import { clearErrors, tell } from './messages/messages';
import type { State } from './state';

/**
 * Files that hold tensors, or claim to: what cannot be read of them is told as such. Any other file that is dropped is
 * read as a trace.
 */
const TENSOR_NAME = /\.(?:npy|npz|safetensors|pt|pth)$/i;

export interface Files {
  /** Saves the trace on screen. */
  exportTrace(): Promise<void>;
  /** Reads a trace and shows it; what is wrong with it is told. The newest one wins. */
  importTrace(file: File): Promise<void>;
  drop(event: DragEvent): void;
}

export interface FilesEnv {
  /** A trace is about to be shown. */
  shows(): void;
  /** What the lab on screen does with a dropped file, where it takes some itself. */
  drop(): ((file: File) => void) | undefined;
}

export function createFiles(state: State, engine: Engine, env: FilesEnv): Files {
  let imports = 0;

  const importTrace = async (file: File): Promise<void> => {
    try {
      // What is too large is refused before any of it is read.
      if (file.size > MAX_BYTES) throw new AttnError('trace-oversized', { bytes: file.size, limit: MAX_BYTES });
      const mine = ++imports;
      const trace = await readTrace(await file.arrayBuffer());
      if (mine !== imports) return;
      env.shows();
      clearErrors(state.messages, 'trace-');
      engine.show(keepImport(file.name, trace));
    } catch (thrown) {
      tell(state.messages, { kind: 'error', error: asAttnError(thrown) });
    }
  };

  /** Tensors are looked at in the Step lab, or in the one that compares its runs. */
  const openTensors = (files: readonly File[]): void => {
    if (state.lab.peek() === 'time') state.lab.value = 'step';
    engine.actions.openTensors(files);
  };

  return {
    importTrace,
    async exportTrace() {
      const trace = state.trace.peek();
      if (!trace) return;
      const { writeTrace } = await import('../trace/file-write');
      const { kernel, shape } = trace.header.run;
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob([writeTrace(trace)]));
      link.download = `${kernel}-${shape.keys}x${shape.dim}.attn`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    },
    drop(event) {
      event.preventDefault();
      const files = [...(event.dataTransfer?.files ?? [])];
      const [file] = files;
      if (!file) return;
      if (files.some(({ name }) => TENSOR_NAME.test(name))) return openTensors(files);
      const drop = env.drop();
      if (drop) drop(file);
      else void importTrace(file);
    },
  };
}
