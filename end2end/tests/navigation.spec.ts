import { alive, PHONE } from '../support/people.ts';
import { expect, test } from '../support/test.ts';
import { row, Thread } from '../support/thread.ts';

test('on a phone one pane is shown, and Back leads to the list and the row left', async ({
  pair,
}) => {
  const page = await pair.ayesha.open('/', PHONE);
  const main = page.getByRole('main');
  const list = page.getByRole('navigation', { name: 'Conversations' });
  await row(page, pair.bilal.name).tap();
  await expect(page).toHaveURL(pair.path);
  await expect(main).toBeVisible();
  await expect(list).toBeHidden();

  await page.getByRole('link', { name: 'Back' }).tap();
  await expect(page).toHaveURL('/');
  await expect(list).toBeVisible();
  await expect(row(page, pair.bilal.name)).toBeFocused();

  await row(page, pair.bilal.name).tap();
  await expect(list).toBeHidden();
  await page.goBack();
  await expect(list).toBeVisible();
  await page.goForward();
  await expect(new Thread(page).composer).toBeVisible();
});

test('Escape closes the pane of a narrow window last of all', async ({ pair }) => {
  const page = await pair.ayesha.open('/', { viewport: { width: 600, height: 800 } });
  await row(page, pair.bilal.name).click();
  const thread = new Thread(page);
  await expect(thread.composer).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL('/');
  await expect(row(page, pair.bilal.name)).toBeFocused();
});

test('changing quickly between conversations never shows one as the other', async ({
  pair,
  signUp,
}) => {
  const { ayesha, bilal, conversation } = pair;
  const sana = await signUp('Sana');
  const other = await ayesha.openDirect(sana);
  await (await bilal.device()).send(conversation, 'from Bilal');
  await (await sana.device()).send(other, 'from Sana');
  const page = await ayesha.open('/');
  const thread = new Thread(page);
  for (let round = 0; round < 4; round += 1) {
    await row(page, bilal.name).click({ noWaitAfter: true });
    await row(page, sana.name).click({ noWaitAfter: true });
  }
  await thread.endsWith('from Sana');
  await expect(thread.messages).toHaveCount(1);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(sana.name);
  await row(page, bilal.name).click();
  await thread.endsWith('from Bilal');
  await expect(thread.messages).toHaveCount(1);
});

test('somebody else’s conversation and one that never was look the same', async ({
  noise,
  pair,
  signUp,
}) => {
  noise.expect(/status of 404/);
  const stranger = await signUp('Sana');
  const page = await stranger.open(pair.path);
  const first = await page.getByRole('main').innerText();
  expect(first).toContain('Not visible to you');
  await page.goto(`/c/${'0'.repeat(26)}`);
  await alive(page);
  expect(await page.getByRole('main').innerText()).toBe(first);
  await page.getByRole('main').getByRole('link', { name: 'To your conversations' }).click();
  await expect(page).toHaveURL('/');
});
