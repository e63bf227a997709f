/** What config/environments.ts ships as examples, and has to be replaced before anything goes to AWS. */
import { type EnvironmentSettings, placeholderAccountId } from "../../config/environments.ts";
import { DeployError } from "./deploy-error.ts";

type Settings = Pick<EnvironmentSettings, "name" | "accountId" | "usesAccountStackOf" | "shortLived">;
type Recipients = Pick<EnvironmentSettings, "name" | "alertRecipients" | "operatorEmails" | "budget">;

/** Domains that belong to nobody. Source: RFC 2606, section 3. */
const exampleAddress = /[@.]example\.(com|net|org)$/i;

/** Numbers that belong to nobody: 555-0100 to 555-0199 of any area. Source: North American Numbering Plan, 555 lines. */
const examplePhoneNumber = /^\+1\d{3}55501\d\d$/;

/**
 * With the placeholder nothing tells the right account from a wrong one.
 *
 * @param account of the credentials
 * @throws DeployError "placeholder-account", with the line that is missing
 */
export function checkAccountIsNamed(account: string, settings: Settings): void {
  const { name, accountId, shortLived, usesAccountStackOf = name } = settings;
  if (accountId !== placeholderAccountId) return;
  const entry = shortLived ? usesAccountStackOf : name;
  throw new DeployError(
    "placeholder-account",
    `config/environments.ts doesn't say which account ${name} lives in. Your credentials are of ${account}; if that is the one, put this line into the entry ${entry}:\n    accountId: "${account}",`,
  );
}

/**
 * Alarms that go to an example reach nobody.
 *
 * @throws DeployError "placeholder-recipients"
 */
export function checkRecipients({ name, alertRecipients, operatorEmails, budget }: Recipients): void {
  const emails = [...alertRecipients.emails, ...operatorEmails, ...(budget?.emails ?? [])];
  const examples = [
    ...emails.filter((email) => exampleAddress.test(email)),
    ...alertRecipients.phoneNumbers.filter((number) => examplePhoneNumber.test(number)),
  ];
  if (examples.length === 0) return;
  throw new DeployError(
    "placeholder-recipients",
    `These recipients of ${name} are examples, so that its alarms would reach nobody: ${[...new Set(examples)].join(", ")}. Put real ones into config/environments.ts.`,
  );
}
