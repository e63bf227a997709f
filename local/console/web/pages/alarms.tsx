import { Card, Head } from "../parts/frame.tsx";
import { Empty } from "../parts/states.tsx";
import type { PageProps } from "./index.ts";

export function Alarms(_: PageProps) {
  return (
    <>
      <Head title="Alarms">What the Terraform watches, and what to do when it speaks.</Head>
      <Card>
        <Empty title="No alarm yet" />
      </Card>
    </>
  );
}
