import type { Page } from '@playwright/test';
import { SignInForm, SignUpForm } from '../support/forms.ts';
import { SocketGate } from '../support/gate.ts';
import { alive, PASSWORD, tag } from '../support/people.ts';
import { expect, test } from '../support/test.ts';
import { row, Thread } from '../support/thread.ts';

/** The browser writes refused requests to the console by itself. */
const REFUSED = /the server responded with a status of (401|409|422)/;

test('somebody signs up, signs out, and signs in by username and by e-mail', async ({
  stranger,
}) => {
  const page = await (await stranger()).newPage();
  const username = `zoya.${tag()}`;
  const email = `${username}@example.org`;

  await page.goto('/login');
  await alive(page);
  await page.getByRole('link', { name: 'New here? Create an account' }).click();
  await expect(page.getByRole('heading', { name: 'Create an account' })).toBeVisible();
  await new SignUpForm(page).submit({ name: 'Zoya Rehman', username, email, password: PASSWORD });

  const nothingYet = page.getByRole('heading', { name: 'No conversations yet' });
  for (const login of [username, email, `@${username}`]) {
    await expect(nothingYet).toBeVisible();
    await alive(page);
    await signOut(page);
    await expect(page.getByRole('heading', { name: 'Sign in', level: 1 })).toBeVisible();
    await alive(page);
    await new SignInForm(page).submit(login, PASSWORD);
  }
  await expect(nothingYet).toBeVisible();
});

test('every refused field says why, and the first one has the focus', async ({ stranger }) => {
  const page = await (await stranger()).newPage();
  await page.goto('/signup');
  await alive(page);
  const form = new SignUpForm(page);
  await form.submit({ name: '  ', username: 'a b', email: 'nobody', password: 'short' });

  await expect(form.name).toBeFocused();
  await expect(page.getByRole('alert')).toContainText('Please check the marked fields.');
  for (const [field, why] of [
    [form.name, 'Please fill this in.'],
    [form.username, 'This does not look right.'],
    [form.email, 'This does not look right.'],
    [form.password, 'This is too short.'],
  ] as const) {
    await expect(field).toHaveAttribute('aria-invalid', 'true');
    await expect(field).toHaveAccessibleDescription(new RegExp(why));
  }
  await expect(form.password).toHaveValue('short');

  await form.name.fill('Zoya');
  await form.name.press('Enter');
  await expect(form.username).toBeFocused();
  await expect(form.name).not.toHaveAttribute('aria-invalid');
});

test('a taken username and a taken address stand at their fields', async ({
  noise,
  signUp,
  stranger,
}) => {
  noise.expect(REFUSED);
  const zoya = await signUp();
  const page = await (await stranger()).newPage();
  await page.goto('/signup');
  await alive(page);
  const form = new SignUpForm(page);
  const fresh = { name: 'Other', username: `u${tag()}`, email: `${tag()}@example.org` };

  await form.submit({ ...fresh, username: zoya.person.username, password: PASSWORD });
  await expect(form.username).toHaveAccessibleDescription(/This username is taken\./);
  await expect(form.username).toBeFocused();
  await expect(form.password).toHaveValue(PASSWORD);

  await form.submit({ ...fresh, email: zoya.email, password: PASSWORD });
  await expect(form.email).toHaveAccessibleDescription(/exists already/);
  await expect(form.email).toBeFocused();

  await form.submit({ ...fresh, password: 'password1' });
  await expect(form.password).toHaveAccessibleDescription(/too easy to guess/);
});

test('a wrong password and an unknown name are refused in the same words', async ({
  noise,
  signUp,
  stranger,
}) => {
  noise.expect(REFUSED);
  const zoya = await signUp();
  const page = await (await stranger()).newPage();
  await page.goto('/login');
  await alive(page);
  const form = new SignInForm(page);
  for (const login of [zoya.person.username, zoya.email, `nobody${tag()}`]) {
    await form.submit(login, 'not the password');
    await expect(page.getByRole('alert')).toHaveText('The name or the password is not right.');
    await expect(form.login).toHaveValue(login);
    await expect(form.password).toHaveValue('not the password');
  }
  await form.submit(zoya.person.username, PASSWORD);
  await expect(page.getByRole('heading', { name: 'No conversations yet' })).toBeVisible();
});

test('whoever is signed out signs in on the way to a conversation', async ({ pair, stranger }) => {
  const page = await (await stranger()).newPage();
  await page.goto(pair.path);
  await expect(page.getByRole('heading', { name: 'Sign in', level: 1 })).toBeVisible();
  await alive(page);
  await new SignInForm(page).submit(pair.ayesha.email, PASSWORD);
  await expect(page).toHaveURL(pair.path);
  await expect(page.getByRole('heading', { name: pair.bilal.name, level: 1 })).toBeVisible();
});

