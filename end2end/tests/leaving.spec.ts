import type { Page } from '@playwright/test';
import { alive, PASSWORD, PHONE } from '../support/people.ts';
import { expect, test } from '../support/test.ts';
import { row } from '../support/thread.ts';

const PATH = '/settings/data';
/** The browser writes refused requests to the console by itself. */
const REFUSED = /the server responded with a status of (401|409|422)/;

const button = (page: Page) => page.getByRole('button', { name: 'Delete my account' });
const confirm = (page: Page) => page.getByLabel('Your username, to confirm');
const password = (page: Page) => page.getByLabel('Current password');

test('an account is deleted, and whoever talked with it sees that live', async ({ pair, noise }) => {
  noise.expect(REFUSED);
  const { ayesha, bilal, conversation, path } = pair;
  const device = await ayesha.device();
  await device.send(conversation, 'something to remember');
  await device.close();
  const his = await bilal.open(path);
  await expect(row(his, ayesha.name)).toBeVisible();

  const browser = await ayesha.browser();
  const page = await browser.newPage();
  await page.goto(PATH);
  await alive(page);
  // Neither by accident nor by somebody who found the device.
  await button(page).click();
  await expect(confirm(page)).toBeFocused();
  await confirm(page).fill('somebody');
  await password(page).fill(PASSWORD);
  await button(page).click();
  await expect(page.getByText('This is not your username.')).toBeVisible();
  await confirm(page).fill(ayesha.person.username);
  await password(page).fill('not my password');
  await button(page).click();
  await expect(page.getByText('This is not your current password.')).toBeVisible();
  await password(page).fill(PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/login/);

  await expect(his.getByRole('heading', { level: 1, name: 'Deleted account' })).toBeVisible();
  await expect(his.getByTestId('closed')).toContainText('This account was deleted.');
  await expect(his.getByText('something to remember').last()).toBeVisible();
  await expect(row(his, ayesha.name)).toHaveCount(0);
  await page.goto('/');
  await expect(page).toHaveURL(/\/login/);
});

test('on a phone the form is large enough and says what stays', async ({ pair }) => {
  const { ayesha } = pair;
  const browser = await ayesha.browser(PHONE);
  const page = await browser.newPage();
  await page.goto(PATH);
  await alive(page);
  await expect(page.getByText('What you wrote to others stays')).toBeVisible();
  const box = await button(page).boundingBox();
  expect(box?.height).toBeGreaterThanOrEqual(44);
  await button(page).tap();
  await expect(confirm(page)).toHaveAttribute('aria-invalid', 'true');
});
