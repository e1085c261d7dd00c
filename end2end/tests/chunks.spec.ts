import { alive, PHONE } from '../support/people.ts';
import { expect, test } from '../support/test.ts';

/** Files that hold a part of the application which is not the core. */
const PARTS = /\/pkg\/(split|chunk)_[^/]*\.wasm$/;

const complete = 'html[data-complete]';

test('a page whose code cannot be fetched says so, and is tried again', async ({ pair, noise }) => {
  noise.expectBrokenConnections();
  noise.expect(/wasm/i);
  const { ayesha, path } = pair;
  const context = await ayesha.browser();
  const page = await context.newPage();
  let blocked = true;
  await page.route(PARTS, (route) => (blocked ? route.abort() : route.continue()));
  await page.goto(path);
  await alive(page);
  await page.locator('a[href="/settings"]').first().click();
  await expect(page.getByTestId('refused')).toContainText('The server cannot be reached');
  // Everything else works on.
  await expect(page.locator('.conversation').first()).toBeVisible();
  blocked = false;
  await page.getByRole('button', { name: 'Retry' }).click();
  await expect(page.getByRole('navigation', { name: 'Sections' })).toBeVisible();
});

test('until its code is here a page from the server works without a script', async ({ pair, noise }) => {
  noise.expectBrokenConnections();
  noise.expect(/wasm/i);
  const { ayesha } = pair;
  const context = await ayesha.browser();
  const page = await context.newPage();
  let blocked = true;
  await page.route(PARTS, (route) => (blocked ? route.abort() : route.continue()));
  const refused = page.waitForEvent('requestfailed', (request) => PARTS.test(request.url()));
  await page.goto('/settings/language');
  await refused;
  await expect(page.locator('html')).not.toHaveAttribute('data-hydrated');
  await expect(page.getByRole('heading', { name: 'Language' })).toBeVisible();
  blocked = false;
  await alive(page);
});

test('once all is here, every page opens without the network', async ({ pair, noise }) => {
  noise.expectBrokenConnections();
  const { ayesha, path } = pair;
  const page = await ayesha.open(path, PHONE);
  await expect(page.locator(complete)).toBeAttached();
  await page.context().setOffline(true);
  await page.getByRole('link', { name: 'Back' }).first().tap();
  await page.locator('a[href="/settings"]').first().tap();
  await expect(page.getByRole('navigation', { name: 'Sections' })).toBeVisible();
});
