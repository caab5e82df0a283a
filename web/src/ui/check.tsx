import { Checkbox } from "react-aria-components";
import { Icon } from "./icons";

type Props = { label: string; isSelected: boolean; isShown?: boolean; onChange: (on: boolean) => void };

/** A box to tick; its label is shown or only said. */
export function Check({ label, isSelected, isShown, onChange }: Props) {
  return (
    <Checkbox
      aria-label={isShown ? undefined : label}
      isSelected={isSelected}
      onChange={onChange}
      className="flex min-h-6 min-w-6 items-center gap-2 text-sm"
    >
      {({ isFocusVisible }) => (
        <>
          <span
            className={`flex size-4 shrink-0 items-center justify-center rounded border ${isSelected ? "border-accent bg-accent text-on-accent" : "border-strong"} ${isFocusVisible ? "outline-2 outline-offset-2 outline-accent" : ""}`}
          >
            {isSelected && <Icon name="check" size={12} />}
          </span>
          {isShown && label}
        </>
      )}
    </Checkbox>
  );
}
