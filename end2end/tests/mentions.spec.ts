import type { BrowserContextOptions, Locator, Page } from '@playwright/test';
import { expectAccessible } from '../support/axe.ts';
import { SocketGate } from '../support/gate.ts';
import { inGroup } from '../support/in-group.ts';
import { alive, PHONE, type Account } from '../support/people.ts';
import { expect } from '../support/test.ts';
import { numbered, row, Thread } from '../support/thread.ts';

const test = inGroup(['मीरा Rao', 'Imran', 'زویا Khan'], 'Chai');

/** How somebody is mentioned. */
function at(account: Account): string {
  return `@${account.person.username}`;
}

function suggestions(page: Page): Locator {
  return page.getByRole('listbox', { name: 'People to mention' });
}

function options(page: Page): Locator {
  return suggestions(page).getByRole('option');
}

test('a name is completed by keyboard, from any word of it and in any script', async ({ group }) => {
  const { imran, zoya, path } = group;
  const page = await group.meera.open(path);
  const thread = new Thread(page);
  await thread.composer.pressSequentially('@');
  await expect(options(page)).toHaveCount(3);
  await expect(options(page).last()).toContainText('Everybody in the group');
  await expect(options(page).first()).toHaveAttribute('aria-selected', 'true');
  await expect(thread.composer).toHaveAttribute('aria-controls', 'mention-list');
  await expect(thread.composer).toHaveAttribute('aria-activedescendant', 'mention-0');
  await expectAccessible(page, 'mentions');

  await thread.composer.press('ArrowUp');
  await expect(options(page).last()).toHaveAttribute('aria-selected', 'true');
  await expect(thread.composer).toHaveAttribute('aria-activedescendant', 'mention-2');
  await thread.composer.press('ArrowDown');
  await thread.composer.pressSequentially('kh');
  await expect(options(page)).toHaveCount(1);
  await expect(options(page)).toContainText(at(zoya));
  await thread.composer.press('Enter');
  await expect(thread.composer).toHaveValue(`${at(zoya)} `);
  await expect(suggestions(page)).toHaveCount(0);
  await expect(thread.composer).not.toHaveAttribute('aria-activedescendant', /./);

  await thread.composer.pressSequentially('@زو');
  await expect(options(page)).toContainText(at(zoya));
  await thread.composer.press('Escape');
  await expect(suggestions(page)).toHaveCount(0);
  await thread.composer.pressSequentially('ی');
  await expect(thread.composer).toHaveValue(`${at(zoya)} @زوی`);
  await expect(suggestions(page)).toHaveCount(0);

  await thread.composer.pressSequentially(' and @im');
  await expect(options(page)).toContainText(at(imran));
  await thread.composer.press('Tab');
  await expect(thread.composer).toBeFocused();
  await expect(thread.composer).toHaveValue(`${at(zoya)} @زوی and ${at(imran)} `);
  await thread.composer.press('Enter');
  await thread.endsWith(`${at(zoya)} @زوی and ${at(imran)}`);
});

test('a name is completed by touch, and the keyboard stays', async ({ group }) => {
  const { imran, path } = group;
  const page = await group.meera.open(path, PHONE);
  const thread = new Thread(page);
  await thread.composer.tap();
  await thread.composer.pressSequentially('hello @im');
  const box = await options(page).boundingBox();
  expect(box?.height).toBeGreaterThanOrEqual(44);
  await options(page).tap();
  await expect(thread.composer).toHaveValue(`hello ${at(imran)} `);
  await expect(thread.composer).toBeFocused();
  await expect(suggestions(page)).toHaveCount(0);
});

test('nobody is offered in an address, and not everybody between two people', async ({ pair }) => {
  const page = await pair.ayesha.open(pair.path);
  const thread = new Thread(page);
  await thread.composer.pressSequentially('mail@bi');
  await expect(suggestions(page)).toHaveCount(0);
  await thread.composer.fill('');
  await thread.composer.pressSequentially('@');
  await expect(options(page)).toHaveCount(1);
  await expect(options(page)).toContainText(at(pair.bilal));
});

const SCREENS: [string, BrowserContextOptions][] = [
  ['phone', PHONE],
  ['desk', { viewport: { width: 1440, height: 900 } }],
];

test('mentions are counted apart on every device, and edited away or deleted they are none', async ({
  group,
}) => {
  const { meera, imran, zoya, title, conversation } = group;
  const pages = [await imran.open('/'), await imran.open('/', PHONE)];
  const device = await meera.device();
  await device.send(conversation, `${at(zoya)}, chai?`);
  await expect(row(pages[0]!, title)).toContainText('1 unread message');
  await expect(row(pages[0]!, title)).not.toContainText('mention of you');
  const mine = await device.send(conversation, `${at(imran)}, chai?`);
  await device.send(conversation, '@all');
  const say = async (text: string): Promise<void> => {
    for (const page of pages) {
      await expect(row(page, title)).toContainText(text);
    }
  };
  await say('2 mentions of you');
  await say('3 unread messages');
  await expect(pages[0]!.getByTestId('announcer')).toContainText('mentioned you in');
  await device.ask(conversation, { edit: { target: mine.seq, text: 'chai?' } });
  await say('1 mention of you');
  await device.ask(conversation, { edit: { target: mine.seq, text: `chai, ${at(imran)}?` } });
  await say('2 mentions of you');
  await device.ask(conversation, { delete: { target: mine.seq } });
  await say('1 mention of you');
  expect((await imran.summary(conversation)).mentions).toBe(1);
});

