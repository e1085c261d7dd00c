import type { Page } from '@playwright/test';
import { alive, PHONE } from '../support/people.ts';
import { seed, seedRead } from '../support/seed.ts';
import { expect, test } from '../support/test.ts';
import { numbered, row, Thread } from '../support/thread.ts';

test('the newest messages are painted before any WebAssembly runs', async ({ noise, pair }) => {
  noise.expect(/net::ERR_FAILED/, /Failed to fetch/, /wasm/i);
  const { ayesha, bilal, conversation, path } = pair;
  await seedRead(bilal, ayesha, conversation, numbered(60));
  for (const options of [{}, PHONE]) {
    const browser = await ayesha.browser(options);
    const page = await browser.newPage();
    let blocked = 0;
    await page.route(/\.wasm(\?|$)/, async (route) => {
      blocked += 1;
      await route.abort();
    });
    await page.goto(path);
    const thread = new Thread(page);
    await expect(thread.message('message 60')).toBeInViewport();
    await thread.endsWith(...numbered(20, 41));
    expect(await thread.distance()).toBe(0);
    await expect(page.getByRole('heading', { name: bilal.name, level: 1 })).toBeVisible();
    await expect.poll(() => blocked).toBeGreaterThan(0);
    await expect(page.locator('html[data-hydrated]')).toHaveCount(0);
    await browser.close();
  }
});

test('taking the page over moves and changes nothing that was painted', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  await seedRead(bilal, ayesha, conversation, numbered(60));
  const browser = await ayesha.browser({ timezoneId: 'UTC', locale: 'en-GB' });
  const page = await browser.newPage();
  const letThrough = await holdBack(page);
  await page.goto(path, { waitUntil: 'commit' });
  const thread = new Thread(page);
  const last = thread.message('message 60');
  await expect(last).toBeInViewport();
  await page.evaluate(() => document.fonts.ready);
  const before = await thread.top(last);
  await last.evaluate((node: HTMLElement) => {
    node.dataset.probe = 'painted';
  });
  letThrough();
  await page.locator('html[data-hydrated]').waitFor({ state: 'attached' });
  await expect(last).toHaveAttribute('data-probe', 'painted');
  expect(Math.abs((await thread.top(last)) - before)).toBeLessThanOrEqual(1);
});

test('what is written before the page is alive is not lost by sending it', async ({ pair }) => {
  const page = await (await pair.ayesha.browser(PHONE)).newPage();
  const letThrough = await holdBack(page);
  await page.goto(pair.path, { waitUntil: 'commit' });
  const thread = new Thread(page);
  await thread.composer.fill('typed early');
  // Whatever the button says of itself: a finger lands on it.
  await thread.send.tap({ force: true });
  letThrough();
  await alive(page);
  await expect(page).toHaveURL(pair.path);
  await expect(thread.composer).toHaveValue('typed early');
  await thread.send.tap();
  await thread.endsWith('typed early');
});

test('the list is in the first answer too', async ({ pair }) => {
  const { ayesha, bilal, conversation } = pair;
  await seed(bilal, conversation, ['are you coming?']);
  const browser = await ayesha.browser();
  const html = await (await browser.request.get('/')).text();
  expect(html).toContain('are you coming?');
  expect(html).toContain(bilal.name);
  const page = await ayesha.open('/');
  await expect(row(page, bilal.name)).toContainText('are you coming?');
});

/** Holds the page's WebAssembly back until the function that is returned is called. */
async function holdBack(page: Page): Promise<() => void> {
  let letThrough: () => void = () => undefined;
  const wait = new Promise<void>((resolve) => {
    letThrough = resolve;
  });
  await page.route(/\.wasm(\?|$)/, async (route) => {
    await wait;
    await route.continue();
  });
  return () => letThrough();
}