test('a password can be looked at while it is typed', async ({ stranger }) => {
  const page = await (await stranger()).newPage();
  await page.goto('/login');
  await alive(page);
  const { password } = new SignInForm(page);
  await password.fill('chai');
  await expect(password).toHaveAttribute('type', 'password');
  const show = page.getByRole('button', { name: 'Show password' });
  await show.click();
  await expect(password).toHaveAttribute('type', 'text');
  await expect(show).toHaveAttribute('aria-pressed', 'true');
  await show.click();
  await expect(password).toHaveAttribute('type', 'password');
});

test('a page that is open for longer than an access token lives goes on', async ({ noise, pair }) => {
  // The socket may be opened without it; it asks for another then.
  noise.expect(/HTTP Authentication failed/);
  const browser = await pair.ayesha.browser();
  const page = await browser.newPage();
  await page.goto('/new');
  await alive(page);
  // As the browser does when its time is over.
  await browser.clearCookies({ name: 'bc_access' });
  const found = page.waitForResponse(/search_people/);
  await page.getByRole('searchbox').fill(pair.bilal.name);
  expect((await found).status()).toBe(200);
  const names = (await browser.cookies()).map(({ name }) => name);
  expect(names).toContain('bc_access');
});

test('a device that is signed out elsewhere stops at once and keeps what was written', async ({
  noise,
  pair,
}) => {
  noise.expect(/status of 401/);
  noise.expectBrokenConnections();
  const here = await pair.ayesha.open(pair.path);
  const there = await pair.ayesha.open('/settings/security');
  const composer = here.getByRole('main').getByRole('textbox');
  await composer.fill('half a sentence');

  await there.getByRole('button', { name: 'End all other sessions' }).click();
  await expect(here.getByTestId('connection-strip')).toContainText('Your session has ended.');
  await expect(composer).toHaveValue('half a sentence');
  await expect(there.getByText('Only this device is signed in.')).toBeVisible();

  await here.getByRole('link', { name: 'Sign in again' }).click();
  await alive(here);
  await new SignInForm(here).submit(pair.ayesha.email, PASSWORD);
  await expect(here).toHaveURL(pair.path);
  await expect(composer).toHaveValue('half a sentence');
});

test('signing out asks before it deletes what was not sent', async ({ noise, pair }) => {
  noise.expectBrokenConnections();
  const page = await (await pair.ayesha.browser()).newPage();
  const gate = await SocketGate.before(page);
  await page.goto(pair.path);
  await alive(page);
  gate.upward = (name) => (name === 'send' ? 'drop' : 'pass');
  const thread = new Thread(page);
  await thread.write('not sent yet');

  await signOut(page);
  const question = page.getByRole('dialog', { name: 'Sign out before everything is sent?' });
  await expect(question).toHaveAccessibleDescription(/^1 message has not been sent yet\./);
  await page.keyboard.press('Escape');
  await expect(question).toBeHidden();
  const button = page.getByRole('button', { name: 'Sign out', exact: true });
  await expect(button).toBeFocused();

  await button.click();
  await question.getByRole('button', { name: 'Sign out anyway' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in', level: 1 })).toBeVisible();
  gate.release();
  await alive(page);
  await new SignInForm(page).submit(pair.ayesha.email, PASSWORD);
  await row(page, pair.bilal.name).click();
  await expect(thread.composer).toBeVisible();
  await expect(thread.messages).toHaveCount(0);
});

test('signing out asks about what another tab has not sent', async ({ pair }) => {
  const browser = await pair.ayesha.browser();
  const gate = await SocketGate.before(browser);
  gate.upward = (name) => (name === 'send' ? 'drop' : 'pass');
  const here = await browser.newPage();
  await here.goto('/settings/security');
  await alive(here);
  const there = await browser.newPage();
  await there.goto(pair.path);
  await alive(there);
  await new Thread(there).write('not sent yet');

  await here.getByRole('button', { name: 'Sign out', exact: true }).click();
  const question = here.getByRole('dialog', { name: 'Sign out before everything is sent?' });
  await expect(question).toHaveAccessibleDescription(/^1 message has not been sent yet\./);
  await question.getByRole('button', { name: 'Cancel' }).click();
  await new Thread(there).endsWith('not sent yet');
});

test('a sign-out that fails deletes nothing', async ({ noise, pair }) => {
  noise.expectBrokenConnections();
  const page = await pair.ayesha.open(pair.path);
  const thread = new Thread(page);
  await thread.composer.fill('half a sentence');
  await page.route('**/api/sign_out', (route) => route.abort());

  await signOut(page);
  await expect(page.getByRole('alert').filter({ hasText: 'cannot be reached' })).toBeVisible();
  await page.goto(pair.path);
  await alive(page);
  await expect(thread.composer).toHaveValue('half a sentence');
  await thread.write('still signed in');
  await thread.stored('still signed in');

  await page.unroute('**/api/sign_out');
  await signOut(page);
  await expect(page.getByRole('heading', { name: 'Sign in', level: 1 })).toBeVisible();
});

test('signing in and up without a network says so, keeps what was typed, and works when it is back', async ({
  noise,
  pair,
  stranger,
}) => {
  noise.expectBrokenConnections();
  const page = await (await stranger()).newPage();
  const unreachable = page.getByRole('alert').filter({ hasText: 'cannot be reached' });
  await page.route('**/api/sign_*', (route) => route.abort());
  await page.goto('/signup');
  await alive(page);
  const username = `zoya.${tag()}`;
  const email = `${username}@example.org`;
  const signUp = new SignUpForm(page);
  await signUp.submit({ name: 'Zoya Rehman', username, email, password: PASSWORD });
  await expect(unreachable).toBeVisible();
  await expect(signUp.username).toHaveValue(username);

  await page.goto('/login');
  await alive(page);
  const signIn = new SignInForm(page);
  await signIn.submit(pair.ayesha.person.username, PASSWORD);
  await expect(unreachable).toBeVisible();
  await expect(signIn.login).toHaveValue(pair.ayesha.person.username);
  await expect(signIn.password).toHaveValue(PASSWORD);

  await page.unroute('**/api/sign_*');
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/api/sign_in', async (route) => {
    await held;
    await route.continue();
  });
  await signIn.button.click();
  await expect(signIn.button).toHaveAttribute('aria-busy', 'true');
  release();
  await expect(row(page, pair.bilal.name)).toBeVisible();
});