for (const [name, screen] of SCREENS) {
  test(`a mention is shown and said, and gone everywhere when it is read: ${name}`, async ({
    group,
  }) => {
    const { meera, imran, title, conversation, path } = group;
    const other = await imran.open('/', PHONE);
    const device = await meera.device();
    await device.send(conversation, '@all');
    await expect(row(other, title)).toContainText('1 mention of you');
    const page = await imran.open(path, screen);
    const thread = new Thread(page);
    await thread.endsWith('@all');
    await expect(thread.messages.locator('.mention-me')).toHaveText(['@all']);
    await expect(row(other, title)).not.toContainText('mention of you');
    await expect(row(other, title)).not.toContainText('unread');
    await device.send(conversation, `${at(imran)}, are you there?`);
    await thread.endsWith('@all', `${at(imran)}, are you there?`);
    const log = page.getByTestId('announcer').getByRole('log');
    const said = `${meera.name} mentioned you: ${at(imran)}, are you there?`;
    await expect(log).toContainText(said);
  });
}

test('what mentioned somebody while they were away is counted when they are back', async ({
  group,
}) => {
  const { meera, imran, title, conversation } = group;
  const page = await (await imran.browser()).newPage();
  const gate = await SocketGate.before(page);
  await page.goto('/');
  const device = await meera.device();
  const first = await device.send(conversation, at(imran));
  await expect(row(page, title)).toContainText('1 mention of you');
  await gate.cut();
  await device.ask(conversation, { delete: { target: first.seq } });
  await device.send(conversation, at(imran));
  await device.send(conversation, '@all');
  gate.mend();
  await expect(row(page, title)).toContainText('2 mentions of you');
});

test('a button leads from mention to mention', async ({ group }) => {
  const { meera, imran, conversation, path } = group;
  const device = await meera.device();
  await device.sendAll(conversation, numbered(30));
  await device.send(conversation, `${at(imran)} first`);
  await device.sendAll(conversation, numbered(30, 31));
  await device.send(conversation, `${at(imran)} second`);
  await device.sendAll(conversation, numbered(30, 61));
  const page = await imran.open(path, PHONE);
  const thread = new Thread(page);
  const next = page.getByTestId('next-mention');
  await expect(next).toHaveText('@2 mentions');
  await next.click();
  await expect(thread.message(`${at(imran)} first`)).toBeInViewport();
  await expect(next).toHaveText('@1 mention');
  await next.click();
  await expect(thread.message(`${at(imran)} second`)).toBeInViewport();
  await expect(next).toHaveCount(0);
});

test('many are told only after a question, and in a large group by admins', async ({ signUp }) => {
  const meera = await signUp('Meera');
  const others: Account[] = [];
  for (let count = 0; count < 32; count += 1) {
    others.push(await signUp(`Friend ${count}`));
  }
  const conversation = await meera.createGroup('Everybody', others);
  const page = await meera.open(`/c/${conversation}`);
  const thread = new Thread(page);
  await thread.composer.fill('@all');
  await thread.composer.press('Control+Enter');
  const question = page.getByRole('dialog');
  await expect(question).toContainText('This will notify 32 people.');
  await expectAccessible(page, 'mentions');
  await question.getByRole('button', { name: 'Cancel' }).click();
  await expect(thread.composer).toHaveValue('@all');
  await expect(thread.messages).toHaveCount(0);
  await thread.send.click();
  await question.getByRole('button', { name: 'Send' }).click();
  await thread.endsWith('@all');
  await expect(thread.composer).toHaveValue('');

  // Nor later, nor in a thread.
  await thread.composer.fill('@all, tomorrow');
  await page.getByRole('button', { name: 'Send later' }).click();
  await expect(question).toContainText('This will notify 32 people.');
  await question.getByRole('button', { name: 'Send' }).click();
  await expect(question).toHaveAccessibleName('When should it be sent?');
  await page.keyboard.press('Escape');
  await expect(question).toHaveCount(0);
  await thread.composer.fill('');
  const device = await others[0]!.device();
  const root = await device.send(conversation, 'who comes?');
  await device.ask(conversation, { text: { text: 'not me', reply_to: root.seq } });
  await page.goto(`/c/${conversation}/t-${root.seq}`);
  await alive(page);
  const answer = page.getByRole('textbox', { name: 'Answer in this thread' });
  await answer.fill('@all, come');
  await answer.press('Control+Enter');
  await expect(question).toContainText('This will notify 32 people.');
  await question.getByRole('button', { name: 'Cancel' }).click();
  await expect(answer).toHaveValue('@all, come');
  await answer.press('Control+Enter');
  await question.getByRole('button', { name: 'Send' }).click();
  await thread.endsWith('not me', '@all, come');

  const [friend] = others;
  const theirs = await friend!.open(`/c/${conversation}`);
  const written = new Thread(theirs);
  await written.composer.pressSequentially('@all');
  await expect(options(theirs)).toHaveAttribute('aria-disabled', 'true');
  await expect(options(theirs)).toContainText('only admins can mention everybody');
  await written.composer.press('Control+Enter');
  await expect(theirs.locator('#composer-note')).toContainText('only admins can mention everybody');
  await expect(written.messages).toHaveCount(4);
});
