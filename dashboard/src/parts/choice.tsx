/** Chooses one of few values, side by side. */
export function Choice<Value extends string>({
  label,
  values,
  value,
  onChoose,
}: {
  readonly label: string;
  readonly values: readonly { readonly value: Value; readonly name: string }[];
  readonly value: Value;
  readonly onChoose: (value: Value) => void;
}) {
  return (
    <fieldset class="choice">
      <legend class="unseen">{label}</legend>
      {values.map((one) => (
        <button
          key={one.value}
          type="button"
          aria-pressed={one.value === value}
          onClick={() => onChoose(one.value)}
        >
          {one.name}
        </button>
      ))}
    </fieldset>
  );
}
