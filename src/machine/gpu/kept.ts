// What is made once a session and kept for the next time it is asked for.
import type { Session } from './session';

/**
 * Keeps up to `limit` things a session, by key; the one not asked for the longest goes first. `forget` takes one away
 * again.
 */
export function keepBySession<T>(limit: number) {
  const bySession = new WeakMap<Session, Map<string, T>>();
  return {
    /** The thing of this key, made now if there is none. */
    get(session: Session, key: string, make: () => T): T {
      const kept = bySession.get(session) ?? new Map<string, T>();
      bySession.set(session, kept);
      const found = kept.get(key);
      const thing = found ?? make();
      if (found) kept.delete(key);
      kept.set(key, thing);
      for (const oldest of kept.keys()) {
        if (kept.size <= limit) break;
        kept.delete(oldest);
      }
      return thing;
    },
    forget(session: Session, key: string, thing: T): void {
      const kept = bySession.get(session);
      if (kept?.get(key) === thing) kept.delete(key);
    },
  };
}
