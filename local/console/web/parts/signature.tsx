/** Who does something and why: kept with the deed, so both are asked for. The name is remembered in this browser. */
import { useState } from "preact/hooks";
import { Field } from "./fields.tsx";

export interface Signature {
  readonly by: string;
  readonly why: string;
}

const key = "console-by";

export function useSignature(): readonly [Signature, (change: Partial<Signature>) => void] {
  const [signature, setSignature] = useState<Signature>(() => ({ by: localStorage.getItem(key) ?? "", why: "" }));
  return [
    signature,
    (change) => {
      if (change.by !== undefined) localStorage.setItem(key, change.by);
      setSignature((before) => ({ ...before, ...change }));
    },
  ];
}

interface SignatureFieldsProps {
  readonly signature: Signature;
  readonly change: (change: Partial<Signature>) => void;
  readonly whyHint: string;
}

export function SignatureFields({ signature, change, whyHint }: SignatureFieldsProps) {
  return (
    <div class="fields">
      <Field
        label="Who decides"
        hint="Kept with it; addresses, card numbers, keys hidden"
        value={signature.by}
        set={(by) => change({ by })}
        isRequired
      />
      <Field label="Why" hint={whyHint} value={signature.why} set={(why) => change({ why })} isRequired />
    </div>
  );
}
