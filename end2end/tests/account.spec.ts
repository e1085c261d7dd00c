import type { Page } from '@playwright/test';
import { expectAccessible } from '../support/axe.ts';
import { SignInForm } from '../support/forms.ts';
import { alive, PASSWORD, PHONE, tag } from '../support/people.ts';
import { expect, test } from '../support/test.ts';
import { row } from '../support/thread.ts';

const PATH = '/settings/account';
const NEW_PASSWORD = 'lassi at six o’clock';
/** The browser writes refused requests to the console by itself. */
const REFUSED = /the server responded with a status of (401|422|429)/;

/** The forms of the account's page. */
class AccountPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  get name() {
    return this.page.getByLabel('Your name');
  }

  get current() {
    return this.page.getByLabel('Current password');
  }

  get next() {
    return this.page.getByLabel('New password');
  }

  get said() {
    return this.page.locator('.settings-section').getByRole('status');
  }

  async rename(name: string): Promise<void> {
    await this.name.fill(name);
    await this.page.getByRole('button', { name: 'Save name' }).click();
  }

  async change(current: string, next: string): Promise<void> {
    await this.current.fill(current);
    await this.next.fill(next);
    await this.page.getByRole('button', { name: 'Change password' }).click();
  }
}

test('another name is shown at once to oneself and to whoever one talks with', async ({ pair }) => {
  const { ayesha, bilal, path } = pair;
  const browser = await ayesha.browser();
  const [here, other] = [await browser.newPage(), await browser.newPage()];
  for (const page of [here, other]) {
    await page.goto('/');
    await alive(page);
  }
  const his = await bilal.open(path);
  await expect(row(his, ayesha.name)).toBeVisible();

  await here.getByRole('link', { name: `Signed in as ${ayesha.name}` }).click();
  await expect(here).toHaveURL(PATH);
  const account = new AccountPage(here);
  await expect(account.name).toHaveValue(ayesha.name);
  await expect(here.getByTestId('account')).toContainText(ayesha.person.username);
  await expect(here.getByTestId('account')).toContainText(ayesha.email);

  const name = `आयशा ${tag()}`;
  await account.rename(name);
  await expect(account.said.filter({ hasText: 'Your name is saved.' })).toBeVisible();
  await expect(account.name).toHaveValue(name);
  for (const page of [here, other]) {
    await expect(page.getByRole('link', { name: `Signed in as ${name}` })).toBeVisible();
  }
  await expect(row(his, name)).toBeVisible();
  await expect(his.getByRole('heading', { name, level: 1 })).toBeVisible();
  await his.reload();
  await alive(his);
  await expect(row(his, name)).toBeVisible();
});

test('whoever was offline sees another name after coming back', async ({ noise, pair }) => {
  noise.expectBrokenConnections();
  const { ayesha, bilal, path } = pair;
  const his = await bilal.open(path);
  await expect(row(his, ayesha.name)).toBeVisible();
  await his.context().setOffline(true);
  await expect(his.getByTestId('connection-strip')).toContainText('Offline');

  const name = `Zoya ${tag()}`;
  const account = new AccountPage(await ayesha.open(PATH));
  await account.rename(name);
  await expect(account.said.filter({ hasText: 'saved' })).toBeVisible();
  await his.context().setOffline(false);
  await expect(row(his, name)).toBeVisible();
});

test('another password signs out the other devices and signs in', async ({
  noise,
  pair,
  stranger,
}) => {
  noise.expect(REFUSED);
  noise.expectBrokenConnections();
  const { ayesha, path } = pair;
  const there = await ayesha.open(path);
  const here = await ayesha.open('/settings');
  await here.getByRole('link', { name: 'Account', exact: true }).click();
  const account = new AccountPage(here);
  await account.change(PASSWORD, NEW_PASSWORD);
  // The sign-up was a device too.
  await expect(account.said.filter({ hasText: '2 other devices were signed out.' })).toBeVisible();
  await expect(account.current).toHaveValue('');
  await expect(account.next).toHaveValue('');
  await expect(there.getByTestId('connection-strip')).toContainText('Your session has ended.');

  await here.goto('/settings/security');
  await expect(here.getByText('Only this device is signed in.')).toBeVisible();
  const fresh = await (await stranger()).newPage();
  await fresh.goto('/login');
  await alive(fresh);
  const form = new SignInForm(fresh);
  await form.submit(ayesha.email, PASSWORD);
  await expect(fresh.getByRole('alert')).toHaveText('The name or the password is not right.');
  await form.submit(ayesha.email, NEW_PASSWORD);
  await expect(row(fresh, pair.bilal.name)).toBeVisible();
});

test('what is refused stands at its field, and what was typed is kept', async ({
  noise,
  signUp,
}) => {
  noise.expect(REFUSED);
  const page = await (await signUp()).open(PATH);
  const account = new AccountPage(page);
  await account.change('not the password', NEW_PASSWORD);
  await expect(account.current).toHaveAccessibleDescription('This is not your current password.');
  await expect(account.current).toBeFocused();
  await expect(account.current).toHaveValue('not the password');
  await expect(account.next).toHaveValue(NEW_PASSWORD);

  await account.change(PASSWORD, 'short');
  await expect(account.next).toHaveAccessibleDescription(/This is too short\./);
  await expect(account.next).toBeFocused();
  await expect(account.current).not.toHaveAttribute('aria-invalid');
  await account.rename('  ');
  await expect(account.name).toHaveAccessibleDescription(/Please fill this in\./);
  await expect(account.name).toBeFocused();
  await account.rename('x'.repeat(65));
  await expect(account.name).toHaveAccessibleDescription(/At most 64 characters\./);
});

test('without script both forms work and say what came of them', async ({ signUp }) => {
  const zoya = await signUp();
  const page = await zoya.open(PATH, { javaScriptEnabled: false });
  const account = new AccountPage(page);
  const name = `Sana ${tag()}`;
  await account.rename(name);
  await expect(account.said.filter({ hasText: 'Your name is saved.' })).toBeVisible();
  await expect(account.name).toHaveValue(name);
  await expect(page.getByRole('link', { name: `Signed in as ${name}` })).toBeVisible();

  await account.change('not the password', NEW_PASSWORD);
  await expect(account.current).toHaveAccessibleDescription('This is not your current password.');
  await expect(page.getByText('Your name is saved.')).toHaveCount(0);
  await account.change(PASSWORD, NEW_PASSWORD);
  await expect(account.said.filter({ hasText: '1 other device was signed out.' })).toBeVisible();
});

for (const [where, options] of [
  ['on a wide screen', {}],
  ['on a phone', PHONE],
] as const) {
  test(`the page is accessible ${where}`, async ({ noise, signUp }) => {
    noise.expect(REFUSED);
    const page = await (await signUp()).open(PATH, options);
    const account = new AccountPage(page);
    await expect(account.name).toBeVisible();
    await expectAccessible(page, PATH);
    await account.change('not the password', NEW_PASSWORD);
    await expect(account.current).toBeFocused();
    await account.rename('A name that is a good deal longer than most names are, मीरा خان');
    await expect(account.said.filter({ hasText: 'saved' })).toBeVisible();
    await expectAccessible(page, `${PATH} with refusals`);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBeLessThanOrEqual(0);
  });
}
