import { Card, Head } from "../parts/frame.tsx";
import { Empty } from "../parts/states.tsx";
import type { PageProps } from "./index.ts";

export function Dashboards(_: PageProps) {
  return (
    <>
      <Head title="Dashboards">As CloudWatch would draw them, with this system's own measurements.</Head>
      <Card>
        <Empty title="No dashboard yet" />
      </Card>
    </>
  );
}