test('signing out empties every tab of the account', async ({ noise, pair }) => {
  noise.expectBrokenConnections();
  const browser = await pair.ayesha.browser();
  const [here, there] = [await browser.newPage(), await browser.newPage()];
  for (const page of [here, there]) {
    await page.goto(pair.path);
    await alive(page);
  }
  await new Thread(here).write('for our eyes only');
  await new Thread(there).stored('for our eyes only');

  await signOut(here);
  await expect(here.getByRole('heading', { name: 'Sign in', level: 1 })).toBeVisible();
  const heading = there.getByRole('heading', { name: 'You have signed out', level: 1 });
  await expect(heading).toBeVisible();
  await expect(heading).toBeFocused();
  await expect(there.locator('body')).not.toContainText('for our eyes only');
  await there.getByRole('link', { name: 'Sign in again' }).click();
  await expect(there.getByRole('heading', { name: 'Sign in', level: 1 })).toBeVisible();
});

test('whoever signs in ends the tabs of somebody else, and of nobody else', async ({
  noise,
  pair,
}) => {
  noise.expect(REFUSED);
  noise.expectBrokenConnections();
  const { ayesha, bilal, path } = pair;
  const browser = await ayesha.browser();
  const [hers, next] = [await browser.newPage(), await browser.newPage()];
  await hers.goto(path);
  await alive(hers);
  await new Thread(hers).write('for her eyes only');
  await new Thread(hers).composer.fill('half a sentence');

  for (const account of [ayesha, bilal]) {
    await next.goto('/login');
    await alive(next);
    await new SignInForm(next).submit(account.email, PASSWORD);
    await expect(next.getByRole('navigation', { name: 'Conversations' })).toBeVisible();
    if (account === ayesha) {
      await new Thread(hers).write('still hers');
    }
  }
  await expect(hers.getByRole('heading', { name: 'Somebody else has signed in' })).toBeFocused();
  await expect(hers.locator('body')).not.toContainText('still hers');
  await hers.getByRole('link', { name: 'To your conversations' }).click();
  await alive(hers);
  await expect(row(hers, ayesha.name)).toBeVisible();
});

test('a page that was made for somebody else is refused', async ({ noise, pair }) => {
  noise.expect(REFUSED);
  const { ayesha, bilal } = pair;
  const browser = await ayesha.browser();
  // Without the line between tabs nobody tells the page.
  await browser.addInitScript(() => {
    Object.defineProperty(window, 'BroadcastChannel', { value: undefined });
  });
  const [hers, next] = [await browser.newPage(), await browser.newPage()];
  await hers.goto('/new');
  await alive(hers);
  await next.goto('/login');
  await alive(next);
  await new SignInForm(next).submit(bilal.email, PASSWORD);
  await expect(next.getByRole('navigation', { name: 'Conversations' })).toBeVisible();

  await hers.getByLabel('Name or username').fill(bilal.name);
  await expect(hers.getByRole('alert').filter({ hasText: 'Please sign in.' })).toBeVisible();
  await hers.goto('/settings/security');
  await expect(hers.getByText(`Signed in as ${bilal.name}`)).toBeAttached();
});

/** By the settings, as on a phone: the list of sections, the section, the button. */
async function signOut(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('link', { name: 'Sessions and security' }).click();
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
}
