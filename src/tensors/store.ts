// Files that the visitor opened, stored in this browser (IndexedDB) by their SHA-256, so that a link can use them
// again. They are sent nowhere.
import { clear, createStore, get, set, type UseStore } from 'idb-keyval';
import { AttnError, messageOf } from '../errors';

/** SHA-256 of bytes, 64 hexadecimal digits. Needs a secure context, as WebGPU does. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** A stored file. */
export interface KeptFile {
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
}

export interface FileStore {
  /** Stores a file. Throws `storage-full` (file, bytes) or `storage-refused` (file, reason). */
  put(hash: string, file: KeptFile): Promise<void>;
  /** The file with this hash; undefined when it is not stored here. */
  get(hash: string): Promise<KeptFile | undefined>;
  /** Removes all files. */
  clear(): Promise<void>;
}

/** Opened when first needed, because a browser may refuse. */
export function createFileStore(): FileStore {
  let store: UseStore | undefined;
  const open = (): UseStore => (store ??= createStore('attnscope-tensors', 'files'));
  return {
    async put(hash, file) {
      try {
        await set(hash, file, open());
      } catch (thrown) {
        if (thrown instanceof DOMException && thrown.name === 'QuotaExceededError')
          throw new AttnError('storage-full', { file: file.name, bytes: file.bytes.length });
        throw new AttnError('storage-refused', { file: file.name, reason: messageOf(thrown) });
      }
    },
    async get(hash) {
      try {
        return await get<KeptFile>(hash, open());
      } catch {
        return undefined;
      }
    },
    clear: () => clear(open()),
  };
}
