/** Fields of forms: a label that is one, and what the field is for. */

interface FieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly set: (value: string) => void;
  readonly inputMode?: "text" | "decimal";
  readonly isRequired?: boolean;
}

export function Field({ label, hint, value, set, inputMode, isRequired = false }: FieldProps) {
  return (
    <label class="field">
      {label}
      <input
        value={value}
        onInput={({ currentTarget }) => set(currentTarget.value)}
        required={isRequired}
        autocomplete="off"
        spellcheck={false}
        {...(inputMode !== undefined && { inputMode })}
      />
      {hint !== undefined && <span class="hint">{hint}</span>}
    </label>
  );
}

interface SelectProps {
  readonly label: string;
  readonly value: string;
  readonly set: (value: string) => void;
  readonly options: readonly string[];
}

export function Select({ label, value, set, options }: SelectProps) {
  return (
    <label class="field">
      {label}
      <select value={value} onChange={({ currentTarget }) => set(currentTarget.value)}>
        {options.map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </select>
    </label>
  );
}
