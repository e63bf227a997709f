/** What an audit finds, as data: programs go by the codes, people read the messages. */

/** Things that are off: with any of these, the archive isn't proven. */
export const findingCodes = {
  "archive-empty": "there is no manifest at all",
  "range-empty": "not one of the days that were asked for is sealed: nothing was audited",
  "manifest-unreadable": "a manifest can't be read, or isn't JSON",
  "manifest-in-glacier": 'a manifest or its signature is in Glacier: "archive restore" brings it back',
  "manifest-invalid": "a manifest isn't as manifests are",
  "manifest-misplaced": "a manifest lies under another key than its day and sequence give",
  "signature-missing": "a manifest has no signature, or it can't be read",
  "signature-invalid": "a signature doesn't fit the manifest's bytes: one of the two was changed",
  "key-unknown": "a manifest is signed with a key that the trust file doesn't have",
  "key-mismatch": "a manifest gives its key another ARN than the trust file does",
  "environment-mismatch": "a manifest is of another environment or account",
  "chain-start": "the first manifest is missing, or one that isn't the first has no predecessor",
  "chain-gap": "a manifest is missing within the chain",
  "chain-broken": "a manifest doesn't name the one before it, or that one was changed since",
  "chain-fork": "two manifests take the same place in the chain",
  "chain-order": "manifests aren't in the order of their days or of their sealing",
  "head-missing": "the newest manifest of an earlier audit (--head) isn't there any more: the chain was cut off",
  "day-missing": "a day has no manifest, and should have one",
  "object-missing": "a manifest names an object that isn't there",
  "object-extra": "there is an object that no manifest names",
  "object-twice": "an object is named more than once",
  "object-misplaced": "an object's key isn't one of its day, hour and manifest",
  "object-size": "an object has another size than its manifest says",
  "object-hash": "an object has another SHA-256 than its manifest says: it was changed",
  "object-unreadable": "an object can't be read: no permission, or it is damaged",
  "object-unproven": "an object can't be read, and S3 has no SHA-256 of the whole of it",
  "object-schema": "an object's columns aren't those of its kind",
  "object-rows": "an object has another number of rows than its manifest says",
  "object-times": "an object's first or last time isn't as its manifest says",
  "row-invalid": "a row's value is none that its column can have",
  "row-outside-hour": "a row was received outside of the day or hour that it is filed under",
  "event-twice": "an event is in more than one row",
  "decision-orphan": "a late decision belongs to no archived fact, or to one that was decided already",
  "raw-missing": "a fact has no raw row",
  "raw-orphan": "a raw row belongs to no fact",
  "raw-twice": "a fact has more than one raw row",
  "raw-differs": "a fact's raw row has another SHA-256 than the fact says",
  "body-differs": "a stored body isn't what its row says, or its headers aren't headers",
  "sum-differs": "the rows come to another sum than the manifest says",
  "count-differs": "the rows come to other numbers than the manifest says",
  "times-differ": "the rows' first or last time isn't as the manifest says",
  "event-not-archived": "processed-webhooks has a finished event of a day that is due, and no sealed object has it",
  "fact-not-archived": "transactions has a fact that was released as archived, and no sealed object has it",
  "fact-differs": "transactions and the archive disagree about a fact or its decision",
  "fact-missing": "transactions should still have an archived fact, and doesn't",
  "claim-missing": "processed-webhooks should still have an archived event, and doesn't",
  "claim-differs": "processed-webhooks says that an archived event isn't finished, and it was when its day was sealed",
} as const satisfies Record<string, string>;
export type FindingCode = keyof typeof findingCodes;

/** Things to know that don't speak against the archive. */
export const warningCodes = {
  "seal-overdue": "the last sealed day is older than it should be",
  "sealing-in-progress": "objects of a day whose sealing seems to be under way",
  "sealed-early": "a day was sealed before it had ended",
  "not-due": "days of the range that aren't to be sealed yet",
  expired: "what the lifecycle has deleted, as it should",
  "read-by-checksum": "objects in colder storage: proven by the SHA-256 that S3 keeps, their rows not read",
  "abandoned-missing": "an object of a crashed attempt is gone; nothing refers to it",
  "body-missing": "stored bodies were gone before their day was archived, with their headers and SHA-256 alone",
  "exception-open": "an event that wasn't finished at its day's seal still isn't",
  "waiting-for-addendum": "finished or decided since the last run: the next addendum takes it",
  "not-compared": "events of objects whose rows weren't read couldn't be compared with the tables",
} as const satisfies Record<string, string>;
export type WarningCode = keyof typeof warningCodes;

export interface Finding<Code = FindingCode> {
  readonly code: Code;
  readonly message: string;
  /** YYYY-MM-DD. */
  readonly day?: string;
  /** Key in the bucket. */
  readonly object?: string;
  /** From 1, within the object. */
  readonly row?: number;
  /** It stands for so many that aren't spelled out. */
  readonly more?: number;
}

type Place = Omit<Finding, "code" | "message" | "more">;

/** Collects what is found. A damaged day would say the same of each row, so each code is spelled out so often a day. */
export interface Findings {
  off(code: FindingCode, message: string, place?: Place): void;
  warn(code: WarningCode, message: string, place?: Place): void;
  /** In the order of days; at most `spelledOut` of a code and day, then one that says how many more. */
  all(): { readonly findings: readonly Finding[]; readonly warnings: readonly Finding<WarningCode>[] };
}

export const spelledOut = 25;

export function createFindings(): Findings {
  const findings = new Map<string, { list: Finding[]; more: number }>();
  const warnings = new Map<string, { list: Finding<WarningCode>[]; more: number }>();
  return {
    off: (code, message, place = {}) => add(findings, { code, message, ...place }),
    warn: (code, message, place = {}) => add(warnings, { code, message, ...place }),
    all: () => ({ findings: listed(findings), warnings: listed(warnings) }),
  };
}

/** How many there are, with those that aren't spelled out. */
export function countOf(findings: readonly Pick<Finding, "more">[]): number {
  return findings.reduce((sum, { more = 1 }) => sum + more, 0);
}

type Groups<Code> = Map<string, { list: Finding<Code>[]; more: number }>;

function add<Code extends string>(groups: Groups<Code>, finding: Finding<Code>): void {
  const name = `${finding.day ?? ""} ${finding.code}`;
  const group = groups.get(name) ?? { list: [], more: 0 };
  groups.set(name, group);
  if (group.list.length < spelledOut) group.list.push(finding);
  else group.more += 1;
}

function listed<Code extends string>(groups: Groups<Code>): readonly Finding<Code>[] {
  const all = [...groups.values()].flatMap(({ list, more }) => {
    const [first] = list;
    if (more === 0 || first === undefined) return list;
    const { code, day } = first;
    return [...list, { code, message: `and ${more} more of this kind`, more, ...(day === undefined ? {} : { day }) }];
  });
  return all.sort((a, b) => (a.day ?? "").localeCompare(b.day ?? ""));
}
