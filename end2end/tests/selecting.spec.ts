import type { Locator, Page } from '@playwright/test';
import { expectAccessible } from '../support/axe.ts';
import { Deeds } from '../support/deeds.ts';
import { alive, PHONE } from '../support/people.ts';
import { seed } from '../support/seed.ts';
import { expect, test } from '../support/test.ts';
import { numbered, Thread } from '../support/thread.ts';

const DESK = { viewport: { width: 1440, height: 900 } };

/** Messages that are taken in hand together. */
class Selecting extends Deeds {
  readonly bar: Locator;

  constructor(page: Page) {
    super(new Thread(page));
    this.bar = page.getByTestId('selection-bar');
  }

  /** What the bar says of how many are selected. */
  get count(): Locator {
    return this.bar.getByRole('status');
  }

  button(name: string): Locator {
    return this.bar.getByRole('button', { name, exact: true });
  }

  /** Expects that exactly these are selected. */
  async selected(...texts: string[]): Promise<void> {
    const chosen = this.thread.messages.filter({ has: this.page.locator('[aria-checked="true"]') });
    await expect(chosen.locator('.bubble > p')).toHaveText(texts);
    await expect(this.count).toHaveText(`${texts.length} selected`);
  }
}

for (const [name, screen] of [
  ['phone', PHONE],
  ['desk', DESK],
] as const) {
  test(`messages are selected by hand, copied with names and times, and left: ${name}`, async ({
    pair,
  }) => {
    const { ayesha, bilal, conversation, path } = pair;
    await seed(bilal, conversation, ['one', 'see https://example.org/ there']);
    await seed(ayesha, conversation, ['three']);
    const page = await ayesha.open(path, {
      ...screen,
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const it = new Selecting(page);
    await it.thread.endsWith('one', 'see https://example.org/ there', 'three');
    if (name === 'phone') {
      await it.rest('one');
      await it.item('Select').tap();
      await it.selected('one');
      await it.thread.messages.nth(2).tap();
      await it.thread.messages.nth(1).tap();
      await it.thread.messages.nth(0).tap();
    } else {
      await it.pick('one', 'Select');
      await it.selected('one');
      await it.thread.messages.nth(2).click();
      // A link leads nowhere meanwhile.
      await it.thread.messages.nth(1).click();
      await it.thread.messages.nth(0).click();
    }
    await expect(page).toHaveURL(path);
    await it.selected('see https://example.org/ there', 'three');
    await expect(it.thread.composer).toBeHidden();
    await expectAccessible(page, 'selected messages');
    await it.button('Copy with names and times').click();
    await expect(it.spoken).toHaveText('2 messages copied');
    await expect(it.bar).toHaveCount(0);
    await expect(it.thread.composer).toBeVisible();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    const [theirs, mine, ...rest] = copied.split('\n');
    expect(theirs).toMatch(
      new RegExp(`^\\[.*\\d:\\d\\d.*\\] ${bilal.name}: see https://example.org/ there$`),
    );
    expect(mine).toMatch(new RegExp(`^\\[.*\\d:\\d\\d.*\\] ${ayesha.name}: three$`));
    expect(rest).toEqual([]);
  });
}

test('by keyboard: Space, Shift with arrows, Escape, and names that say what is selected', async ({
  pair,
}) => {
  const { ayesha, bilal, conversation, path } = pair;
  await seed(bilal, conversation, numbered(5));
  const it = new Selecting(await ayesha.open(path));
  const { keyboard } = it.page;
  await it.thread.message('message 4').focus();
  await it.tool(it.thread.message('message 4'), 'More actions').focus();
  await keyboard.press('Enter');
  await it.item('Select').focus();
  await keyboard.press('Enter');
  await it.selected('message 4');
  await expect(it.thread.message('message 4')).toBeFocused();
  await expect(it.thread.message('message 4')).toHaveAccessibleName(/^Selected\. /);
  await keyboard.press('Shift+ArrowUp');
  await keyboard.press('Shift+ArrowUp');
  await it.selected('message 2', 'message 3', 'message 4');
  await expect(it.thread.message('message 2')).toBeFocused();
  await keyboard.press('Space');
  await keyboard.press('ArrowUp');
  await keyboard.press('Space');
  await it.selected('message 1', 'message 3', 'message 4');
  await it.button('Save').focus();
  await keyboard.press('Escape');
  await expect(it.bar).toHaveCount(0);
  await expect(it.page.getByTestId('choice')).toHaveCount(0);
  await it.focusIsSomewhere();
});

test('several are forwarded in their order and saved', async ({ pair, signUp }) => {
  const { ayesha, bilal, conversation, path } = pair;
  const sana = await signUp('Sana');
  const other = await ayesha.openDirect(sana);
  await seed(bilal, conversation, numbered(4));
  const it = new Selecting(await ayesha.open(path));
  await it.pick('message 3', 'Select');
  await it.thread.message('message 1').click();
  await it.thread.message('message 4').click();
  await it.button('Forward').click();
  const dialog = it.page.getByTestId('forward');
  await dialog.getByRole('checkbox', { name: sana.name }).check();
  await dialog.getByRole('button', { name: 'Forward', exact: true }).click();
  await expect(it.bar).toHaveCount(0);
  const theirs = new Thread(await sana.open(`/c/${other}`));
  await theirs.endsWith('message 1', 'message 3', 'message 4');

  await it.pick('message 1', 'Select');
  await it.thread.message('message 2').click();
  await it.button('Save').click();
  await expect(it.spoken).toHaveText('2 messages saved');
  await expect(it.page.getByTestId('saved-mark')).toHaveCount(2);
  await it.page.goto('/saved');
  await alive(it.page);
  await expect(it.page.getByTestId('saved-item')).toContainText(['message 2', 'message 1']);
});

test('they are deleted for everybody where all may be, and it says why where not', async ({
  pair,
}) => {
  const { ayesha, bilal, conversation, path } = pair;
  await seed(bilal, conversation, ['his']);
  await seed(ayesha, conversation, ['mine', 'and mine']);
  const it = new Selecting(await ayesha.open(path));
  await it.pick('mine', 'Select');
  await it.thread.message('his').click();
  const remove = it.button('Delete for everybody');
  await expect(remove).toHaveAttribute('aria-disabled', 'true');
  await expect(remove).toHaveAccessibleDescription(
    'Deleting is off: you may not delete all of these for everybody.',
  );
  await remove.click({ force: true });
  await expect(it.dialog).toHaveCount(0);
  await it.thread.message('his').click();
  await it.thread.message('and mine').click();
  await it.selected('mine', 'and mine');
  await expect(remove).toHaveAttribute('aria-disabled', 'false');
  await remove.click();
  await expect(it.dialog).toContainText('Delete 2 messages for everybody?');
  await it.dialog.getByRole('button', { name: 'Delete for everybody' }).click();
  await expect(it.bar).toHaveCount(0);
  const deleted = 'This message was deleted.';
  const theirs = new Thread(await bilal.open(path));
  await theirs.endsWith('his', deleted, deleted);
  await it.focusIsSomewhere();
});

test('a message that is deleted meanwhile is not among them any more', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  await seed(bilal, conversation, numbered(3));
  const it = new Selecting(await ayesha.open(path));
  await it.pick('message 1', 'Select');
  await it.thread.message('message 2').click();
  await it.selected('message 1', 'message 2');
  await (await bilal.device()).ask(conversation, { delete: { target: 1 } });
  await it.selected('message 2');
});

test('more than are forwarded at once turn forwarding off, and it says why', async ({ pair }) => {
  const { ayesha, bilal, conversation, path } = pair;
  await seed(bilal, conversation, numbered(110));
  const it = new Selecting(await ayesha.open(path));
  await it.pick('message 110', 'Select');
  for (let number = 109; number > 89; number -= 1) {
    await it.page.keyboard.press('Shift+ArrowUp');
  }
  await expect(it.count).toHaveText('21 selected');
  await expect(it.button('Forward')).toHaveAttribute('aria-disabled', 'true');
  await expect(it.button('Forward')).toHaveAccessibleDescription(
    /Forwarding is off: at most 20 messages at once\./,
  );
  await it.button('Stop selecting').click();
  await expect(it.bar).toHaveCount(0);
});
