import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** The line the server prints when it answers. */
const READY = /ready at http:\/\/127\.0\.0\.1:(\d+)/;
/** A database that was killed is read again before the server answers. */
const START_MS = 40_000;
const STOP_MS = 10_000;

function needed(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') {
    throw new Error(`${name} is not set; \`cargo xtask test browser\` sets it`);
  }
  return path.resolve(value);
}

/** The real server with a database of its own in the system's folder for temporary files. */
export class Server {
  readonly #folder: string;
  #process: ChildProcess | undefined;
  #port = 0;
  #output = '';

  readonly #settings: Record<string, string>;

  private constructor(folder: string, settings: Record<string, string>) {
    this.#folder = folder;
    this.#settings = settings;
  }

  /** `settings` stand over those that most tests need. */
  static async start(settings: Record<string, string> = {}): Promise<Server> {
    const folder = await mkdtemp(path.join(tmpdir(), 'baatcheet-e2e-'));
    const server = new Server(folder, settings);
    await server.#spawn();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** What it has written so far; for the report of a failed test. */
  get output(): string {
    return this.#output;
  }

  /** Kills it as a power failure would, and waits until it is gone. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Starts it again on the same data and port. */
  async restart(): Promise<void> {
    await this.#spawn();
  }

  /** Stops it in order and removes its data. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #spawn(): Promise<void> {
    const own = Object.entries(process.env).filter(([name]) => !name.startsWith('BAATCHEET_'));
    const child = spawn(needed('E2E_SERVER'), [], {
      cwd: this.#folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...Object.fromEntries(own),
        BAATCHEET_LISTEN: `127.0.0.1:${this.#port}`,
        BAATCHEET_DATA_DIR: path.join(this.#folder, 'data'),
        BAATCHEET_SITE_ROOT: needed('E2E_SITE'),
        // All people of all tests come from one address.
        BAATCHEET_LIMITS_RATE_LIMITS: 'false',
        // They write to each other without more ado.
        BAATCHEET_MESSAGE_REQUESTS: 'false',
        ...this.#settings,
      },
    });
    this.#process = child;
    await new Promise<void>((resolve, reject) => {
      let line = '';
      const timer = setTimeout(() => reject(this.#failure('did not get ready')), START_MS);
      const read = (chunk: Buffer): void => {
        this.#output += chunk.toString();
        line += chunk.toString();
        const port = READY.exec(line)?.[1];
        if (port !== undefined) {
          this.#port = Number(port);
          clearTimeout(timer);
          resolve();
        }
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.once('error', reject);
      child.once('exit', (code, signal) => {
        clearTimeout(timer);
        reject(this.#failure(`ended with ${code ?? signal}`));
      });
    });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) {
      return;
    }
    const ended = once(child, 'exit');
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(timer);
    if (signal === 'SIGTERM' && child.exitCode !== 0) {
      throw this.#failure('did not stop in order');
    }
  }

  #failure(what: string): Error {
    return new Error(`the server ${what}:\n${this.#output}`);
  }
}
