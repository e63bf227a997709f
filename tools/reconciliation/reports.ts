/** Reports of reconciliations in the archive's bucket. */
import { GetObjectCommand, NoSuchKey, paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";
import * as v from "valibot";
import { type ReconciliationReport, reportKeys, reportSchema } from "../../config/reconciliation.ts";

export interface Reports {
  /** Key of the last run's report, of a day where one is said; undefined where there is none. */
  last(day?: string): Promise<string | undefined>;
  /** The report of a key, or undefined. @throws Error when it isn't as this version writes it */
  read(key: string): Promise<ReconciliationReport | undefined>;
  bytes(key: string): Promise<Uint8Array | undefined>;
}

const prefix = "reconciliation/";
const fileName = "/report.json";

export function createReports(client: S3Client, bucket: string): Reports {
  async function bytes(key: string): Promise<Uint8Array | undefined> {
    try {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return await Body?.transformToByteArray();
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }

  return {
    bytes,
    async last(day) {
      // Keys sort by day and then by the run's time.
      let found: string | undefined;
      const Prefix = day === undefined ? prefix : `${prefix}dt=${day}/`;
      for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix })) {
        for (const { Key = "" } of Contents) {
          if (Key.endsWith(fileName) && (found === undefined || Key > found)) found = Key;
        }
      }
      return found;
    },
    async read(key) {
      const text = await bytes(key);
      if (text === undefined) return undefined;
      const report = v.safeParse(v.pipe(v.string(), v.parseJson(), reportSchema), Buffer.from(text).toString());
      if (report.success) return report.output;
      throw new Error(`${key} is not as this version writes it.`);
    },
  };
}

/** Key of a run's report: its id begins with its day. Undefined for what is no id of a run. */
export function keyOfRun(runId: string): string | undefined {
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)T\d{6}Z$/.exec(runId) ?? [];
  return year === undefined ? undefined : reportKeys.json(`${year}-${month}-${day}`, runId);
}

/** Key of the same report for people. */
export function htmlKeyOf(jsonKey: string): string {
  return jsonKey.replace(/\.json$/, ".html");
}
