import type { Account } from './people.ts';
import { test as base } from './test.ts';

/** Three people in a group of the first of them. */
export interface Group {
  meera: Account;
  imran: Account;
  zoya: Account;
  title: string;
  conversation: string;
  /** The group's page. */
  path: string;
}

/** Tests with a group of people with these names, which begins its own name with `title`. */
export const inGroup = (names: [string, string, string], title: string) =>
  base.extend<{ group: Group }>({
    group: async ({ signUp }, use) => {
      const people = await Promise.all(names.map((name) => signUp(name)));
      const [meera, imran, zoya] = people as [Account, Account, Account];
      const full = `${title} ${meera.person.username}`;
      const conversation = await meera.createGroup(full, [imran, zoya]);
      await use({ meera, imran, zoya, title: full, conversation, path: `/c/${conversation}` });
    },
  });
