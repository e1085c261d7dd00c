import { alive } from '../support/people.ts';
import { seed } from '../support/seed.ts';
import { expect, test } from '../support/test.ts';
import { Thread } from '../support/thread.ts';

test('a theme is there at once, in the next document’s first bytes, and on no other device', async ({
  signUp,
}) => {
  const zoya = await signUp();
  const page = await zoya.open('/settings/appearance');
  const html = page.locator('html');
  const background = (): Promise<string> =>
    page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await background();
  await page.getByRole('radio', { name: 'Raat (dark)' }).check();
  await expect(html).toHaveAttribute('data-theme', 'raat');
  await expect.poll(background).not.toBe(light);
  const dark = await background();

  const answer = await page.context().request.get('/', { headers: { accept: 'text/html' } });
  expect(await answer.text()).toMatch(/<html[^>]* data-theme="raat"/);
  await page.reload();
  await alive(page);
  await expect(page.getByRole('radio', { name: 'Raat (dark)' })).toBeChecked();
  expect(await background()).toBe(dark);

  await page.getByRole('radio', { name: 'As the device' }).check();
  await expect(html).not.toHaveAttribute('data-theme');
  expect(await background()).toBe(light);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(background).toBe(dark);
});

test('the size of text changes messages and is remembered', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  await seed(bilal, conversation, ['how large am I?']);
  const page = await ayesha.open(path);
  const bubble = new Thread(page).message('how large am I?').locator('.bubble');
  const size = (): Promise<number> =>
    bubble.evaluate((node) => parseFloat(getComputedStyle(node).fontSize));
  const usual = await size();
  await page.goto('/settings/appearance');
  await alive(page);
  const slider = page.getByRole('slider', { name: 'Text size' });
  await slider.focus();
  for (let step = 0; step < 5; step += 1) {
    await page.keyboard.press('ArrowRight');
  }
  await expect(page.locator('html')).toHaveAttribute('data-size', '20');
  await page.goto(path);
  expect(await size()).toBeCloseTo((usual * 20) / 15, 0);
});
