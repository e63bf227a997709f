/** The package ships no types of its own. */
declare module "asl-validator" {
  interface Validation {
    readonly isValid: boolean;
    /** All errors, one after another, with `separator` between them. */
    readonly errorsText: (separator?: string) => string;
  }
  export default function validate(definition: unknown): Validation;
}
