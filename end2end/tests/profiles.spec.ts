import type { BrowserContextOptions, Locator, Page } from '@playwright/test';
import { expectAccessible } from '../support/axe.ts';
import { Details } from '../support/group.ts';
import { PHONE } from '../support/people.ts';
import { expect, test } from '../support/test.ts';
import { Thread } from '../support/thread.ts';

const STATUS = '/settings/status';
const DESK: BrowserContextOptions = { viewport: { width: 1440, height: 900 } };

const own = (page: Page): Locator => page.getByTestId('own-status');
const header = (page: Page): Locator => new Thread(page).header;

test('a status is set with one tap, seen at once, and cleared with one press', async ({ pair }) => {
  const { ayesha, bilal, path } = pair;
  const his = await bilal.open(path, DESK);
  await expect(header(his)).toBeVisible();
  const hers = await ayesha.open('/', PHONE);
  await hers.getByRole('link', { name: /^Change your status/ }).tap();
  await expect(hers).toHaveURL(STATUS);
  await expect(own(hers)).toHaveText('You have no status now.');
  await hers.getByRole('button', { name: /In a meeting/ }).tap();
  await expect(own(hers)).toContainText('In a meeting');
  await expect(own(hers)).toContainText('Until');
  await expect(header(his)).toContainText('In a meeting');
  await expectAccessible(hers, 'the page of the status');
  await own(hers).getByRole('button', { name: 'Clear status' }).tap();
  await expect(own(hers)).toHaveText('You have no status now.');
  await expect(hers.getByRole('heading', { name: 'Your status' })).toBeFocused();
  await expect(header(his)).not.toContainText('In a meeting');
});

test('by keyboard: not to be disturbed and invisible are seen by others and on all devices', async ({ pair }) => {
  const { ayesha, bilal, path } = pair;
  const [his, hers, list] = await Promise.all([
    bilal.open(path, DESK),
    ayesha.open(STATUS, DESK),
    ayesha.open('/', PHONE),
  ]);
  await expect(header(his)).toContainText('online');
  await hers.getByRole('radio', { name: 'Automatic' }).focus();
  await hers.keyboard.press('ArrowDown');
  await expect(hers.getByRole('radio', { name: 'Do not disturb' })).toBeChecked();
  await hers.keyboard.press('Tab');
  await expect(hers.getByRole('combobox', { name: 'For how long' }).last()).toBeFocused();
  await hers.keyboard.press('Tab');
  await hers.keyboard.press('Enter');
  await expect(header(his)).toContainText('do not disturb');
  await expect(list.getByRole('link', { name: /^Change your status · Do not disturb/ })).toBeVisible();
  await expectAccessible(his, 'the header');

  await hers.getByRole('radio', { name: 'Invisible' }).focus();
  await hers.keyboard.press('Space');
  await hers.keyboard.press('Enter');
  await expect(list.getByRole('link', { name: /^Change your status · Invisible/ })).toBeVisible();
  await expect(header(his)).toContainText('last seen', { timeout: 20_000 });
});

test('without script somebody says something of themselves, and others read it on the profile', async ({ pair }) => {
  const { ayesha, bilal, path } = pair;
  const about = 'چائے اور کرکٹ </textarea><b>&lt;';
  const plain = await ayesha.open('/settings/account', { javaScriptEnabled: false });
  await plain.getByRole('textbox', { name: 'About you' }).fill(about);
  await plain.getByRole('button', { name: 'Save text' }).click();
  await expect(plain.getByText('The text is saved.')).toBeVisible();
  await expect(plain.getByRole('textbox', { name: 'About you' })).toHaveValue(about);
  await plain.goto(STATUS);
  await plain.getByRole('textbox', { name: 'What are you up to?' }).fill('at the market');
  await plain.getByRole('button', { name: 'Set status' }).click();
  await expect(plain).toHaveURL(STATUS);
  await expect(own(plain)).toContainText('at the market');

  const his = await bilal.open(path, PHONE);
  await header(his).getByRole('link', { name: 'Profile' }).tap();
  const profile = his.getByTestId('profile');
  await expect(profile.getByRole('heading', { name: ayesha.name })).toBeVisible();
  await expect(profile.getByTestId('about')).toHaveText(about);
  await expect(profile).toContainText('at the market');
  await expectAccessible(his, 'the profile');
  await profile.getByRole('button', { name: 'Write a message' }).tap();
  await expect(his).toHaveURL(path);
});

test('where nobody is, that is said', async ({ noise, pair }) => {
  noise.expect(/404 \(Not Found\)/);
  const { ayesha } = pair;
  const page = await ayesha.open(`/people/${'0'.repeat(26)}`);
  await expect(page.getByTestId('nobody')).toContainText('There is nobody here.');
  await page.getByRole('link', { name: 'To your conversations' }).click();
  await expect(page).toHaveURL('/');
});

for (const [name, screen] of [
  ['phone', PHONE],
  ['desk', DESK],
] as const) {
  test(`in a group the profile and the actions stand beside the name: ${name}`, async ({ pair }) => {
    const { ayesha, bilal } = pair;
    const group = await ayesha.createGroup('Cricket', [bilal]);
    const page = await ayesha.open(`/c/${group}/info`, screen);
    const line = new Details(page).member(bilal).locator('.member-line');
    await expect(line.getByRole('button', { name: /^Actions for/ })).toBeVisible();
    const middle = async (of: Locator): Promise<number> => {
      const { y, height } = (await of.boundingBox()) ?? { y: 0, height: 0 };
      return y + height / 2;
    };
    const avatar = await middle(line.locator('.avatar'));
    expect(await middle(line.getByRole('link'))).toBeCloseTo(avatar, 0);
    expect(await middle(line.getByRole('button'))).toBeCloseTo(avatar, 0);
  });
}
