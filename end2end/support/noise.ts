import type { BrowserContext } from '@playwright/test';

/** Loud enough to be found among what the browser itself writes. */
const MARK = 'policy violated:';

/**
 * What no page may do: break the Content Security Policy, throw, or write an error to the
 * console. A test that cuts the network says which errors it causes itself.
 */
export class Noise {
  readonly #heard: string[] = [];
  readonly #expected: RegExp[] = [];

  /** Errors like this belong to what the test does. */
  expect(...patterns: RegExp[]): void {
    this.#expected.push(...patterns);
  }

  /**
   * A connection that is cut or refused is written to the console by the browser itself, and a
   * part of the application that was on its way by what fetches it; it is asked for again.
   */
  expectBrokenConnections(): void {
    this.expect(
      /WebSocket connection to .* failed/,
      /net::ERR_/,
      /WebSocket is already in/,
      /Failed to fetch[^]*baatcheet-chunks/,
      /Response body loading was aborted[^]*baatcheet-chunks/,
    );
  }

  /** Whatever was heard and not expected. */
  get found(): string[] {
    const isExpected = (text: string): boolean =>
      !text.includes(MARK) && this.#expected.some((pattern) => pattern.test(text));
    return this.#heard.filter((text) => !isExpected(text));
  }

  /** Hears all pages of a browser, those that open later too. */
  async listen(context: BrowserContext): Promise<void> {
    context.on('console', (message) => {
      if (message.type() === 'error') {
        this.#heard.push(`${message.text()} (${message.location().url})`);
      }
    });
    context.on('weberror', (error) => {
      this.#heard.push(String(error.error().stack ?? error.error()));
    });
    await context.addInitScript((mark) => {
      document.addEventListener('securitypolicyviolation', (event) => {
        console.error(`${mark} ${event.effectiveDirective} ${event.blockedURI}`);
      });
    }, MARK);
  }
}
