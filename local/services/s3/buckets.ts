import { escapeXml, xml } from "../../aws/xml.ts";
import { requireBucket, type S3Operation } from "./shared.ts";

/** Whether a bucket is there. */
export const headBucket: S3Operation = (call) => {
  requireBucket(call);
  return { status: 200, headers: {}, body: "" };
};

/** Every bucket of the stacks, and those of earlier runs that have objects. */
export const listBuckets: S3Operation = ({ store }) => {
  const buckets = store.buckets.map((name) => `<Bucket><Name>${escapeXml(name)}</Name></Bucket>`);
  return xml(200, `<ListAllMyBucketsResult><Buckets>${buckets.join("")}</Buckets></ListAllMyBucketsResult>`);
};
