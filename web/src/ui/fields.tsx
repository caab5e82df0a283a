import type { ReactNode } from "react";
import { FieldError, Input, Label, TextArea, TextField, type TextFieldProps } from "react-aria-components";

export const INPUT =
  "h-8 w-full min-w-0 rounded-lg border border-strong bg-surface px-2.5 text-sm text-ink placeholder:text-faint data-focused:border-accent data-focused:outline-2 data-focused:-outline-offset-1 data-focused:outline-accent data-invalid:border-danger";

type Props = TextFieldProps & {
  label: string;
  placeholder?: string;
  rows?: number;
  hint?: ReactNode;
  hidden?: boolean;
  error?: string;
};

/** A line (or several) of text with its label. */
export function Text({ label, placeholder, rows, hint, hidden, error, ...props }: Props) {
  return (
    <TextField {...props} isInvalid={Boolean(error)} className="flex flex-col gap-1">
      <Label className={hidden ? "sr-only" : "text-xs font-medium text-soft"}>{label}</Label>
      {rows ? (
        <TextArea rows={rows} placeholder={placeholder} className={`${INPUT} h-auto py-1.5`} />
      ) : (
        <Input placeholder={placeholder} className={INPUT} />
      )}
      {hint && <span className="text-xs text-faint">{hint}</span>}
      <FieldError className="text-xs text-danger">{error}</FieldError>
    </TextField>
  );
}
