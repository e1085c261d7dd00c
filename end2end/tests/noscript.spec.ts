import { SignInForm, SignUpForm } from '../support/forms.ts';
import { PASSWORD, tag } from '../support/people.ts';
import { seed } from '../support/seed.ts';
import { expect, test } from '../support/test.ts';
import { numbered, Thread } from '../support/thread.ts';

const NO_SCRIPT = { javaScriptEnabled: false };

test('without script somebody signs in and reads a conversation', async ({ pair, stranger }) => {
  const { ayesha, bilal, conversation, path } = pair;
  await seed(bilal, conversation, numbered(20));
  const page = await (await stranger(NO_SCRIPT)).newPage();
  await page.goto('/login');
  await new SignInForm(page).submit(ayesha.person.username, PASSWORD);
  await expect(page).toHaveURL('/');
  await page.getByRole('link', { name: bilal.name }).click();
  await expect(page).toHaveURL(path);
  const thread = new Thread(page);
  await thread.endsWith(...numbered(20));
  await expect(thread.message('message 20')).toBeInViewport();
  // What can only be used with script is not offered.
  const note = page.locator('noscript');
  await expect(note).toBeVisible();
  expect(await note.evaluate((node) => node.textContent)).toContain('Writing needs JavaScript.');
  await expect(thread.composer).toBeHidden();
  await expect(thread.pill).toBeHidden();
});

test('without script refusals stand at their fields, and a sign-up succeeds', async ({
  signUp,
  stranger,
}) => {
  const zoya = await signUp();
  const page = await (await stranger(NO_SCRIPT)).newPage();
  await page.goto('/login');
  const signIn = new SignInForm(page);
  await signIn.submit(zoya.person.username, 'not the password');
  await expect(page.getByRole('alert')).toContainText('The name or the password is not right.');

  await page.goto('/signup');
  const form = new SignUpForm(page);
  const fresh = { name: 'Sana', username: `u${tag()}`, email: `${tag()}@example.org` };
  await form.submit({ ...fresh, username: zoya.person.username, password: PASSWORD });
  await expect(form.username).toHaveAccessibleDescription(/This username is taken\./);
  await form.submit({ ...fresh, password: PASSWORD });
  await expect(page.getByRole('heading', { name: 'No conversations yet' })).toBeVisible();
});

test('without script the language changes', async ({ stranger }) => {
  const page = await (await stranger(NO_SCRIPT)).newPage();
  await page.goto('/login');
  await page.getByRole('button', { name: 'اردو' }).click();
  const html = page.locator('html');
  await expect(html).toHaveAttribute('dir', 'rtl');
  await expect(html).toHaveAttribute('lang', 'ur');
  await page.getByRole('button', { name: 'हिन्दी' }).click();
  await expect(html).toHaveAttribute('lang', 'hi');
  await expect(html).toHaveAttribute('dir', 'ltr');
});

test('without script a person is found and the conversation opens', async ({ signUp }) => {
  const [ayesha, bilal] = [await signUp('Ayesha'), await signUp('Bilal')];
  const page = await ayesha.open('/new', NO_SCRIPT);
  await page.getByLabel('Name or username').fill(bilal.name);
  await page.getByLabel('Name or username').press('Enter');
  await page.getByRole('button', { name: bilal.name }).click();
  await expect(page).toHaveURL(/\/c\/[0-9A-Z]{26}$/);
  await expect(page.getByRole('heading', { name: bilal.name, level: 1 })).toBeVisible();
});

test('an address that does not exist says so with the right status', async ({ noise, stranger }) => {
  noise.expect(/status of 404/);
  const page = await (await stranger(NO_SCRIPT)).newPage();
  const answer = await page.goto('/no/such/page');
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole('heading', { name: 'This page does not exist' })).toBeVisible();
});
