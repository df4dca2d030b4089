/**
 * A plain host, like free ones: any sub-path, no headers but the type, and a build that can be changed or removed while
 * the page is open.
 */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';

export interface Host {
  /** The page's address, ending in a slash. */
  url: string;
  /** Serves another folder from now on. */
  serve(folder: string): void;
  /** Paths of files to answer as missing. */
  missing: Set<string>;
  /** How often each path was requested. */
  asked: Map<string, number>;
  /** Stops answering. */
  close(): Promise<void>;
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};

/** Serves a built page below `path`. */
export async function plainHost(folder: string, path = '/some/where/'): Promise<Host> {
  let served = folder;
  const missing = new Set<string>();
  const asked = new Map<string, number>();
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://host');
    const file = pathname.startsWith(path) ? pathname.slice(path.length) || 'index.html' : '';
    asked.set(file, (asked.get(file) ?? 0) + 1);
    const at = join(served, file);
    if (file === '' || missing.has(file) || !existsSync(at) || !statSync(at).isFile())
      return response.writeHead(404).end();
    response.writeHead(200, { 'Content-Type': types[extname(file)] ?? 'application/octet-stream' });
    return createReadStream(at).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address() as AddressInfo;
  let closed = false;
  return {
    url: `http://localhost:${port}${path}`,
    serve: (other) => (served = other),
    missing,
    asked,
    close: async () => {
      if (closed) return;
      closed = true;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
