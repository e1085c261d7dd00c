import type { Page } from '@playwright/test';
import { alive, PHONE } from '../support/people.ts';
import { expect, test } from '../support/test.ts';
import { Thread } from '../support/thread.ts';

const menu = (page: Page) => page.getByTestId('conversation-menu');
const question = (page: Page) => page.getByRole('dialog', { name: /^Block / });
const closed = (page: Page) => page.getByTestId('closed');
const actions = (page: Page, name: string) =>
  page.locator('header').getByRole('button', { name: `Actions for ${name}` });

test('somebody is blocked with the keyboard, on all devices at once, and let in again', async ({ pair }) => {
  const { ayesha, bilal, path } = pair;
  const [hers, phone, his] = await Promise.all([
    ayesha.open(path),
    ayesha.open(path, PHONE),
    bilal.open(path),
  ]);
  await actions(hers, bilal.name).focus();
  await hers.keyboard.press('Enter');
  await menu(hers).getByRole('button', { name: 'Block', exact: true }).focus();
  await hers.keyboard.press('Enter');
  await expect(question(hers)).toContainText('They are not told');
  // Nothing happens unless it is meant.
  await hers.keyboard.press('Escape');
  await expect(question(hers)).toBeHidden();
  await expect(new Thread(hers).composer).toBeVisible();
  await actions(hers, bilal.name).click();
  await menu(hers).getByRole('button', { name: 'Block', exact: true }).click();
  await question(hers).getByRole('button', { name: 'Block', exact: true }).focus();
  await hers.keyboard.press('Enter');
  for (const page of [hers, phone]) {
    await expect(closed(page)).toContainText(`You have blocked ${bilal.name}.`);
    await expect(new Thread(page).composer).toHaveCount(0);
  }

  // Who is blocked keeps what they wrote, and learns that it was not sent.
  const thread = new Thread(his);
  await thread.write('are you there?');
  const message = thread.message('are you there?');
  await expect(message).toContainText('Not sent');

  await closed(phone).getByRole('button', { name: 'Unblock' }).tap();
  for (const page of [hers, phone]) {
    await expect(new Thread(page).composer).toBeVisible();
  }
  await message.getByRole('button', { name: 'Retry' }).click();
  await expect(new Thread(hers).message('are you there?')).toBeVisible();
});

test('the list of those who are blocked, and the way back', async ({ pair }) => {
  const { ayesha, bilal, path } = pair;
  const page = await ayesha.open(path);
  await actions(page, bilal.name).click();
  await menu(page).getByRole('button', { name: 'Block', exact: true }).click();
  await question(page).getByRole('button', { name: 'Block', exact: true }).click();
  await expect(closed(page)).toBeVisible();
  await page.goto('/settings/privacy');
  await alive(page);
  const list = page.getByTestId('blocked');
  await expect(list).toContainText(bilal.name);
  await list.getByRole('button', { name: `Unblock ${bilal.name}` }).click();
  await expect(page.getByText('You block nobody.')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Blocked people' })).toBeFocused();
});

test('without script the list of the blocked is read, and a block is ended', async ({ pair }) => {
  const { ayesha, bilal, path } = pair;
  const live = await ayesha.open(path);
  await actions(live, bilal.name).click();
  await menu(live).getByRole('button', { name: 'Block', exact: true }).click();
  await question(live).getByRole('button', { name: 'Block', exact: true }).click();
  await expect(closed(live)).toBeVisible();
  const page = await ayesha.open('/settings/privacy', { javaScriptEnabled: false });
  await page.getByRole('button', { name: `Unblock ${bilal.name}` }).click();
  await expect(page).toHaveURL('/settings/privacy');
  await expect(page.getByText('You block nobody.')).toBeVisible();
  await expect(new Thread(live).composer).toBeVisible();
});

test('where the server cannot be reached, a block says so and changes nothing', async ({ pair, noise }) => {
  noise.expectBrokenConnections();
  const { ayesha, bilal, path } = pair;
  const page = await ayesha.open(path);
  await page.context().setOffline(true);
  await actions(page, bilal.name).click();
  await menu(page).getByRole('button', { name: 'Block', exact: true }).click();
  await question(page).getByRole('button', { name: 'Block', exact: true }).click();
  await expect(page.getByTestId('block-failed')).toContainText(`${bilal.name} could not be blocked.`);
  await expect(new Thread(page).composer).toBeVisible();
});
