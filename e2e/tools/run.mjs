// @ts-check
/** Runs a command to its end, with a time limit, for the scripts that must work before anything is installed. */
import { spawn } from 'node:child_process';
import process from 'node:process';

/**
 * Runs a command with this process's input and output.
 * @param {string} command
 * @param {string[]} args
 * @param {{ timeout?: number, env?: Record<string, string>, onOutput?: (text: string) => void, quiet?: boolean }}
 * [options] timeout in ms; onOutput also receives what the command prints (it then no longer sees a terminal), or alone
 * does when `quiet`
 * @returns {Promise<{ code: number, why: string }>} code 0 when it succeeded; why says how it ended
 */
export function run(command, args, { timeout, env, onOutput, quiet = false } = {}) {
  return new Promise((resolve) => {
    const piped = onOutput ? 'pipe' : 'inherit';
    // npm is a .cmd file on Windows, which only a shell starts.
    const shell = process.platform === 'win32' && command === 'npm';
    // A process group of its own, so that the time limit also ends what the command started.
    const detached = timeout !== undefined && process.platform !== 'win32';
    const child = spawn(command, args, {
      stdio: ['inherit', piped, piped],
      env: { ...process.env, ...env },
      shell,
      detached,
    });
    const end = (/** @type {NodeJS.Signals} */ signal) => {
      if (detached && child.pid) process.kill(-child.pid, signal);
      else child.kill(signal);
    };
    // When this script is ended, the command is ended, too.
    const leave = (/** @type {NodeJS.Signals} */ signal) => {
      end(signal);
      // A little later, so that other commands that run at the same time end theirs first.
      setImmediate(() => process.exit(1));
    };
    process.once('SIGINT', leave).once('SIGTERM', leave);
    const done = () => {
      clearTimeout(timer);
      process.off('SIGINT', leave).off('SIGTERM', leave);
    };
    let late = false;
    const timer =
      timeout === undefined
        ? undefined
        : setTimeout(() => {
            late = true;
            end('SIGKILL');
          }, timeout);
    child.stdout?.on('data', (data) => {
      if (!quiet) process.stdout.write(data);
      onOutput?.(String(data));
    });
    child.stderr?.on('data', (data) => {
      if (!quiet) process.stderr.write(data);
      onOutput?.(String(data));
    });
    child.on('error', (error) => {
      done();
      resolve({ code: 1, why: error.message });
    });
    child.on('close', (code, signal) => {
      done();
      resolve({
        code: code ?? 1,
        why: late ? `not done after ${(timeout ?? 0) / 1000} s` : (signal ?? `exit code ${code}`),
      });
    });
  });
}
